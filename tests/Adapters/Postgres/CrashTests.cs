using System.Collections.Concurrent;
using Groundwork.Ports.Database;
using Groundwork.Postgres.Local;
using Groundwork.Testing;
using static Groundwork.Postgres.Tests.Notes;

namespace Groundwork.Postgres.Tests;

/// <summary>A PostgreSQL that is killed while it is written to.</summary>
public sealed class CrashTests(TestServer postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_acknowledged_row_survives_a_killed_server_and_the_database_recovers_by_itself()
    {
        TestServer.Require();
        using var folder = new TempFolder();
        await using var local = await LocalPostgres.StartAsync(folder.Path, Token);
        await using var server = Server(local.ConnectionTo("postgres"));
        var database = await server.OpenAsync(Schema, Token);

        using var stop = new CancellationTokenSource();
        var acknowledged = new ConcurrentDictionary<long, bool>();
        var refused = new ConcurrentBag<DatabaseException>();
        var enough = new TaskCompletionSource();
        var seenDown = new TaskCompletionSource();
        var nextId = 0L;
        var callers = Enumerable.Range(0, 64).Select(_ => Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    var id = Interlocked.Increment(ref nextId);
                    try
                    {
                        await database.WriteAsync(Adding(id), Token);
                        acknowledged[id] = true;
                        if (acknowledged.Count >= 2000)
                            enough.TrySetResult();
                    }
                    catch (DatabaseException e)
                    {
                        refused.Add(e);
                        seenDown.TrySetResult();
                    }
                }
            },
            Token)).ToList();

        await enough.Task.WaitAsync(Token);
        await local.KillAsync();
        await seenDown.Task.WaitAsync(Token);
        await local.StartAgainAsync(Token);

        // The very same object, as soon as it can.
        var before = acknowledged.Count;
        while (acknowledged.Count < before + 100)
            await Task.Yield();
        await stop.CancelAsync();
        await Task.WhenAll(callers);

        var found = await database.ReadAsync(new Command(Ids, Command.AnyKey), r => r.GetInt64(0), Freshness.Latest, Token);
        Assert.Empty(acknowledged.Keys.Except(found));
        Assert.All(refused, e => Assert.Equal(DatabaseFailure.Unavailable, e.Failure));
        Assert.Equal(1, await database.TransactAsync("t", t => t.ExecuteAsync(Insert, -1, "t"), Token));

        // What was said to be not done is not there; only what was lost during a commit may be.
        var unknown = refused.Count(e => e.Message.Contains("unknown", StringComparison.Ordinal));
        Assert.InRange(found.Count - acknowledged.Count, 0, unknown);
    }

    [Fact]
    public async Task While_it_is_away_callers_are_told_so()
    {
        TestServer.Require();
        using var folder = new TempFolder();
        await using var local = await LocalPostgres.StartAsync(folder.Path, Token);
        await using var server = Server(local.ConnectionTo("postgres"));
        var database = await server.OpenAsync(Schema, Token);
        await database.WriteAsync(Adding(1), Token);
        await local.StopAsync();

        foreach (var attempt in (Task[])
        [
            database.WriteAsync(Adding(2), Token),
            database.ReadAsync(new Command(Ids, Command.AnyKey), r => 0, Freshness.Latest, Token),
            database.TransactAsync("k", t => t.ExecuteAsync(Insert, 3, "k3"), Token),
            server.CheckAsync(Token),
        ])
        {
            Assert.Equal(DatabaseFailure.Unavailable, (await Assert.ThrowsAsync<DatabaseException>(() => attempt)).Failure);
        }

        await local.StartAgainAsync(Token);
        Assert.Equal(1, await OneAsync(database, Count));
        Assert.Equal(1, await database.WriteAsync(Adding(2), Token));
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_given_up_and_not_begun_again()
    {
        var connection = await postgres.CreateDatabaseAsync(Token);
        await TestServer.ExecuteAsync(connection, "create sequence public.begun", Token);
        await using var server = Server($"{connection};Command Timeout=1");
        var database = await server.OpenAsync(Schema, Token);
        var slow = new Command(new Statement("select nextval('public.begun'), pg_sleep(3600)"), "k");

        foreach (var attempt in (Func<Task>[])
        [
            () => database.ReadAsync(slow, r => 0, Freshness.Latest, Token),
            () => database.WriteAsync(slow, r => 0, Token),
            () => database.TransactAsync("k", t => t.QueryAsync(slow.Statement, r => 0), Token),
        ])
        {
            var failure = await Assert.ThrowsAsync<DatabaseException>(attempt);
            Assert.Equal(DatabaseFailure.Unavailable, failure.Failure);
            Assert.Contains("did not answer in time", failure.Message, StringComparison.Ordinal);
        }

        // What a sequence gave out stays given out, even where the transaction is rolled back.
        var begun = new Command(new Statement("select last_value from public.begun"), Command.AnyKey);
        Assert.Equal([3], await database.ReadAsync(begun, r => r.GetInt64(0), Freshness.Latest, Token));
    }

    [Fact]
    public async Task A_server_that_was_restarted_between_two_checks_is_well()
    {
        TestServer.Require();
        using var folder = new TempFolder();
        await using var local = await LocalPostgres.StartAsync(folder.Path, Token);
        await using var server = Server(local.ConnectionTo("postgres"));
        await server.CheckAsync(Token);

        await local.StopAsync();
        await local.StartAgainAsync(Token);
        await server.CheckAsync(Token);
    }
}
