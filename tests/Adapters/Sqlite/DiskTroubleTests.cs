using Groundwork.Ports.Database;
using Groundwork.Testing;
using Groundwork.Testing.Disks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Sqlite.Tests;

/// <summary>A disk that is full or fails costs the writes it could not take, and nothing else.</summary>
public sealed class DiskTroubleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_disk_fails_writes_and_not_reads_and_once_there_is_room_writes_go_on_and_all_outlasts_the_power()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            using var folder = new TempFolder();
            var acknowledged = new HashSet<string>(StringComparer.Ordinal);
            using (var disk = new FailingDisk(folder.Path))
            {
                await using var server = Sample.Server(folder.Path, (SqliteSettings.LogLimit, "1MiB"));
                var database = await server.OpenAsync(Sample.Schema, Token);
                for (var time = 0; time < 3; time++)
                {
                    // Room for the log and not for what it is moved to, or for neither.
                    disk.LeaveRoom(seed * 150_000);
                    Assert.Equal(DatabaseFailure.DiskFull, await FillAsync(database, $"{time}-", acknowledged));
                    Assert.Equal(acknowledged, (await Sample.ReadAllAsync(database)).Keys.ToHashSet());

                    disk.LeaveRoom(1 << 20);
                    Assert.Equal(1, await database.WriteAsync(Big("room" + time), Token));
                    acknowledged.Add("room" + time);
                }

                disk.CutPower(new Random(seed));
            }

            await using var again = Sample.Server(folder.Path);
            var rows = await Sample.ReadAllAsync(await again.OpenAsync(Sample.Schema, Token));
            Assert.Equal(acknowledged, rows.Keys.ToHashSet());
        }
    }

    [Fact]
    public void A_disk_that_is_almost_full_is_said_to_be_before_every_write_fails()
    {
        SqliteHealth.CheckRoom(SqliteHealth.LeastRoomBytes, "here");

        var refused = Assert.Throws<DatabaseException>(() => SqliteHealth.CheckRoom(SqliteHealth.LeastRoomBytes - 1, "here"));
        Assert.Equal(DatabaseFailure.DiskFull, refused.Failure);
    }

    [Fact]
    public async Task A_full_disk_inside_a_transaction_undoes_it_even_when_its_work_goes_on()
    {
        await using var server = Sample.Server(_folder.Path);
        var database = await server.OpenAsync(Sample.Schema, Token);
        await LimitPagesAsync(database, 10);

        var failure = await Sample.FailureAsync(database.TransactAsync(
            "a",
            async t =>
            {
                await t.ExecuteAsync(Sample.Add, "a", 1, DbValue.Null);
                try
                {
                    await t.ExecuteAsync(Sample.Add, "b", 1, new string('x', 100_000));
                }
                catch (DatabaseException)
                {
                    // Goes on as if nothing had happened.
                }

                return 0;
            },
            Token));

        Assert.Equal(DatabaseFailure.DiskFull, failure);
        Assert.Empty(await Sample.ReadAllAsync(database));
    }

    [Fact]
    public async Task After_a_failed_sync_the_writer_goes_on_only_on_a_new_connection_with_a_new_log()
    {
        var file = _folder["io.db"];
        using var disk = new FailingDisk(_folder.Path);
        var opened = 0;
        SqliteSession Open()
        {
            opened++;
            return new SqliteSession(SqlitePragmas.OpenWriter(file, 1 << 20), file);
        }

        var session = Open();
        session.Run("create table t (id integer primary key)");
        await using var checkpointer = new SqliteCheckpointer(file, 1 << 20, NullLogger.Instance);
        var writer = new SqliteWriter("io", file, session, Open, checkpointer, 64, 64, TimeProvider.System, NullLogger.Instance);
        var add = new Statement("insert into t (id) values ($1)");
        Task<int> WriteAsync(long id) => writer.EnqueueAsync(new CountingWrite(new Command(add, "", id)), Token);

        for (var id = 1; id <= 20; id++)
            await WriteAsync(id);
        var log = new FileInfo(file + "-wal").Length;
        disk.FailSyncs(1);
        Assert.Equal(DatabaseFailure.Unavailable, await Sample.FailureAsync(WriteAsync(21)));
        Assert.Equal(1, opened);

        // The first thing to be synced is the log, before it is moved: that fails too, and the log is still not trusted.
        disk.FailSyncs(1);
        Assert.Equal(DatabaseFailure.Unavailable, await Sample.FailureAsync(WriteAsync(22)));
        Assert.Equal(2, opened);
        Assert.Equal(1, await WriteAsync(23));
        Assert.Equal(3, opened);
        Assert.InRange(new FileInfo(file + "-wal").Length, 1, log / 4);
        Assert.Equal(1, await WriteAsync(24));
        Assert.Equal(3, opened);

        await writer.DisposeAsync();
        writer.CloseSession();
        using var reader = new SqliteSession(SqlitePragmas.OpenReader(file), file);
        Assert.Equal(
            [.. Enumerable.Range(1, 20).Select(id => (long)id), 23, 24],
            reader.Query(new Statement("select id from t order by id"), r => r.GetInt64(0), []));
    }

    // Writes until something fails: three at a time, so that batches that fail have neighbours in them.
    private static async Task<DatabaseFailure> FillAsync(IDatabase database, string prefix, HashSet<string> acknowledged)
    {
        DatabaseException? failed = null;
        for (var i = 0; failed is null; i += 3)
        {
            var writes = Enumerable.Range(i, 3).Select(n => prefix + Sample.Key(n)).Select(key => (key, database.WriteAsync(Big(key), Token))).ToList();
            foreach (var (key, write) in writes)
            {
                try
                {
                    await write;
                    acknowledged.Add(key);
                }
                catch (DatabaseException e)
                {
                    failed = e;
                }
            }
        }

        return failed.Failure;
    }

    private static Command Big(string key) => Sample.Adding(key, 0, new string('x', 6000));

    // SQLite's own way of being out of room: the writer's connection may not grow the file any further.
    private static Task<int> LimitPagesAsync(IDatabase database, int pages) => database.TransactAsync(
        "", t => t.ExecuteAsync(new Statement($"pragma max_page_count = {pages}")), Token);
}
