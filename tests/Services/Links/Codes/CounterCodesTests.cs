using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Links.Tests.Codes;

public sealed class CounterCodesTests : IAsyncLifetime
{
    private static readonly LinkContent Content = new("https://example.org/");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private LinksDatabase _database = null!;
    private CodeStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await LinksDatabase.OpenAsync();
        _store = new CodeStore(_database.Port);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Of_ten_million_numbers_from_four_copies_that_are_killed_and_revived_none_comes_twice()
    {
        const int Copies = 4;
        const int PerCopy = 2_500_000;
        var taken = new NumberSet(64_000_000);
        var kills = await Task.WhenAll(Enumerable.Range(0, Copies).Select(copy => Task.Run(() => LiveAsync(new Random(copy)), Cancellation)));

        Assert.Equal(Copies * PerCopy, taken.Count);
        Assert.True(kills.Sum() > 100);

        // Killed at any moment: what is left of its block is never used, and at times it dies between lease and use.
        async Task<int> LiveAsync(Random random)
        {
            var (counter, deaths) = (NewCounter(block: 20_000), 0);
            for (var left = PerCopy; left > 0; deaths++)
            {
                for (var life = Math.Min(left, random.Next(1, 100_000)); life > 0; life--, left--)
                    Assert.True(taken.Add(await counter.DrawAsync(Content, 0, Cancellation)));
                if (random.Next(4) == 0)
                    await _store.LeaseNumbersAsync("links", 20_000, Cancellation);
                counter.Dispose();
                counter = NewCounter(block: 20_000);
            }

            return deaths;
        }
    }

    [Fact]
    public async Task Two_counters_on_one_database_hand_out_different_numbers_at_the_same_time()
    {
        using var one = NewCounter(block: 3);
        using var other = NewCounter(block: 5);
        var numbers = await Task.WhenAll(Enumerable.Range(0, 400).Select(i =>
            Task.Run(() => (i % 2 == 0 ? one : other).DrawAsync(Content, 0, Cancellation).AsTask(), Cancellation)));

        Assert.Equal(400, numbers.Distinct().Count());
    }

    [Fact]
    public async Task A_caller_who_gives_up_costs_nobody_a_number_twice()
    {
        using var counter = NewCounter(block: 1);
        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => counter.DrawAsync(Content, 0, given.Token).AsTask());

        var numbers = new HashSet<long>();
        for (var i = 0; i < 10; i++)
            Assert.True(numbers.Add(await counter.DrawAsync(Content, 0, Cancellation)));
    }

    [Fact]
    public async Task After_a_restore_it_goes_on_beyond_all_that_can_have_been_handed_out_since_the_backup()
    {
        using var before = NewCounter(block: 1000);
        var last = await before.DrawAsync(Content, 0, Cancellation);

        using var restored = NewCounter(block: 1000);
        await restored.StartAsync(_time.GetUtcNow() - TimeSpan.FromDays(1), Cancellation);

        Assert.True(await restored.DrawAsync(Content, 0, Cancellation) > last + (100_000L * 86_400));
    }

    [Fact]
    public async Task A_backup_from_a_clock_that_was_years_off_uses_up_an_eighth_of_the_codes_at_most()
    {
        using var counter = NewCounter(block: 1000);
        await counter.StartAsync(DateTimeOffset.UnixEpoch, Cancellation);
        Assert.InRange(await counter.DrawAsync(Content, 0, Cancellation), 0, (CodeSpace.ShortCodes / 8) + 1000);

        // And one from the future skips an hour's worth all the same.
        var before = await _store.NextNumberAsync("links", Cancellation);
        await counter.StartAsync(_time.GetUtcNow() + TimeSpan.FromDays(400), Cancellation);
        Assert.Equal(before + (100_000L * 3600), await _store.NextNumberAsync("links", Cancellation));
    }

    [Fact]
    public async Task When_all_codes_are_used_up_it_says_so_and_wraps_around_never()
    {
        await _store.LeaseNumbersAsync("links", CodeSpace.ShortCodes - 1, Cancellation);
        using var counter = NewCounter(block: 1);

        Assert.Equal(CodeSpace.ShortCodes - 1, await counter.DrawAsync(Content, 0, Cancellation));
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<InvalidOperationException>(() => counter.DrawAsync(Content, 0, Cancellation).AsTask());
    }

    [Fact]
    public async Task What_lies_in_a_block_that_anybody_leased_may_have_been_handed_out()
    {
        using var one = NewCounter(block: 10);
        using var other = NewCounter(block: 10);
        Assert.False(await one.MayHaveHandedOutAsync(0, Cancellation));
        await other.DrawAsync(Content, 0, Cancellation);

        Assert.True(await one.MayHaveHandedOutAsync(0, Cancellation));
        Assert.True(await one.MayHaveHandedOutAsync(9, Cancellation));
        Assert.False(await one.MayHaveHandedOutAsync(10, Cancellation));
        Assert.False(await one.MayHaveHandedOutAsync(-1, Cancellation));
    }

    private CounterCodes NewCounter(int block) => new(
        _store, LinksCopy.Options(("Links:CodeBlock", block.ToString(System.Globalization.CultureInfo.InvariantCulture))), _time);

    /// <summary>Numbers met so far, a bit each.</summary>
    private sealed class NumberSet(int max)
    {
        private readonly int[] _bits = new int[max / 32];
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public bool Add(long number)
        {
            Interlocked.Increment(ref _count);
            var bit = 1 << (int)(number % 32);
            return (Interlocked.Or(ref _bits[number / 32], bit) & bit) == 0;
        }
    }
}
