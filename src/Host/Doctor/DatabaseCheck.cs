using Groundwork.Platform.Hosting;
using Groundwork.Platform.Settings;
using Groundwork.Ports.Database;
using Groundwork.Ports.Modules;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Host.Doctor;

/// <summary>
/// Whether the database that <c>Database:Connection</c> names answers. The embedded one is the data folder's matter; a
/// running instance tells of its own.
/// </summary>
internal static class DatabaseCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static async Task<Finding?> RunAsync(IReadOnlyList<Module> modules, SettingsResult read, CancellationToken cancellationToken)
    {
        const string Name = "database";
        if (read.Values.Get(DatabaseSettings.Connection).Length == 0)
            return null;

        await using var instance = Instance.Build(modules, read.Values, new InstanceOptions { ControlOnly = true });
        var engine = "The database";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var server = instance.Services.GetRequiredService<IDatabaseServer>(); // reads the connection string, and may refuse it
            engine = server.Engine;
            await server.CheckAsync(limit.Token).WaitAsync(limit.Token);
            return Finding.Ok(Name, $"{engine} answers.");
        }
        catch (DatabaseException e)
        {
            return Finding.Fail(Name, e.Message, $"Start it, or mend {DatabaseSettings.Connection.Name}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Finding.Fail(Name, $"{engine} does not answer within {Patience.TotalSeconds:0} s.", $"Start it, or mend {DatabaseSettings.Connection.Name}.");
        }
    }
}
