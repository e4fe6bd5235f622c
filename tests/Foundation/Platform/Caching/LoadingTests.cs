using Groundwork.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>How a loading cache loads and remembers.</summary>
public sealed class LoadingTests
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
    public async Task A_hit_loads_nothing_and_allocates_nothing_but_the_value()
    {
        var shelf = new Shelf();
        await shelf.GetAsync();
        var key = new byte[] { 0, 0, 0, 0, 0, 0, 0, 1 };
        var copy = new byte[100];

        Assert.Equal(Of(() => shelf.Space.TryGet(key, copy, out _)) + Of(() => GC.KeepAlive(new string('x', 3))), Allocated(shelf));
        Assert.Equal(1, shelf.Loads);
        Assert.Equal((6_000, 1), (shelf.Cache.Counts.Hits, shelf.Cache.Counts.Misses));

        static long Allocated(Shelf shelf) => Of(() => Assert.True(shelf.Cache.TryGetFresh(1, shelf.Time.GetUtcNow(), out _)));

        static long Of(Action act) => Allocations.Fewest(() =>
        {
            for (var i = 0; i < 1000; i++)
                act();
        });
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

}
