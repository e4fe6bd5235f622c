using Groundwork.Ports.Database;
using Groundwork.Postgres.Local;
using Groundwork.Testing;
using static Groundwork.Postgres.Tests.Notes;

namespace Groundwork.Postgres.Tests;

/// <summary>A primary, a standby that its commits wait for, and an address that names both.</summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private LocalPostgres? _primary;
    private LocalPostgres? _standby;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LocalPostgres Primary => _primary!;

    private LocalPostgres Standby => _standby!;

    public async ValueTask InitializeAsync()
    {
        TestServer.Require();
        _primary = await LocalPostgres.StartAsync(_folder["primary"], Token);
        _standby = await _primary.StartReplicaAsync(_folder["standby"], Token);
        await _primary.WaitForReplicasAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in (LocalPostgres?[])[_standby, _primary])
        {
            if (server is not null)
                await server.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Whichever_host_is_the_primary_is_found_and_the_promoted_standby_has_all_that_was_acknowledged()
    {
        await using var server = Server(Standby.ConnectionToPrimary("postgres", Primary));
        var database = await server.OpenAsync(Schema, Token);
        await database.WriteAsync(Adding(1), Token);

        await Primary.KillAsync();
        var away = await Assert.ThrowsAsync<DatabaseException>(() => database.WriteAsync(Adding(2), Token));
        Assert.Equal(DatabaseFailure.Unavailable, away.Failure);
        await Standby.PromoteAsync(Token);

        while (!await TryAddAsync(database, 3))
            await Task.Yield();
        Assert.Equal(2, await OneAsync(database, Count));
    }

    [Fact]
    public async Task While_no_host_is_the_primary_that_is_said()
    {
        await using var server = Server(Primary.ConnectionToPrimary("postgres", Standby));
        await server.OpenAsync(Schema, Token);
        await Primary.KillAsync();

        await Assert.ThrowsAsync<DatabaseException>(() => server.CheckAsync(Token));
        var failure = await Assert.ThrowsAsync<DatabaseException>(() => server.CheckAsync(Token));

        Assert.Equal(DatabaseFailure.Unavailable, failure.Failure);
        Assert.Contains("has no primary", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_whose_wait_for_the_standby_is_given_up_is_not_acknowledged()
    {
        await using var server = Server($"{Primary.ConnectionTo("postgres")};Command Timeout=1");
        var database = await server.OpenAsync(Schema, Token);
        await Standby.CutOffAsync(Token);

        var written = await Assert.ThrowsAsync<DatabaseException>(() => database.WriteAsync(Adding(1), Token));
        var transacted = await Assert.ThrowsAsync<DatabaseException>(
            () => database.TransactAsync("k2", transaction => transaction.ExecuteAsync(Insert, 2L, "k2"), Token));

        Assert.All((DatabaseException[])[written, transacted], failure =>
        {
            Assert.Equal(DatabaseFailure.Unavailable, failure.Failure);
            Assert.Contains("whether the write will last is unknown", failure.Message, StringComparison.Ordinal);
        });
    }

    private static async Task<bool> TryAddAsync(IDatabase database, long id)
    {
        try
        {
            await database.WriteAsync(Adding(id), Token);
            return true;
        }
        catch (DatabaseException e) when (e.Failure == DatabaseFailure.Unavailable)
        {
            return false;
        }
    }
}
