using CsCheck;
using Groundwork.Ports.Caching;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Near;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.RateLimits.Tests.Near;

/// <summary>Those who ask for the same key at the same time, while the store is being asked.</summary>
public sealed class FlightTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new();
    private readonly WatchedLimits _store;
    private readonly NearLimits _near;

    public FlightTests()
    {
        _store = new WatchedLimits(_time);
        _near = new NearLimits(_store, _time);
    }

    public static TheoryData<LimitAlgorithm> Timed => RefusalTests.Timed;

    [Fact]
    public async Task They_go_as_one_take_of_their_sum_and_each_is_told_what_was_left_after_it()
    {
        var all = await TogetherAsync(Limit.FixedWindow(100, Hour), 1, 2, 3, 4);
        Assert.Equal([1, 9], _store.Costs);
        Assert.Equal([99, 97, 94, 90], all.Select(d => d.Remaining));
    }

    [Fact]
    public async Task If_there_is_not_enough_those_who_came_first_go_in_one_more_call()
    {
        var limit = Limit.TokenBucket(20, TimeSpan.FromSeconds(1));
        await _store.Inner.TakeAsync(limit, 10);
        var all = await TogetherAsync(limit, 1, 4, 4, 4, 1, 1);
        Assert.Equal([1, 14, 9], _store.Costs);
        Assert.Equal([true, true, true, false, true, false], all.Select(d => d.IsAllowed));
        Assert.Equal([0, 0, 0, 200_000, 0, 50_000], all.Select(d => d.RetryAfter));

        // So much is known now.
        Assert.False((await _near.TakeAsync(limit)).IsAllowed);
        Assert.Equal(3, _store.Costs.Count);
    }

    [Fact]
    public async Task If_there_is_nothing_they_are_told_how_long_to_wait()
    {
        var limit = Limit.SlidingLog(5, TimeSpan.FromSeconds(1));
        await _store.Inner.TakeAsync(limit, 4);
        _time.Advance(TimeSpan.FromMilliseconds(300));
        var all = await TogetherAsync(limit, 1, 2, 1, 1);
        Assert.Equal([1, 4, 1], _store.Costs);
        Assert.Equal([(true, 0), (false, 700_000), (false, 700_000), (false, 700_000)], all.Select(d => (d.IsAllowed, d.RetryAfter)));
    }

    [Fact]
    public async Task Who_was_just_told_that_all_is_over_tells_those_who_wait()
    {
        var limit = Limit.FixedWindow(1, Hour);
        await _store.Inner.TakeAsync(limit);
        var all = await TogetherAsync(limit, 1, 1, 1);
        Assert.All(all, d => Assert.False(d.IsAllowed));
        Assert.Equal([1], _store.Costs);
    }

    [Fact]
    public async Task More_than_the_limit_admits_at_once_is_never_asked_for()
    {
        var all = await TogetherAsync(Limit.FixedWindow(5, Hour), 1, 2, 2, 2, 2);
        Assert.Equal([true, true, true, false, false], all.Select(d => d.IsAllowed));
        Assert.All(_store.Costs, cost => Assert.InRange(cost, 1, 5));
    }

    [Fact]
    public async Task Each_of_a_paced_queue_has_its_own_turn()
    {
        var all = await TogetherAsync(Limit.LeakyBucket(7, TimeSpan.FromSeconds(1), 20), 1, 1, 2, 1);
        Assert.Equal([1, 4], _store.Costs);
        Assert.Equal([0, 142_858, 285_716, 571_430], all.Select(d => d.Delay));
    }

    [Fact]
    public async Task What_was_taken_ahead_serves_those_who_came_meanwhile()
    {
        var limit = Limit.TokenBucket(1_000, TimeSpan.FromSeconds(1));
        await _near.TakeAsync(limit, batch: 10);
        _store.Hold();
        var first = _near.TakeAsync(limit, batch: 10);
        var others = Enumerable.Range(0, 5).Select(_ => _near.TakeAsync(limit, batch: 10)).ToArray();
        _store.Release();
        Assert.Equal([989 + 9, 997, 996, 995, 994, 993], (await Task.WhenAll([first, .. others])).Select(d => d.Remaining));
        Assert.Equal([1, 10], _store.Costs);
    }

    [Fact]
    public async Task Who_gives_up_waits_no_longer_and_nothing_is_asked_for_it()
    {
        var limit = Limit.FixedWindow(100, Hour);
        using var ended = new CancellationTokenSource();
        _store.Hold();
        var first = _near.TakeAsync(limit, token: ended.Token);
        var second = _near.TakeAsync(limit, 10, token: ended.Token);
        var third = _near.TakeAsync(limit, 20);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(third.IsCompleted);
        _store.Release();
        Assert.Equal(79, (await third).Remaining);
        Assert.Equal([1, 20], _store.Costs);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _near.TakeAsync(limit, token: ended.Token));
    }

    [Fact]
    public async Task A_failure_of_the_store_is_everybodys_who_waits_and_nobodys_after()
    {
        var limit = Limit.FixedWindow(100, Hour);
        _store.Hold();
        var waiting = Enumerable.Range(0, 3).Select(_ => _near.TakeAsync(limit)).ToArray();
        _store.Failure = new CacheException("The store is away.");
        _store.Release();
        foreach (var one in waiting)
            Assert.Equal("The store is away.", (await Assert.ThrowsAsync<CacheException>(() => one)).Message);
        _store.Failure = null;
        Assert.True((await _near.TakeAsync(limit)).IsAllowed);
        Assert.Equal([1, 1], _store.Costs);
    }

    [Fact]
    public async Task Beyond_as_many_as_may_wait_each_asks_for_itself()
    {
        var limit = Limit.FixedWindow(10_000, Hour);
        _store.Hold();
        var all = Enumerable.Range(0, 1 + Flight.MaxWaiting + 2).Select(_ => _near.TakeAsync(limit)).ToArray();
        Assert.Equal([1, 1, 1], _store.Costs);
        _store.Release();
        Assert.All(await Task.WhenAll(all), d => Assert.True(d.IsAllowed));
        Assert.Equal([1, 1, 1, Flight.MaxWaiting], _store.Costs);
    }

    [Fact]
    public async Task Keys_do_not_wait_for_each_other()
    {
        var limit = Limit.FixedWindow(10, Hour);
        _store.Hold();
        var one = _near.TakeAsync(limit, key: "one");
        var other = _near.TakeAsync(limit, key: "other");
        Assert.Equal([1, 1], _store.Costs);
        _store.Release();
        Assert.Equal((9, 9), ((await one).Remaining, (await other).Remaining));
        Assert.Equal(0, _near.Count);
    }

    [Theory]
    [MemberData(nameof(Timed))]
    public async Task Together_they_are_allowed_what_they_would_be_one_after_the_other(LimitAlgorithm algorithm)
    {
        Assert.True(Limit.TryCreate(algorithm, 12, TimeSpan.FromSeconds(1), null, out var limit, out _));
        await Gen.Select(Gen.Int[0, 12], Gen.Int[0, 300_000], Gen.Int[1, 5].Array[1, 9]).SampleAsync(
            async (before, pause, costs) =>
            {
                var time = new FakeTimeProvider();
                var (alone, store) = (new MemoryLimits(time), new WatchedLimits(time));
                foreach (var one in (MemoryLimits[])[alone, store.Inner])
                    await one.TakeAsync(limit, before);
                time.Advance(TimeSpan.FromMicroseconds(pause));
                var together = await TogetherAsync(new NearLimits(store, time), store, limit, costs);
                for (var i = 0; i < costs.Length; i++)
                {
                    var expected = await alone.TakeAsync(limit, costs[i]);
                    Assert.Equal(expected.IsAllowed, together[i].IsAllowed);
                    if (expected.IsAllowed)
                        Assert.InRange(together[i].Delay, expected.Delay, expected.Delay + 1);
                    else
                        Assert.InRange(together[i].RetryAfter, 1, long.MaxValue);
                }
            },
            iter: 200, threads: 1);
    }

    private Task<LimitDecision[]> TogetherAsync(Limit limit, params int[] costs) => TogetherAsync(_near, _store, limit, costs);

    // The first is under way while the others come.
    private static async Task<LimitDecision[]> TogetherAsync(NearLimits near, WatchedLimits store, Limit limit, params int[] costs)
    {
        store.Hold();
        var all = costs.Select(cost => near.TakeAsync(limit, cost)).ToArray();
        store.Release();
        return await Task.WhenAll(all);
    }
}
