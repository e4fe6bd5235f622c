using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Near;
using Microsoft.Extensions.Time.Testing;
using static Groundwork.RateLimits.Tests.Near.StoreCalls;

namespace Groundwork.RateLimits.Tests.Near;

/// <summary>Permits that a copy takes ahead for keys that are asked for often.</summary>
public sealed class LeaseTests
{
    // A batch of ten lives for 10 ms.
    private static readonly Limit Thousand = Limit.TokenBucket(1_000, TimeSpan.FromSeconds(1));

    private readonly FakeTimeProvider _time = new();
    private readonly WatchedLimits _store;
    private readonly NearLimits _near;

    public LeaseTests()
    {
        _store = new WatchedLimits(_time);
        _near = new NearLimits(_store, _time);
    }

    /// <summary>Those of which permits are taken ahead.</summary>
    public static TheoryData<LimitAlgorithm> Leased =>
    [
        LimitAlgorithm.TokenBucket, LimitAlgorithm.Gcra, LimitAlgorithm.FixedWindow, LimitAlgorithm.SlidingWindow, LimitAlgorithm.SlidingLog,
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Leased))]
    public async Task A_key_that_is_asked_for_often_is_served_here_and_says_what_is_left_in_all(LimitAlgorithm algorithm)
    {
        Assert.True(Limit.TryCreate(algorithm, 1_000, TimeSpan.FromSeconds(1), null, out var limit, out _));
        for (var i = 1; i <= 11; i++)
        {
            var decision = await _near.TakeAsync(limit, batch: 10);
            Assert.Equal((true, 1_000 - i), (decision.IsAllowed, decision.Remaining));
        }

        Assert.Equal([1, 10], _store.Costs);
        Assert.Equal((0, 9), (_near.Counts.Refused, _near.Counts.Lent));
    }

    [Fact]
    public async Task A_key_that_is_asked_for_now_and_then_takes_nothing_ahead()
    {
        for (var i = 0; i < 5; i++)
        {
            await _near.TakeAsync(Thousand, batch: 10);
            _time.Advance(TimeSpan.FromMilliseconds(11));
        }

        Assert.Equal([1, 1, 1, 1, 1], _store.Costs);
    }

    [Fact]
    public async Task Without_a_batch_nothing_is_taken_ahead_and_nothing_is_kept()
    {
        for (var i = 0; i < 3; i++)
            await _near.TakeAsync(Thousand);
        Assert.Equal([1, 1, 1], _store.Costs);
        Assert.Equal(0, _near.Count);
    }

    [Fact]
    public async Task Where_each_waits_for_its_turn_or_several_limits_decide_nothing_is_taken_ahead()
    {
        var paced = Limit.LeakyBucket(1_000, TimeSpan.FromSeconds(1));
        for (var i = 0; i < 3; i++)
        {
            await _near.TakeAsync(paced, batch: 10);
            await _near.TakeAllAsync(Take(Thousand, batch: 10), Take(paced, batch: 10, key: "other"));
        }

        Assert.All(_store.Costs, cost => Assert.Equal(1, cost));
    }

    [Fact]
    public async Task What_was_taken_ahead_is_spent_soon_or_lost_and_the_next_time_fewer_are_taken()
    {
        for (var i = 0; i < 5; i++)
            await _near.TakeAsync(Thousand, batch: 10);

        // Of the ten, five are spent in time.
        _time.Advance(TimeSpan.FromMilliseconds(6));
        await _near.TakeAsync(Thousand, batch: 10);
        _time.Advance(TimeSpan.FromMilliseconds(6));
        Assert.Equal(999, (await _near.TakeAsync(Thousand, batch: 10)).Remaining);
        Assert.Equal([1, 10, 5], _store.Costs);

        // These are all spent: a few more.
        for (var i = 0; i < 5; i++)
            await _near.TakeAsync(Thousand, batch: 10);
        Assert.Equal([1, 10, 5, 7], _store.Costs);
    }

    [Fact]
    public async Task The_nearer_the_limit_the_fewer_are_taken_ahead()
    {
        var limit = Limit.FixedWindow(16, TimeSpan.FromMinutes(1));
        for (var i = 0; i < 16; i++)
            Assert.True((await _near.TakeAsync(limit, batch: 12)).IsAllowed);
        Assert.Equal(16, _store.Costs.Sum());
        Assert.Equal([1, 8], _store.Costs.Take(2));
        Assert.False((await _near.TakeAsync(limit, batch: 12)).IsAllowed);
    }

    [Fact]
    public async Task Who_asks_for_several_finds_a_whole_number_of_its_cost()
    {
        for (var i = 0; i < 4; i++)
            Assert.True((await _near.TakeAsync(Thousand, cost: 3, batch: 10)).IsAllowed);
        Assert.Equal([3, 9], _store.Costs);
    }

    [Fact]
    public async Task A_look_counts_what_is_here()
    {
        await _near.TakeAsync(Thousand, batch: 10);
        await _near.TakeAsync(Thousand, batch: 10);
        Assert.Equal(998, (await _near.PeekAsync(Thousand, 0)).Remaining);
        Assert.Equal(997, (await _near.PeekAsync(Thousand, 1)).Remaining);
        Assert.Equal(998, (await _near.TakeAsync(Thousand, 0)).Remaining);
        Assert.Equal(989, (await _store.Inner.PeekAsync(Thousand, 0)).Remaining);
    }

    [Fact]
    public async Task A_reset_forgets_what_is_here()
    {
        await _near.TakeAsync(Thousand, batch: 10);
        await _near.TakeAsync(Thousand, batch: 10);
        await _near.ResetAsync(Take(Thousand), Token);
        Assert.Equal(1_000, (await _near.PeekAsync(Thousand, 0)).Remaining);
        Assert.Equal(999, (await _near.TakeAsync(Thousand, batch: 10)).Remaining);
    }

    [Fact]
    public async Task What_was_taken_ahead_comes_on_top_of_the_limit_a_batch_less_one_and_no_more()
    {
        // Five live for half a second, in which five come back.
        var limit = Limit.TokenBucket(10, TimeSpan.FromSeconds(1));
        await _near.TakeAsync(limit, batch: 5);
        await _near.TakeAsync(limit, batch: 5);
        Assert.Equal([1, 5], _store.Costs);
        _time.Advance(TimeSpan.FromMilliseconds(499));

        var admitted = 0;
        while ((await _near.TakeAsync(limit, batch: 5)).IsAllowed)
            admitted++;
        Assert.InRange(admitted, 11, 10 + (5 - 1));
    }
}
