using System.Globalization;
using Groundwork.Ports.Database;
using Groundwork.Ports.Settings;
using static Groundwork.Testing.Database.ContractSchema;

namespace Groundwork.Testing.Database;

/// <summary>
/// What a user of the Database port can rely on, whichever engine serves it. An engine's tests derive a sealed class, say
/// how its servers are made, and inherit every test; the groups stand in the files <c>DatabaseContract.*.cs</c>.
/// </summary>
public abstract partial class DatabaseContract : IAsyncLifetime
{
    private readonly List<IDatabaseServer> _servers = [];

    /// <summary>A select that lists the tables of the schema whose name is <c>$1</c>, without those of the engine itself
    /// and of the migrations.</summary>
    protected abstract Statement ListTables { get; }

    /// <summary>A place of its own for one test: a folder, or an empty database of a server. The derived class removes it.</summary>
    protected abstract Task<string> CreateLocationAsync();

    /// <summary>Constructs a server on a location; nothing is opened.</summary>
    protected abstract IDatabaseServer CreateServer(string location, SettingValues settings);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A server that the test's end disposes.</summary>
    protected IDatabaseServer Server(string location, params ReadOnlySpan<(Setting, string)> settings)
    {
        var server = CreateServer(location, SettingValues.Of(settings));
        _servers.Add(server);
        return server;
    }

    /// <summary>The suite's database on a location of its own.</summary>
    protected async Task<IDatabase> OpenAsync(params (Setting, string)[] settings) =>
        await Server(await CreateLocationAsync(), settings).OpenAsync(Schema, Token);

    private static Command Of(Statement statement, string key, params DbValue[] arguments) => new(statement, key, arguments);

    private static Command Adding(long id, string? key = null, long amount = 0)
    {
        key ??= Key(id);
        return Of(Add, key, id, key, amount);
    }

    private static string Key(long id) => string.Create(CultureInfo.InvariantCulture, $"key-{id:d6}");

    private static async Task<long?> AmountAsync(IDatabase database, string key)
    {
        var rows = await database.ReadAsync(Of(Amount, key, key), r => r.GetInt64(0), Freshness.Latest, Token);
        return rows.Count == 0 ? null : Assert.Single(rows);
    }

    private static async Task<HashSet<string>> KeysAsync(IDatabase database) =>
        [.. await database.ReadAsync(Of(Keys, Command.AnyKey), r => r.GetString(0), Freshness.Latest, Token)];

    private static async Task<DatabaseFailure> FailureAsync(Task task) =>
        (await Assert.ThrowsAsync<DatabaseException>(() => task)).Failure;
}
