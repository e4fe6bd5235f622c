using CsCheck;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Near;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;
using static Groundwork.RateLimits.Tests.Near.StoreCalls;

namespace Groundwork.RateLimits.Tests.Near;

/// <summary>Who is surely over is refused without asking the store, and nobody else is.</summary>
public sealed class RefusalTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly WatchedLimits _store;
    private readonly NearLimits _near;

    public RefusalTests()
    {
        _store = new WatchedLimits(_time);
        _near = new NearLimits(_store, _time);
    }

    /// <summary>Those whose permits come back with time, and with it only.</summary>
    public static TheoryData<LimitAlgorithm> Timed => [.. Enum.GetValues<LimitAlgorithm>().Where(a => a != LimitAlgorithm.Concurrency)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Timed))]
    public async Task Who_was_refused_is_refused_here_until_the_wait_is_over(LimitAlgorithm algorithm)
    {
        var limit = Of(algorithm, 2, TimeSpan.FromMilliseconds(400));
        while ((await _near.TakeAsync(limit)).IsAllowed)
        {
        }

        var (calls, told) = (_store.Costs.Count, (await _store.Inner.PeekAsync(limit)).RetryAfter);
        for (var waited = 0L; waited < told; waited += 50_000)
        {
            var refused = await _near.TakeAsync(limit);
            Assert.Equal((false, told - waited), (refused.IsAllowed, refused.RetryAfter));
            Assert.Equal(refused.RetryAfter, (await _near.PeekAsync(limit)).RetryAfter);
            _time.Advance(TimeSpan.FromMilliseconds(Math.Min(50, (told - waited) / 1000.0)));
        }

        Assert.Equal(calls, _store.Costs.Count);
        Assert.True((await _near.TakeAsync(limit)).IsAllowed);
    }

    [Fact]
    public async Task Who_wants_less_than_was_refused_is_asked_for_and_who_wants_more_is_told_its_own_wait()
    {
        var limit = Limit.TokenBucket(10, Second);
        await _near.TakeAsync(limit, 8);
        Assert.Equal(200_000, (await _near.TakeAsync(limit, 4)).RetryAfter);
        Assert.Equal(500_000, (await _near.TakeAsync(limit, 7)).RetryAfter);
        Assert.Equal([8, 4], _store.Costs);

        Assert.True((await _near.TakeAsync(limit, 2)).IsAllowed);
        Assert.Equal((false, LimitDecision.Never), (await _near.TakeAsync(limit, 11) is var never ? (never.IsAllowed, never.RetryAfter) : default));
        Assert.Equal((false, LimitDecision.Never), (await _near.TakeAsync(limit, 11) is var again ? (again.IsAllowed, again.RetryAfter) : default));
        Assert.Equal([8, 4, 2], _store.Costs.Take(3));
        Assert.InRange(_store.Costs.Count, 3, 4);
    }

    [Fact]
    public async Task A_refusal_that_is_no_longer_true_is_believed_for_a_second_at_most()
    {
        var limit = Limit.FixedWindow(1, TimeSpan.FromHours(1));
        await _near.TakeAsync(limit);
        Assert.False((await _near.TakeAsync(limit)).IsAllowed);
        await _store.Inner.ResetAsync(Take(limit), Token);

        _time.Advance(Second - TimeSpan.FromMicroseconds(1));
        Assert.False((await _near.TakeAsync(limit)).IsAllowed);
        _time.Advance(TimeSpan.FromMicroseconds(1));
        Assert.True((await _near.TakeAsync(limit)).IsAllowed);
    }

    [Fact]
    public async Task A_wait_is_over_no_later_here_than_there_however_long_the_answer_took()
    {
        var limit = Limit.TokenBucket(1, TimeSpan.FromMilliseconds(500));
        await _near.TakeAsync(limit);
        _store.Hold();
        var late = _near.TakeAsync(limit);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        _store.Release();
        Assert.False((await late).IsAllowed);
        Assert.Equal(300_000, (await _near.TakeAsync(limit)).RetryAfter);
        _time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.True((await _near.TakeAsync(limit)).IsAllowed);
    }

    [Fact]
    public async Task What_is_reset_here_is_forgotten_at_once_and_what_was_under_way_too()
    {
        var limit = Limit.FixedWindow(1, TimeSpan.FromHours(1));
        await _near.TakeAsync(limit);
        Assert.False((await _near.TakeAsync(limit)).IsAllowed);
        await _near.ResetAsync(Take(limit), Token);
        Assert.True((await _near.TakeAsync(limit)).IsAllowed);

        _store.Hold();
        var late = _near.TakeAsync(limit);
        await _near.ResetAsync(Take(limit), Token);
        _store.Release();
        Assert.False((await late).IsAllowed);
        Assert.True((await _near.TakeAsync(limit)).IsAllowed);
    }

    [Fact]
    public async Task Who_holds_what_it_takes_always_asks_since_others_give_back_early()
    {
        var limit = Limit.Concurrency(1, TimeSpan.FromHours(1));
        var (ann, bob) = (Take(limit) with { Holder = 1 }, Take(limit) with { Holder = 2 });
        Assert.True((await _near.TakeAllAsync(ann)).Allowed);
        Assert.False((await _near.TakeAllAsync(bob)).Allowed);
        await _store.Inner.ExitAsync(ann, Token);
        Assert.True((await _near.TakeAllAsync(bob)).Allowed);
        Assert.Equal(0, _near.Count);
    }

    [Fact]
    public async Task Several_limits_are_refused_here_where_one_surely_refuses_and_say_what_the_store_would()
    {
        var (narrow, wide, held) = (Limit.TokenBucket(2, Second), Limit.SlidingLog(100, TimeSpan.FromHours(1)), Limit.Concurrency(9, Second));
        async Task<(bool Allowed, LimitDecision[] Decisions)> AskAsync() =>
            await _near.TakeAllAsync(Take(narrow), Take(wide), Take(held) with { Holder = (ulong)_store.Costs.Count });
        Assert.True((await AskAsync()).Allowed);
        Assert.True((await AskAsync()).Allowed);
        var far = await AskAsync();
        var near = await AskAsync();
        Assert.Equal((3, false, false), (_store.Costs.Count, far.Allowed, near.Allowed));
        Assert.Equal(far.Decisions, near.Decisions);
        Assert.False((await _near.TakeAsync(narrow)).IsAllowed);
        Assert.Equal(3, _store.Costs.Count);

        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True((await AskAsync()).Allowed);
    }

    [Theory]
    [MemberData(nameof(Timed))]
    public void Whatever_is_asked_and_when_who_asks_here_is_allowed_what_the_store_would_allow(LimitAlgorithm algorithm)
    {
        var limit = Of(algorithm, 5, TimeSpan.FromMilliseconds(700));
        Gen.Select(Gen.Int[1, 7], Gen.OneOf(Gen.Const(0), Gen.Int[1, 400_000])).Array[1, 60].Sample(
            steps =>
            {
                var time = new FakeTimeProvider();
                var (alone, near) = (new MemoryLimits(time), new NearLimits(new MemoryLimits(time), time));
                foreach (var (cost, pause) in steps)
                {
                    time.Advance(TimeSpan.FromMicroseconds(pause));
                    var (expected, actual) = (alone.TakeAsync(limit, cost).Result, near.TakeAsync(limit, cost).Result);
                    if (expected.IsAllowed || actual.IsAllowed || cost > limit.MaxCost)
                        Assert.Equal((expected.IsAllowed, expected.RetryAfter, expected.Delay), (actual.IsAllowed, actual.RetryAfter, actual.Delay));
                    else
                        Assert.InRange(actual.RetryAfter, 1, expected.RetryAfter);
                }
            },
            iter: 500, threads: 1);
    }

    private static Limit Of(LimitAlgorithm algorithm, long permits, TimeSpan period) =>
        Limit.TryCreate(algorithm, permits, period, null, out var limit, out var error) ? limit : throw new ArgumentException(error);
}
