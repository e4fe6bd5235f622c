using Groundwork.Ports.Database;
using Groundwork.Ports.Settings;
using Groundwork.Testing;
using Groundwork.Testing.Instances;
using Groundwork.Testing.Servers;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Links.Tests;

/// <summary>An instance with Links, in a folder of its own, on the engine under test.</summary>
/// <param name="postgres">The server to take a database of; null for SQLite.</param>
public sealed class LinksHome(PostgresServer? postgres = null) : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private string? _connection;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public RunningInstance Running { get; private set; } = null!;

    public HttpClient Client => Running.Client;

    public string Folder => _folder.Path;

    public async Task StartAsync(params (Setting Setting, string Text)[] settings)
    {
        if (postgres is not null)
            settings = [.. settings, (DatabaseSettings.Connection, _connection ??= await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken))];
        Running = await RunningInstance.StartAsync(_folder.Path, Time, [new LinksModule()], settings);
    }

    public async ValueTask DisposeAsync()
    {
        if (Running is not null)
            await Running.DisposeAsync();
        _folder.Dispose();
    }
}
