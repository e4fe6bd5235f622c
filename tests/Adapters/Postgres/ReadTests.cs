using Groundwork.Ports.Database;
using Groundwork.Postgres.Local;
using Groundwork.Testing;
using Npgsql;
using static Groundwork.Postgres.Tests.Notes;

namespace Groundwork.Postgres.Tests;

/// <summary>Reads of single rows that are certainly in one batch, since the lane is held up by the read before them.</summary>
public sealed class ReadTests(TestServer postgres)
{
    private const int Rows = 200;

    private static readonly Statement Find = new("select id, key from notes where id = $1") { FindsOne = true };
    private static readonly Statement FindByKey = new("select id from notes where key = $1") { FindsOne = true };
    private static readonly Statement Divide = new("select 1 / $1 from notes where id = 1") { FindsOne = true };
    private static readonly Statement BeginOfTransaction = new("select (extract(epoch from now()) * 1000000)::bigint") { FindsOne = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reads_that_wait_together_each_get_their_own_row()
    {
        await using var held = await HeldAsync();
        var reads = FindAll(held, 1, Rows);
        var missing = held.FindAsync(Rows + 1);
        await held.LetGoAsync(1);

        Assert.Equal(Enumerable.Range(1, Rows).Select(id => ((long)id, $"k{id}")), (await Task.WhenAll(reads)).Select(Assert.Single));
        Assert.Empty(await missing);
    }

    [Fact]
    public async Task Reads_that_wait_together_share_a_round_trip()
    {
        await using var held = await HeldAsync();
        var reads = Enumerable.Range(0, 64).Select(_ => held.OneAsync(BeginOfTransaction)).ToList();
        await held.LetGoAsync(1);

        // The server begins a transaction a round trip.
        Assert.Single((await Task.WhenAll(reads)).Distinct());
    }

    [Fact]
    public async Task A_refused_read_fails_its_own_caller()
    {
        await using var held = await HeldAsync();
        var before = FindAll(held, 1, 20);
        var refused = held.OneAsync(Divide, 0);
        var between = FindAll(held, 21, 5);
        var alsoRefused = held.OneAsync(Divide, 0);
        var after = FindAll(held, 26, 20);
        await held.LetGoAsync(1);

        Assert.Equal(Enumerable.Range(1, 45), await IdsAsync([.. before, .. between, .. after]));
        Assert.Contains("22012", (await Assert.ThrowsAsync<DatabaseException>(() => refused)).Message, StringComparison.Ordinal);
        Assert.Contains("22012", (await Assert.ThrowsAsync<DatabaseException>(() => alsoRefused)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_map_that_throws_fails_its_own_caller()
    {
        await using var held = await HeldAsync();
        var before = held.FindAsync(1);
        var thrower = held.Database.ReadAsync<long>(
            new Command(Find, "2", 2), _ => throw new TimeZoneNotFoundException("the caller's own"), Freshness.Latest, Token);
        var after = held.FindAsync(3);
        await held.LetGoAsync(1);

        Assert.Equal("the caller's own", (await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => thrower)).Message);
        Assert.Equal([1, 3], await IdsAsync([before, after]));
    }

    [Fact]
    public async Task A_text_that_PostgreSQL_cannot_hold_fails_its_own_caller()
    {
        await using var held = await HeldAsync();
        var before = held.FindAsync(1);
        var halfAPair = held.OneAsync(FindByKey, "a\ud800b");
        var after = held.FindAsync(3);
        await held.LetGoAsync(1);

        Assert.Equal(DatabaseFailure.ConstraintViolation, (await Assert.ThrowsAsync<DatabaseException>(() => halfAPair)).Failure);
        Assert.Equal([1, 3], await IdsAsync([before, after]));
    }

    [Fact]
    public async Task A_statement_that_says_that_it_finds_one_row_and_finds_more_gets_all()
    {
        await using var held = await HeldAsync();
        var several = held.Database.ReadAsync(
            new Command(new Statement("select id from notes where id < 4 order by id") { FindsOne = true }, Command.AnyKey),
            r => r.GetInt64(0), Freshness.Latest, Token);
        var after = held.FindAsync(1);
        await held.LetGoAsync(1);

        Assert.Equal([1, 2, 3], await several);
        Assert.Equal([1], await IdsAsync([after]));
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_of_its_own_caller_and_its_row_is_not_mapped()
    {
        await using var held = await HeldAsync();
        using var cancel = new CancellationTokenSource();
        var mapped = false;
        var before = held.FindAsync(1);
        var cancelled = held.Database.ReadAsync(new Command(Find, "2", 2), r => mapped = true, Freshness.Latest, cancel.Token);
        var after = held.FindAsync(3);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled); // while the lane is still held up
        await held.LetGoAsync(1);
        Assert.Equal([1, 3], await IdsAsync([before, after]));
        Assert.False(mapped);
    }

    [Fact]
    public async Task A_read_that_was_sent_already_can_be_cancelled()
    {
        await using var held = await HeldAsync();
        using var cancel = new CancellationTokenSource();
        await held.HoldAsync(2);
        var sent = held.StandBeforeAsync(2, cancel.Token);
        var behind = held.FindAsync(1);
        await held.LetGoAsync(1);
        await held.SeeWaitingAsync(2);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);
        await held.LetGoAsync(2);
        Assert.Equal([1], await IdsAsync([behind]));
    }

    [Fact]
    public async Task Reads_that_may_take_long_neither_hold_up_the_quick_ones_nor_wait_for_them()
    {
        await using var held = await HeldAsync(connections: 1);
        Assert.Equal(Rows, await OneAsync(held.Database, Count)); // while the lane is held up
        await held.LetGoAsync(1);

        await held.HoldAsync(2);
        var slow = held.Database.ReadAsync(
            new Command(new Statement(HeldDatabase.Stand), "2", 2), r => r.GetInt64(0), Freshness.Latest, Token);
        await held.SeeWaitingAsync(2);
        Assert.Equal([1], await IdsAsync([held.FindAsync(1)])); // while the only connection outside of the lanes is held up
        await held.LetGoAsync(2);
        Assert.Equal([2], await slow);
    }

    [Fact]
    public async Task A_lane_that_is_held_up_leaves_what_comes_to_the_others()
    {
        await using var held = await HeldAsync(readers: 2);

        Assert.Equal(Enumerable.Range(1, Rows), await IdsAsync(FindAll(held, 1, Rows)));
    }

    [Fact]
    public async Task Where_a_connection_is_lost_what_was_sent_is_sent_again()
    {
        await using var held = await HeldAsync();
        await held.HoldAsync(2);
        var before = FindAll(held, 1, 20);
        var lost = held.StandBeforeAsync(2, Token);
        var after = FindAll(held, 21, 100);
        await held.LetGoAsync(1);
        await held.SeeWaitingAsync(2);
        await held.BreakWaitingAsync();
        await held.LetGoAsync(2);

        Assert.Equal(Enumerable.Range(1, 120), await IdsAsync([.. before, .. after]));
        await lost;
    }

    [Fact]
    public async Task What_takes_too_long_fails_and_those_who_wait_behind_it_and_later_ones_do_not()
    {
        await using var held = await HeldAsync(timeoutSeconds: 1);
        var behind = held.FindAsync(1);

        foreach (var read in (Task[])[held.First, behind])
        {
            var failure = await Assert.ThrowsAsync<DatabaseException>(() => read);
            Assert.Equal(DatabaseFailure.Unavailable, failure.Failure);
            Assert.Contains("did not answer in time", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal([1], await IdsAsync([held.FindAsync(1)]));
    }

    [Fact]
    public async Task What_was_accepted_before_the_end_is_answered_and_nothing_is_accepted_after_it()
    {
        await using var held = await HeldAsync();
        var reads = FindAll(held, 1, 100);
        var closing = held.Server.DisposeAsync();
        var late = await Assert.ThrowsAsync<DatabaseException>(() => held.FindAsync(1));
        await held.LetGoAsync(1);
        await closing;

        Assert.Equal(DatabaseFailure.Unavailable, late.Failure);
        Assert.Equal(Enumerable.Range(1, 100), await IdsAsync(reads));
    }

    [Fact]
    public async Task Callers_see_what_they_wrote()
    {
        await using var server = Server(await postgres.CreateDatabaseAsync(Token));
        var database = await server.OpenAsync(Schema, Token);

        await Task.WhenAll(Enumerable.Range(1, 500).Select(async id =>
        {
            await database.WriteAsync(Adding(id), Token);
            Assert.Equal([id], await database.ReadAsync(new Command(Find, $"{id}", id), r => r.GetInt64(0), Freshness.Latest, Token));
        }));
    }

    [Fact]
    public async Task While_PostgreSQL_is_away_reads_fail_and_afterwards_they_do_not()
    {
        TestServer.Require();
        using var folder = new TempFolder();
        await using var local = await LocalPostgres.StartAsync(folder.Path, Token);
        await using var server = Server(local.ConnectionTo("postgres"));
        var database = await server.OpenAsync(Schema, Token);
        await database.WriteAsync(Adding(1), Token);
        Assert.Equal([1], await FindAsync());
        await local.KillAsync();

        foreach (var read in Enumerable.Range(0, 300).Select(_ => FindAsync()).ToList())
            Assert.Equal(DatabaseFailure.Unavailable, (await Assert.ThrowsAsync<DatabaseException>(() => read)).Failure);

        await local.StartAgainAsync(Token);
        Assert.Equal([1], await FindAsync());

        Task<IReadOnlyList<long>> FindAsync() => database.ReadAsync(new Command(Find, "1", 1), r => r.GetInt64(0), Freshness.Latest, Token);
    }

    private static List<Task<IReadOnlyList<(long Id, string Key)>>> FindAll(HeldDatabase held, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(held.FindAsync)];

    private static async Task<IEnumerable<int>> IdsAsync(List<Task<IReadOnlyList<(long Id, string Key)>>> reads) =>
        (await Task.WhenAll(reads)).Select(r => (int)Assert.Single(r).Id);

    private async Task<HeldDatabase> HeldAsync(int readers = 1, int connections = 32, int timeoutSeconds = 60)
    {
        var connection = await postgres.CreateDatabaseAsync(Token);
        var server = Server(
            $"{connection};Command Timeout={timeoutSeconds}",
            (PostgresSettings.Lookups, $"{readers}"), (PostgresSettings.Connections, $"{connections}"));
        var database = await server.OpenAsync(Schema, Token);
        await Task.WhenAll(Enumerable.Range(1, Rows).Select(id => database.WriteAsync(Adding(id), Token)));

        var holder = new NpgsqlConnection($"{connection};Pooling=false");
        await holder.OpenAsync(Token);
        var held = new HeldDatabase(server, database, holder);
        await held.HoldAsync(1);
        held.First = held.StandBeforeAsync(1, Token);
        await held.SeeWaitingAsync(1);
        return held;
    }

    /// <summary>A database with a lane that stands before the first of some locks.</summary>
    private sealed class HeldDatabase(IDatabaseServer server, IDatabase database, NpgsqlConnection holder) : IAsyncDisposable
    {
        /// <summary>Waits for a lock, and lets go of it when its round trip ends.</summary>
        public const string Stand = "select $1 from pg_advisory_xact_lock_shared($1)";

        private static readonly Statement StandBefore = new(Stand) { FindsOne = true };

        public IDatabaseServer Server => server;

        public IDatabase Database => database;

        public Task First { get; set; } = Task.CompletedTask;

        public Task<IReadOnlyList<(long Id, string Key)>> FindAsync(int id) =>
            database.ReadAsync(new Command(Find, $"{id}", id), r => (r.GetInt64(0), r.GetString(1)), Freshness.Latest, Token);

        public async Task<long> OneAsync(Statement statement, params DbValue[] arguments) =>
            Assert.Single(await database.ReadAsync(new Command(statement, "", arguments), r => r.GetInt64(0), Freshness.Latest, Token));

        public Task<IReadOnlyList<long>> StandBeforeAsync(int key, CancellationToken cancellationToken) =>
            database.ReadAsync(new Command(StandBefore, $"{key}", key), r => r.GetInt64(0), Freshness.Latest, cancellationToken);

        public Task<object?> HoldAsync(int key) => AskAsync($"select pg_advisory_lock({key})");

        public Task<object?> LetGoAsync(int key) => AskAsync($"select pg_advisory_unlock({key})");

        public async Task SeeWaitingAsync(int key)
        {
            while ((long)(await AskAsync($"select count(*) from pg_locks where not granted and locktype = 'advisory' and objid = {key}"))! == 0)
                await Task.Yield();
        }

        /// <summary>Breaks the connection that waits, and sees another one wait in its place.</summary>
        public async Task BreakWaitingAsync()
        {
            const string WhoWaits = "select coalesce(max(pid), 0) from pg_locks where not granted and locktype = 'advisory'";
            var broken = (int)(await AskAsync(WhoWaits))!;
            await AskAsync($"select pg_terminate_backend({broken})");
            while ((int)(await AskAsync(WhoWaits))! is var waits && (waits == broken || waits == 0))
                await Task.Yield();
        }

        public async ValueTask DisposeAsync()
        {
            await holder.DisposeAsync();
            await First.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await server.DisposeAsync();
        }

        private async Task<object?> AskAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, holder);
            return await command.ExecuteScalarAsync(Token);
        }
    }
}
