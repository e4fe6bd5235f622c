using Groundwork.Platform.Data;
using Groundwork.Ports.Database;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Platform.Tests.Data;

/// <summary>What copies of the program can rely on that tell one another of changes by <see cref="Signals"/>.</summary>
public abstract class SignalsContract(DatabaseHome home) : DataContract(home)
{
    private const string Key = "account-1";

    private static readonly Statement Count = new("select count(*) from signals");

    private static readonly Statement Flood = new("""
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 10050)
        insert into signals (distribution_key, id, subject) select 'account-2', i, i from n
        """);

    [Fact]
    public async Task What_one_copy_says_all_hear_once_and_itself_too()
    {
        await using var one = await ListeningAsync();
        await using var two = await ListeningAsync();
        await one.SendAsync(7);
        await two.SendAsync(8);
        for (var i = 0; i < 3; i++)
        {
            await one.Signals.ListenAsync(Token);
            await two.Signals.ListenAsync(Token);
        }

        Assert.Equal([7, 8], one.Heard.Order());
        Assert.Equal([7, 8], two.Heard.Order());
        Assert.Equal((0, 0), (one.Missed, two.Missed));
    }

    [Fact]
    public async Task A_change_that_was_undone_is_not_told()
    {
        await using var copy = await ListeningAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => TransactAsync(copy.Database, Key, async t =>
        {
            await copy.Signals.SendAsync(t, Key, 7);
            throw new InvalidOperationException("No.");
        }));
        await copy.Signals.ListenAsync(Token);
        Assert.Empty(copy.Heard);
    }

    [Fact]
    public async Task A_copy_that_was_started_listens_by_itself_until_it_is_disposed()
    {
        var copy = new Copy(new SharedDatabase(Database, isShared: true), Time);
        await copy.Signals.StartAsync(Token);
        Assert.True(copy.Signals.IsCurrent);
        await copy.SendAsync(7);
        Assert.Equal(7, await RunClockUntilAsync(copy.FirstHeard.Task));

        await copy.DisposeAsync();
        var reads = copy.Database.Reads;
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(reads, copy.Database.Reads);
        Assert.False(copy.Signals.IsCurrent);
    }

    [Fact]
    public async Task A_copy_listens_on_after_the_database_was_away()
    {
        var away = new AwayDatabase(new SharedDatabase(Database, isShared: true));
        await using var copy = new Copy(new SharedDatabase(away, isShared: true), Time);
        await copy.Signals.StartAsync(Token);
        away.IsAway = true;
        await RunClockUntilAsync(away.Refused.Task);
        away.IsAway = false;
        await copy.SendAsync(7);
        Assert.Equal(7, await RunClockUntilAsync(copy.FirstHeard.Task));
    }

    [Fact]
    public async Task A_copy_vouches_for_three_quarters_of_a_second_after_it_listened()
    {
        var away = new AwayDatabase(Database);
        await using var copy = new Copy(new SharedDatabase(away, isShared: true), Time);
        Assert.False(copy.Signals.IsCurrent);
        await copy.Signals.ListenAsync(Token);
        Time.Advance(TimeSpan.FromMilliseconds(749));
        Assert.True(copy.Signals.IsCurrent);

        away.IsAway = true;
        await Assert.ThrowsAsync<DatabaseException>(() => copy.Signals.ListenAsync(Token));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(copy.Signals.IsCurrent);

        away.IsAway = false;
        await copy.Signals.ListenAsync(Token);
        Assert.True(copy.Signals.IsCurrent);
    }

    [Fact]
    public async Task What_it_vouches_for_is_counted_from_before_it_looked()
    {
        await using var copy = await ListeningAsync();
        copy.Database.OnRead = () => Time.Advance(TimeSpan.FromMilliseconds(750));
        await copy.Signals.ListenAsync(Token);
        Assert.False(copy.Signals.IsCurrent);
    }

    [Fact]
    public async Task A_copy_that_listens_for_the_first_time_or_was_deaf_for_long_forgets_what_it_knows()
    {
        await using var copy = new Copy(new SharedDatabase(Database, isShared: true), Time);
        await copy.Signals.ListenAsync(Token);
        Assert.Equal(1, copy.Missed);

        Time.Advance(TimeSpan.FromSeconds(30));
        await copy.Signals.ListenAsync(Token);
        Assert.Equal(1, copy.Missed);
        Time.Advance(TimeSpan.FromMilliseconds(30_001));
        await copy.Signals.ListenAsync(Token);
        Assert.Equal(2, copy.Missed);

        copy.Database.OnRead = () => Time.Advance(TimeSpan.FromSeconds(31)); // it may have looked at the end of that
        await copy.Signals.ListenAsync(Token);
        Assert.Equal(3, copy.Missed);
    }

    [Fact]
    public async Task A_signal_is_deleted_when_a_copy_has_known_it_for_its_time()
    {
        await using var early = await ListeningAsync();
        await early.SendAsync(7);
        await early.Signals.ListenAsync(Token);
        await using var late = await ListeningAsync();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Time.Advance(TimeSpan.FromSeconds(20));
            await early.Signals.ListenAsync(Token);
            Assert.Equal(1, await CountAsync());
        }

        Time.Advance(TimeSpan.FromMilliseconds(1));
        await early.Signals.ListenAsync(Token);
        Assert.Equal(0, await CountAsync());
        await early.Signals.ListenAsync(Token);
        Assert.Equal([7], early.Heard);
    }

    [Fact]
    public async Task Too_many_signals_are_replaced_by_one_that_makes_every_copy_forget()
    {
        await using var one = await ListeningAsync();
        await using var two = await ListeningAsync();
        await Database.WriteAsync(new Command(Flood, "account-2"), Token);
        await one.Signals.ListenAsync(Token);
        Assert.Equal(1, one.Missed);
        Assert.Equal(10_050 - (Signals.MaxPending + 1) + 1, await CountAsync());

        await two.Signals.ListenAsync(Token);
        Assert.Equal(1, two.Missed);
        Assert.Equal(49, two.Heard.Count);
        await two.Signals.ListenAsync(Token);
        Assert.Equal(1, two.Missed);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => TransactAsync(one.Database, "*", t => one.Signals.SendAsync(t, "*", 7)));
    }

    [Fact]
    public async Task A_database_that_nobody_shares_needs_no_signals()
    {
        await using var copy = new Copy(new SharedDatabase(Database, isShared: false), Time);
        Assert.True(copy.Signals.IsCurrent);
        await copy.Signals.StartAsync(Token);
        await copy.SendAsync(7);
        Time.Advance(TimeSpan.FromMinutes(10));
        Assert.True(copy.Signals.IsCurrent);
        Assert.Equal(0, await CountAsync());
        Assert.Equal(0, copy.Database.Reads);
    }

    private async Task<Copy> ListeningAsync()
    {
        var copy = new Copy(new SharedDatabase(Database, isShared: true), Time);
        await copy.Signals.ListenAsync(Token);
        copy.Heard.Clear();
        copy.Missed = 0;
        return copy;
    }

    private async Task<long> CountAsync() =>
        (await Database.ReadAsync(new Command(Count, Command.AnyKey), r => r.GetInt64(0), Freshness.Latest, Token))[0];

    private sealed class Copy : IAsyncDisposable
    {
        public Copy(SharedDatabase database, TimeProvider time)
        {
            Database = database;
            Signals = new Signals(database, Hear, () => Missed++, time, NullLogger.Instance);
        }

        public SharedDatabase Database { get; }

        public Signals Signals { get; }

        public List<long> Heard { get; } = [];

        public TaskCompletionSource<long> FirstHeard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Missed { get; set; }

        public Task SendAsync(long subject) => TransactAsync(Database, Key, t => Signals.SendAsync(t, Key, subject));

        public ValueTask DisposeAsync() => Signals.DisposeAsync();

        private void Hear(long subject)
        {
            Heard.Add(subject);
            FirstHeard.TrySetResult(subject);
        }
    }
}
