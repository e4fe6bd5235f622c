using System.Numerics;
using CsCheck;
using Groundwork.Primitives.Limiting;
using Groundwork.Testing;

namespace Groundwork.Primitives.Tests.Limiting;

/// <summary>What holds for the decisions of every algorithm, on random histories.</summary>
public sealed class LimitDecisionTests
{
    public static TheoryData<LimitAlgorithm> Timed => [.. LimitHistories.Timed];

    [Theory]
    [MemberData(nameof(Timed))]
    public void Decisions_are_those_of_an_oracle_that_knows_the_whole_history(LimitAlgorithm algorithm) =>
        LimitHistories.Of(algorithm).Sample(history =>
        {
            var oracle = LimitOracles.Of(algorithm);
            var (key, now, admitted) = (new LimitedKey(history.Limit), history.Origin, new List<(long, long)>());
            foreach (var (gap, cost) in history.Attempts)
            {
                now += gap;
                var expected = cost == 0 || oracle(history.Limit, admitted, now, cost);
                Assert.Equal(expected, key.Take(now, cost).IsAllowed);
                if (expected)
                    admitted.Add((now, cost));
            }
        });

    [Theory]
    [MemberData(nameof(Timed))]
    public void No_interval_admits_more_than_the_stated_bound(LimitAlgorithm algorithm) =>
        LimitHistories.Of(algorithm).Sample(history =>
        {
            var (limit, key, now, admitted) = (history.Limit, new LimitedKey(history.Limit), history.Origin, new List<(long Time, long Cost)>());
            foreach (var (gap, cost) in history.Attempts)
            {
                now += gap;
                if (!key.Take(now, cost).IsAllowed)
                    continue;
                admitted.Add((now, cost));
                BigInteger sum = 0;
                for (var i = admitted.Count - 1; i >= 0; i--)
                {
                    sum += admitted[i].Cost;
                    Assert.True(sum * limit.Period <= Bound(limit, now - admitted[i].Time));
                }
            }
        });

    [Theory]
    [MemberData(nameof(Timed))]
    public void The_wait_that_is_told_is_the_shortest_after_which_the_take_is_allowed(LimitAlgorithm algorithm) =>
        LimitHistories.Of(algorithm).Sample(history => Follow(history, (key, now, cost, decision) =>
        {
            if (decision.IsAllowed || cost > key.Limit.MaxCost)
            {
                Assert.Equal(decision.IsAllowed ? 0 : LimitDecision.Never, decision.RetryAfter);
                return;
            }

            Assert.True(decision.RetryAfter > 0);
            Assert.True(key.Peek(now + decision.RetryAfter, cost).IsAllowed);
            Assert.False(key.Peek(now + decision.RetryAfter - 1, cost).IsAllowed);
        }));

    [Theory]
    [MemberData(nameof(Timed))]
    public void What_remains_can_be_taken_and_not_one_more(LimitAlgorithm algorithm) =>
        LimitHistories.Of(algorithm).Sample(history => Follow(history, (key, now, _, decision) =>
        {
            Assert.True(key.Peek(now, decision.Remaining).IsAllowed);
            Assert.False(key.Peek(now, decision.Remaining + 1).IsAllowed);
        }));

    [Theory]
    [MemberData(nameof(Timed))]
    public void A_state_may_be_forgotten_when_it_is_idle_and_not_a_microsecond_before(LimitAlgorithm algorithm) =>
        LimitHistories.Of(algorithm).Sample(history => Follow(history, (key, now, _, decision) =>
        {
            Assert.Equal(decision.ResetAfter, key.IdleAfter(now));
            for (var later = now + decision.ResetAfter; later <= now + decision.ResetAfter + 1; later++)
            {
                for (var cost = 0L; cost <= Math.Min(30, key.Limit.MaxCost + 1); cost++)
                    Assert.Equal(LimitState.Peek(key.Limit, [], later, cost), key.Peek(later, cost));
            }

            if (decision.ResetAfter > 0)
                Assert.Equal(1, key.IdleAfter(now + decision.ResetAfter - 1));
        }));

    [Theory]
    [MemberData(nameof(Timed))]
    public void Peeking_tells_what_taking_would_and_changes_nothing(LimitAlgorithm algorithm) =>
        LimitHistories.Of(algorithm).Sample(history =>
        {
            var (key, now) = (new LimitedKey(history.Limit), history.Origin);
            foreach (var (gap, cost) in history.Attempts)
            {
                now += gap;
                var before = key.State.ToArray();
                var peeked = key.Peek(now, cost);
                Assert.True(key.Take(now, 0).IsAllowed);
                Assert.Equal(before, key.State);
                Assert.Equal(peeked, key.Take(now, cost));
            }
        });

    [Theory]
    [MemberData(nameof(Timed))]
    public void Takes_allocate_nothing(LimitAlgorithm algorithm)
    {
        Assert.True(Limit.TryCreate(algorithm, 100, TimeSpan.FromSeconds(1), null, out var limit, out _));
        var key = new LimitedKey(limit);
        var now = 0L;
        Assert.Equal(0, Allocations.Fewest(() =>
        {
            for (var i = 0; i < 2_000; i++, now += 1_000)
            {
                key.Take(now, 1);
                key.Peek(now, 1);
            }
        }));
    }

    private static void Follow(LimitHistory history, Action<LimitedKey, long, long, LimitDecision> check)
    {
        var (key, now) = (new LimitedKey(history.Limit), history.Origin);
        foreach (var (gap, cost) in history.Attempts)
        {
            now += gap;
            check(key, now, cost, key.Take(now, cost));
        }
    }

    // In permits times the period, for an interval with both its ends.
    private static BigInteger Bound(in Limit limit, long interval) => limit.Algorithm switch
    {
        LimitAlgorithm.TokenBucket or LimitAlgorithm.Gcra => ((BigInteger)limit.Burst * limit.Period) + ((BigInteger)limit.Permits * interval),
        LimitAlgorithm.LeakyBucket => ((BigInteger)(limit.Burst + 1) * limit.Period) + ((BigInteger)limit.Permits * interval),
        LimitAlgorithm.SlidingLog => (BigInteger)limit.Permits * ((interval / limit.Period) + 1) * limit.Period,
        _ => (BigInteger)limit.Permits * (((interval + limit.Period - 1) / limit.Period) + 1) * limit.Period,
    };
}
