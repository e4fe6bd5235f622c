using Groundwork.Platform.Data;
using Groundwork.Platform.Messaging;
using Groundwork.Ports.Database;
using Groundwork.Ports.Settings;
using Groundwork.Sqlite;
using Groundwork.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Platform.Tests.Data;

/// <summary>Where a test's database lives, over the program's restarts: a folder, or a database of a server.</summary>
public abstract class DatabaseHome : IAsyncDisposable
{
    private static readonly DatabaseSchema Schema = new DatabaseSchema(
            "things",
            [new Table("counter", "name"), new Table("entry", "name")],
            [
                new Migration("things", 1, "create", """
                    create table counter (name text primary key, value bigint not null);
                    create table entry (name text not null, number bigint not null, epoch bigint not null, primary key (name, number));
                    """),
            ])
        .With(IdempotencyStore.Schema)
        .With(Inbox.Schema)
        .With(LeaseStore.Schema)
        .With(Outbox.Schema)
        .With(Signals.Schema)
        .With(WorkQueue.Schema);

    private readonly List<IDatabaseServer> _servers = [];

    /// <summary>Starts a program's view of the database; the earlier ones go on, or are abandoned as a crash abandons them.</summary>
    public async Task<IDatabase> OpenAsync()
    {
        var server = await CreateServerAsync();
        _servers.Add(server);
        return await server.OpenAsync(Schema, TestContext.Current.CancellationToken);
    }

    /// <summary>Another copy's view of the database, where copies can share it; else the same one.</summary>
    public async Task<IDatabase> OpenAgainAsync(IDatabase open) => open.IsShared ? await OpenAsync() : open;

    /// <summary>Stops all of them, in order.</summary>
    public async Task CloseAsync()
    {
        foreach (var server in _servers)
            await server.DisposeAsync();
        _servers.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<IDatabaseServer> CreateServerAsync();

    protected abstract Task RemoveAsync();
}

/// <summary>A folder with SQLite files.</summary>
public sealed class SqliteHome : DatabaseHome
{
    private readonly TempFolder _folder = new();

    protected override Task<IDatabaseServer> CreateServerAsync() => Task.FromResult(new SqliteEngine().Create(
        new DatabaseServerContext(_folder.Path, SettingValues.Of(), TimeProvider.System, NullLoggerFactory.Instance)));

    protected override Task RemoveAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}
