using Groundwork.Platform.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>How a near cache loads and remembers.</summary>
public sealed class NearCacheTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_10_000_reads_of_a_cold_key_at_once_one_loads_and_all_get_its_value()
    {
        var shelf = new Shelf();
        shelf.Hold();
        var reads = new Task<string?>[10_000];
        Parallel.For(0, reads.Length, i => reads[i] = shelf.GetAsync());
        shelf.Release();
        Assert.All(await Task.WhenAll(reads), value => Assert.Equal("one", value));
        Assert.Equal(1, shelf.Loads);
        Assert.Equal(10_000, shelf.Cache.Counts.Misses);
    }

    [Fact]
    public async Task A_read_that_looked_before_a_load_ended_and_joins_after_it_loads_nothing()
    {
        var loads = 0;
        var first = new TaskCompletionSource<string?>();
        var cache = new NearCache<HookedKey, string>(
            new NearCacheOptions(1 << 20),
            (_, _) => ++loads == 1 ? new(first.Task) : new("loaded again"),
            value => value.Length, new FakeTimeProvider(), new Random(7));

        var early = cache.GetAsync(new HookedKey(1), Token).AsTask();
        var late = new HookedKey(1, asked =>
        {
            if (asked == 2) // it has looked for an entry, and now looks for a load
                first.SetResult("loaded");
        });
        Assert.Equal("loaded", await cache.GetAsync(late, Token));
        Assert.Equal("loaded", await early);
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task A_hit_loads_nothing_and_allocates_nothing()
    {
        var shelf = new Shelf();
        await shelf.GetAsync();
        var token = Token;
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++)
                Assert.True(IsDone(shelf.Cache.GetAsync(1, token)));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        static bool IsDone(ValueTask<string?> read) => read.IsCompletedSuccessfully;

        Allocated();
        Assert.Equal(0, Allocated());
        Assert.Equal(1, shelf.Loads);
        Assert.Equal((2_000, 1), (shelf.Cache.Counts.Hits, shelf.Cache.Counts.Misses));
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_ends_only_its_own_wait()
    {
        var shelf = new Shelf();
        shelf.Hold();
        using var impatient = new CancellationTokenSource();
        var first = shelf.GetUntilAsync(1, impatient.Token);
        var second = shelf.GetAsync();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(second.IsCompleted);

        shelf.Release();
        Assert.Equal("one", await second);
        Assert.Equal("one", await shelf.GetAsync());
        Assert.Equal(1, shelf.Loads);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_reaches_all_who_wait_and_the_next_read_loads_again(bool held)
    {
        var shelf = new Shelf { Failure = new TimeoutException("No answer.") };
        if (held)
            shelf.Hold();
        var reads = Enumerable.Range(0, 10).Select(_ => shelf.GetAsync()).ToList();
        if (held)
            shelf.Release();
        foreach (var read in reads)
            Assert.Same(shelf.Failure, await Assert.ThrowsAsync<TimeoutException>(() => read));
        Assert.Equal(held ? 1 : 10, shelf.Loads);

        shelf.Failure = null;
        Assert.Equal("one", await shelf.GetAsync());
    }

    [Fact]
    public async Task A_value_whose_size_cannot_be_told_fails_its_readers_and_leaves_no_load_behind()
    {
        var sizes = 0;
        var cache = new NearCache<long, string>(
            new NearCacheOptions(1 << 20), (_, _) => new("one"),
            _ => ++sizes == 1 ? throw new InvalidOperationException("No size.") : 1, new FakeTimeProvider(), new Random(7));
        await Assert.ThrowsAsync<InvalidOperationException>(() => cache.GetAsync(1, Token).AsTask());
        Assert.Equal("one", await cache.GetAsync(1, Token));
    }

    [Fact]
    public async Task What_is_not_there_is_remembered_for_a_short_life_of_its_own()
    {
        var shelf = new Shelf();
        Assert.Null(await shelf.GetAsync(2));
        shelf.Rows[2] = "two";
        shelf.Time.Advance(TimeSpan.FromMilliseconds(749));
        Assert.Null(await shelf.GetAsync(2));
        Assert.Equal(1, shelf.Loads);

        shelf.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("two", await shelf.GetAsync(2));
        shelf.Time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal("two", await shelf.GetAsync(2));
        Assert.Equal(2, shelf.Loads);
    }

    [Fact]
    public async Task A_life_begins_when_it_was_asked_for_and_not_when_the_answer_came()
    {
        var shelf = new Shelf();
        shelf.Hold();
        var slow = shelf.GetAsync(2);
        shelf.Time.Advance(TimeSpan.FromMilliseconds(500));
        shelf.Release();
        Assert.Null(await slow);
        shelf.Rows[2] = "two";
        shelf.Time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal("two", await shelf.GetAsync(2));
    }

    [Fact]
    public async Task It_holds_no_more_than_its_bytes_and_says_how_many_left()
    {
        var shelf = new Shelf(new NearCacheOptions(64 << 10));
        var empty = shelf.Cache.Bytes;
        await shelf.GetAsync();
        Assert.Equal(128 + 16 + 6, shelf.Cache.Bytes - empty);
        for (var key = 0L; key < 2_000; key++)
        {
            shelf.Rows[key] = new string('x', (int)key % 100);
            await shelf.GetAsync(key);
            Assert.InRange(shelf.Cache.Bytes, 0, 64 << 10);
        }

        Assert.Equal(2_000, shelf.Cache.Count + shelf.Cache.Evictions);
        shelf.Rows[9_999] = new string('x', 64 << 10); // too large to be kept
        Assert.NotNull(await shelf.GetAsync(9_999));
        Assert.NotNull(await shelf.GetAsync(9_999));
        Assert.Equal(2_000, shelf.Cache.Count + shelf.Cache.Evictions);
    }
}
