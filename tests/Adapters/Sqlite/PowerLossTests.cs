using Groundwork.Ports.Database;
using Groundwork.Testing;
using Groundwork.Testing.Disks;
using Microsoft.Extensions.Logging.Abstractions;
using SQLitePCL;

namespace Groundwork.Sqlite.Tests;

/// <summary>
/// What was acknowledged survives the end of the power, at any moment. The disk is <see cref="FailingDisk"/>, which keeps,
/// loses and tears what was not synced; that it would find a loss is shown by taking the protection away.
/// </summary>
public sealed class PowerLossTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wherever_the_power_goes_under_load_every_acknowledged_row_is_there_and_every_pair_whole()
    {
        var acknowledged = 0;
        for (var seed = 1; seed <= 40; seed++)
        {
            acknowledged += (await RunAsync(seed, operations: 3000, _ => { })).Acknowledged.Count;
        }

        Assert.True(acknowledged > 4000, $"Only {acknowledged} rows were acknowledged: the power goes too early to show anything.");
    }

    [Fact]
    public async Task A_disk_that_lies_about_its_syncs_loses_acknowledged_rows_so_this_test_would_see_it()
    {
        var losses = 0;
        for (var seed = 1; seed <= 5; seed++)
        {
            try
            {
                await RunAsync(seed, operations: 1000, disk => disk.LiesAboutSyncs = true);
            }
            catch (LostException)
            {
                losses++;
            }
        }

        Assert.InRange(losses, 1, 5);
    }

    [Theory]
    [InlineData("full", false)]
    [InlineData("normal", true)]
    [InlineData("off", true)]
    public void It_takes_synchronous_full_to_lose_nothing(string synchronous, bool loses)
    {
        var lost = 0;
        for (var seed = 1; seed <= 10; seed++)
        {
            using var folder = new TempFolder();
            var file = folder["raw.db"];
            var committed = 0;
            using (var disk = new FailingDisk(folder.Path))
            {
                using var session = new SqliteSession(SqlitePragmas.OpenWriter(file, 1 << 20), file);
                session.Run("create table t (id integer primary key)");
                session.Checkpoint(raw.SQLITE_CHECKPOINT_RESTART);
                session.Run($"pragma synchronous = {synchronous}");
                for (; committed < 20; committed++)
                    session.Run($"insert into t (id) values ({committed})");
                disk.CutPower(new Random(seed));
            }

            using var reader = new SqliteSession(SqlitePragmas.OpenReader(file), file);
            if (reader.Query(new Statement("select id from t"), r => r.GetInt64(0), []).Count < committed)
                lost++;
        }

        Assert.Equal(loses, lost > 0);
    }

    [Fact]
    public async Task While_a_database_is_created_too_and_the_next_start_creates_it()
    {
        var cuts = 0;
        for (var operation = 1; ; operation++)
        {
            for (var seed = 1; seed <= 4; seed++)
            {
                using var folder = new TempFolder();
                using (var disk = new FailingDisk(folder.Path))
                {
                    disk.CutPowerAt(operation, new Random(seed));
                    await using var server = Sample.Server(folder.Path);
                    if (await Record.ExceptionAsync(() => server.OpenAsync(Sample.Schema, Token)) is null)
                    {
                        Assert.True(cuts > 30, $"Only {cuts} cuts.");
                        return;
                    }

                    Assert.True(disk.IsOff);
                }

                cuts++;
                await using var again = Sample.Server(folder.Path);
                var error = await Record.ExceptionAsync(async () =>
                    Assert.Equal(1, await (await again.OpenAsync(Sample.Schema, Token)).WriteAsync(Sample.Adding("a"), Token)));
                Assert.True(error is null, $"Operation {operation}, seed {seed}: {error}");
            }
        }
    }

    [Fact]
    public async Task A_failed_sync_fails_its_batch_alone_and_what_is_acknowledged_before_and_after_outlasts_the_power()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            using var folder = new TempFolder();
            using (var disk = new FailingDisk(folder.Path))
            {
                await using var server = Sample.Server(folder.Path);
                var database = await server.OpenAsync(Sample.Schema, Token);
                for (var i = 0; i < 5; i++)
                    await database.WriteAsync(Sample.Adding("before" + i), Token);

                disk.FailSyncs(1);
                Assert.Equal(DatabaseFailure.Unavailable, await Sample.FailureAsync(database.WriteAsync(Sample.Adding("failed"), Token)));
                Assert.DoesNotContain("failed", await Sample.ReadAllAsync(database));
                Assert.Equal(1, await database.WriteAsync(Sample.Adding("after"), Token));
                disk.CutPower(new Random(seed));
            }

            await using var again = Sample.Server(folder.Path);
            var rows = await Sample.ReadAllAsync(await again.OpenAsync(Sample.Schema, Token));
            Assert.Equal(["after", "before0", "before1", "before2", "before3", "before4"], rows.Keys.Order());
        }
    }

    [Fact]
    public async Task Syncs_that_fail_again_and_again_under_load_cost_nothing_that_is_acknowledged_when_the_power_goes_too()
    {
        var failures = 0;
        for (var seed = 100; seed < 120; seed++)
        {
            var random = new Random(-seed);
            failures += (await RunAsync(seed, operations: 1500, disk => disk.FailSyncs(random.Next(1, 60), random.Next(1, 6)))).Failures;
        }

        Assert.True(failures > 0, "No write failed while there was power.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_checkpoint_has_moved_in_part_is_moved_again_after_a_failed_sync(bool closes)
    {
        const int RowBytes = 3000;
        using var folder = new TempFolder();
        var file = folder["parts.db"];
        using (var disk = new FailingDisk(folder.Path))
        {
            var writer = new SqliteSession(SqlitePragmas.OpenWriter(file, 1 << 20), file);
            writer.Run("create table t (id integer primary key, filler blob)");
            Assert.True(writer.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE));
            Insert(writer, 0, 50);
            using (var reader = new SqliteSession(SqlitePragmas.OpenReader(file), file))
            {
                reader.Run("begin; select * from t");
                Insert(writer, 50, 60);
                Assert.False(writer.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE), "The reader did not keep the checkpoint from the rest.");
            }

            // The first is the log's, the second the main file's.
            using var checkpointer = new CheckpointerOf(file);
            disk.FailSyncs(2);
            Assert.Throws<DatabaseException>(() => checkpointer.Inner.MoveAll(writer));
            Assert.True(checkpointer.Inner.IsInDoubt);
            if (closes)
            {
                writer.KeepLogAtClose();
                writer.Dispose();
            }
            else
            {
                var fresh = new SqliteSession(SqlitePragmas.OpenWriter(file, 1 << 20), file);
                writer.Dispose();
                Assert.True(checkpointer.Inner.MoveAll(fresh));
                Assert.False(checkpointer.Inner.IsInDoubt);
                Insert(fresh, 60, 61);
                disk.CutPower(new AllLost());
                fresh.Dispose();
            }

            if (!disk.IsOff)
                disk.CutPower(new AllLost());
        }

        CheckIntegrity(file, seed: 0);
        using var again = new SqliteSession(SqlitePragmas.OpenReader(file), file);
        Assert.Equal(closes ? 60 : 61, again.Query(new Statement("select id from t"), r => r.GetInt64(0), []).Count);

        static void Insert(SqliteSession session, int from, int to)
        {
            for (var id = from; id < to; id++)
                session.Run($"insert into t values ({id}, zeroblob({RowBytes}))");
        }
    }

    // Opens, lets the callers write until the power goes, starts again without the failing disk, and looks.
    private static async Task<Load> RunAsync(int seed, int operations, Action<FailingDisk> prepare)
    {
        var random = new Random(seed);
        using var folder = new TempFolder();
        var load = new Load();
        using (var disk = new FailingDisk(folder.Path))
        {
            // The smallest log, so that checkpoints are among what is cut off.
            await using var server = Sample.Server(folder.Path, (SqliteSettings.LogLimit, "1MiB"));
            var database = await server.OpenAsync(Sample.Schema, Token);
            prepare(disk);
            disk.CutPowerAt(random.Next(1, operations), random);
            await load.RunAsync(database, disk, Token);
        }

        try
        {
            await using var again = Sample.Server(folder.Path);
            load.Check(await Sample.ReadAllAsync(await again.OpenAsync(Sample.Schema, Token)));
        }
        catch (Exception e) when (e is LostException or DatabaseException)
        {
            throw new LostException($"Seed {seed}: {e.Message}");
        }

        CheckIntegrity(Sample.File(folder), seed);
        return load;
    }

    private static void CheckIntegrity(string file, int seed)
    {
        using var reader = new SqliteSession(SqlitePragmas.OpenReader(file), file);
        var verdict = reader.Query(new Statement("pragma integrity_check"), r => r.GetString(0), []);
        if (verdict is not ["ok"])
            throw new LostException($"Seed {seed}: {string.Join("; ", verdict)}");
    }

    private sealed class CheckpointerOf(string file) : IDisposable
    {
        public SqliteCheckpointer Inner { get; } = new(file, 1 << 20, NullLogger.Instance);

        // It has run nothing in the background.
        public void Dispose() => Inner.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Nothing that was not synced is on the disk.</summary>
    private sealed class AllLost : Random
    {
        public override int Next(int maxValue) => 0;

        public override long NextInt64(long maxValue) => 0;
    }

    private sealed class LostException(string message) : Exception(message);

    /// <summary>64 callers: every other one writes single rows, the others pairs.</summary>
    private sealed class Load
    {
        private const int Callers = 64;
        private const int NoteLength = 300;

        private int _failures;

        public HashSet<string> Acknowledged { get; } = new(StringComparer.Ordinal);

        /// <summary>What failed while there was power.</summary>
        public int Failures => _failures;

        public async Task RunAsync(IDatabase database, FailingDisk disk, CancellationToken token)
        {
            var keys = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
                async () =>
                {
                    var acknowledged = new List<string>();
                    for (var i = 0; !disk.IsOff; i++)
                    {
                        try
                        {
                            acknowledged.AddRange(await WriteAsync(database, $"{caller}-{i}", isPair: caller % 2 == 1, token));
                        }
                        catch (DatabaseException)
                        {
                            if (!disk.IsOff)
                                Interlocked.Increment(ref _failures);
                        }
                    }

                    return acknowledged;
                },
                token)));
            Acknowledged.UnionWith(keys.SelectMany(k => k));
        }

        public void Check(Dictionary<string, long> rows)
        {
            foreach (var key in Acknowledged)
            {
                if (!rows.ContainsKey(key))
                    throw new LostException($"{key} was acknowledged and is not there.");
            }

            foreach (var key in rows.Keys)
            {
                if (key[^1] is var half and not 's' && !rows.ContainsKey(key[..^1] + (half == 'a' ? 'b' : 'a')))
                    throw new LostException($"{key} is there without its other half.");
            }
        }

        private static async Task<string[]> WriteAsync(IDatabase database, string name, bool isPair, CancellationToken token)
        {
            var note = new string('x', NoteLength);
            if (!isPair)
            {
                await database.WriteAsync(Sample.Adding(name + "-s", 0, note), token);
                return [name + "-s"];
            }

            await database.TransactAsync(
                name,
                async t =>
                {
                    await t.ExecuteAsync(Sample.Add, name + "-a", 0, note);
                    return await t.ExecuteAsync(Sample.Add, name + "-b", 0, note);
                },
                token);
            return [name + "-a", name + "-b"];
        }
    }
}
