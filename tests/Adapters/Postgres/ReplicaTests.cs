using Groundwork.Ports.Database;
using Groundwork.Postgres.Local;
using Groundwork.Postgres.Replicas;
using Groundwork.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Groundwork.Postgres.Tests.Notes;

namespace Groundwork.Postgres.Tests;

public sealed class ReplicaTests(TestServer postgres)
{
    private static readonly Statement IsReplica = new("select case when pg_is_in_recovery() then 1 else 0 end");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replica_that_does_not_answer_is_passed_over_for_the_primary()
    {
        var connection = await postgres.CreateDatabaseAsync(Token);
        await using var server = Server(connection, (PostgresSettings.Replicas, "127.0.0.1:1"));
        var database = await server.OpenAsync(Schema, Token);
        await database.WriteAsync(Adding(1), Token);

        Assert.Equal(1, await OneAsync(database, Count, Freshness.ReplicaWillDo));
    }

    [Fact]
    public async Task Reads_that_a_replica_may_serve_go_to_it_until_it_stops()
    {
        TestServer.Require();
        using var folder = new TempFolder();
        using var replicaFolder = new TempFolder();
        await using var primary = await LocalPostgres.StartAsync(folder.Path, Token);
        await using var replica = await primary.StartReplicaAsync(replicaFolder.Path, Token);
        await using var server = Server(primary.ConnectionTo("postgres"), (PostgresSettings.Replicas, $"127.0.0.1:{replica.Port}"));
        var database = await server.OpenAsync(Schema, Token);

        Assert.Equal(1, await OneAsync(database, IsReplica, Freshness.ReplicaWillDo));
        Assert.Equal(0, await OneAsync(database, IsReplica));

        await replica.KillAsync();
        Assert.Equal(0, await OneAsync(database, IsReplica, Freshness.ReplicaWillDo));
    }

    [Fact]
    public async Task A_replica_that_falls_behind_is_passed_over_until_it_has_caught_up()
    {
        TestServer.Require();
        using var folder = new TempFolder();
        using var replicaFolder = new TempFolder();
        await using var primary = await LocalPostgres.StartAsync(folder.Path, Token);
        await using var standby = await primary.StartReplicaAsync(replicaFolder.Path, Token);
        var address = PostgresAddress.Primary(primary.ConnectionTo("postgres"));
        var replica = new Replica(address.Replica($"127.0.0.1:{standby.Port}"), NullLogger.Instance);
        var time = new FakeTimeProvider();
        await using var replicas = new ReplicaSet(address, [replica], TimeSpan.FromSeconds(5), time);
        await replicas.LookAsync(Token);
        Assert.True(replica.Serves);

        // Nothing is written for long: it is as fresh as can be.
        time.Advance(TimeSpan.FromMinutes(10));
        await replicas.LookAsync(Token);
        Assert.True(replica.Serves);

        await TestServer.ExecuteAsync(standby.ConnectionTo("postgres"), "select pg_wal_replay_pause()", Token);
        await TestServer.ExecuteAsync(primary.ConnectionTo("postgres"), "create table written (n bigint)", Token);
        await replicas.LookAsync(Token);
        Assert.True(replica.Serves);
        time.Advance(TimeSpan.FromSeconds(6));
        await replicas.LookAsync(Token);
        Assert.False(replica.Serves);

        await TestServer.ExecuteAsync(standby.ConnectionTo("postgres"), "select pg_wal_replay_resume()", Token);
        while (!replica.Serves)
            await replicas.LookAsync(Token);
    }
}
