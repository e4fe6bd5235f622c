using CsCheck;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Primitives.Tests.Limiting;

/// <summary>Clocks that step back, that jump ahead, and that show what no clock shows.</summary>
public sealed class LimitClockTests
{
    private const long Today = 1_790_000_000_000_000;

    // From a microsecond to ten years.
    private static readonly Gen<long> Jumps = Gen.Select(Gen.Int[0, 48], Gen.Long[0, 1_000]).Select((bits, more) => (1L << bits) + more);

    public static TheoryData<LimitAlgorithm> Timed => [.. LimitHistories.Timed];

    [Theory]
    [MemberData(nameof(Timed))]
    public void Nobody_waits_for_as_long_as_a_clock_stepped_back(LimitAlgorithm algorithm) =>
        Gen.Select(LimitHistories.Of(algorithm), Jumps).Sample((history, step) =>
        {
            var (key, now) = Follow(history);
            now -= step;
            for (var cost = 1L; cost <= Math.Min(20, key.Limit.MaxCost); cost++)
            {
                var decision = key.Take(now, cost);
                if (decision.IsAllowed)
                    continue;
                Assert.InRange(decision.RetryAfter, 1, Longest(key.Limit));
                Assert.True(key.Peek(now + decision.RetryAfter, cost).IsAllowed);
            }
        });

    [Theory]
    [MemberData(nameof(Timed))]
    public void A_step_back_and_forth_forgives_one_burst_at_most(LimitAlgorithm algorithm) =>
        Gen.Select(LimitHistories.Of(algorithm), Jumps).Sample((history, step) =>
        {
            var (key, now) = Follow(history);
            key.Exhaust(now);
            Assert.InRange(key.Exhaust(now - step) + key.Exhaust(now), 0, key.Limit.MaxCost);
        });

    [Theory]
    [MemberData(nameof(Timed))]
    public void A_step_back_by_itself_gives_nothing(LimitAlgorithm algorithm) =>
        Gen.Select(LimitHistories.Of(algorithm), Jumps).Sample((history, step) =>
        {
            var (key, now) = Follow(history);
            key.Exhaust(now);
            Assert.Equal(0, key.Exhaust(now - step));
        });

    [Theory]
    [MemberData(nameof(Timed))]
    public void A_jump_ahead_gives_one_burst_and_no_more(LimitAlgorithm algorithm)
    {
        Assert.True(Limit.TryCreate(algorithm, 5, TimeSpan.FromDays(1), null, out var limit, out _));
        foreach (var from in (long[])[0, Today, long.MinValue, -1])
        {
            var key = new LimitedKey(limit);
            key.Exhaust(from);
            Assert.Equal(limit.MaxCost, key.Exhaust(long.MaxValue));
            Assert.Equal(0, key.Exhaust(long.MaxValue));
        }
    }

    [Theory]
    [MemberData(nameof(Timed))]
    public void Any_times_and_any_bytes_give_a_decision_within_bounds(LimitAlgorithm algorithm)
    {
        var times = Gen.OneOf(Gen.Long, Gen.Const(long.MinValue), Gen.Const(long.MaxValue), Gen.Long[Today, Today + 1_000_000]);
        var costs = Gen.OneOf(Gen.Long[0, 20], Gen.Const(long.MaxValue), Gen.Long[0, long.MaxValue]);
        var bytes = Gen.OneOf(Gen.Byte.Array[0, 40], Gen.OneOf(Gen.Const((byte)0), Gen.Const((byte)255), Gen.Byte).Array[0, 200]);
        Gen.Select(LimitHistories.Limits(algorithm), Gen.Select(times, costs, bytes, Gen.Bool).Array[1, 30]).Sample((limit, steps) =>
        {
            var key = new LimitedKey(limit);
            foreach (var (now, cost, damage, isDamaged) in steps)
            {
                if (isDamaged)
                    key.Damage(damage);
                var decision = key.Take(now, cost);
                Assert.InRange(decision.Remaining, 0, limit.MaxCost);
                Assert.InRange(decision.ResetAfter, 0, Longest(limit));
                Assert.InRange(decision.Delay, 0, Longest(limit));
                Assert.InRange(decision.RetryAfter, cost > limit.MaxCost ? LimitDecision.Never : 0, Longest(limit));
                Assert.Equal(decision.IsAllowed, decision.RetryAfter == 0);
            }
        });
    }

    [Fact]
    public void Any_bytes_are_a_list_of_holders_within_bounds() =>
        Gen.Select(Gen.Long[1, 20], Gen.Select(Gen.Byte.Array[0, 200], Gen.Long, Gen.Long[0, 25], Gen.Bool).Array[1, 20]).Sample((permits, steps) =>
        {
            var key = new LimitedKey(Limit.Concurrency(permits, TimeSpan.FromSeconds(1)));
            foreach (var (damage, now, cost, isLeaving) in steps)
            {
                if (damage.Length > 20)
                    key.Damage(damage);
                if (isLeaving)
                    key.Exit((ulong)cost);
                var decision = key.Enter((ulong)cost, now, cost);
                Assert.InRange(decision.Remaining, 0, permits);
                Assert.InRange(decision.ResetAfter, 0, 1_000_000);
                Assert.InRange(decision.RetryAfter, LimitDecision.Never, 1_000_000);
            }
        });

    // All that a limit holds comes back in this time; counts fade within two windows.
    private static long Longest(in Limit limit) =>
        LimitHistories.Buckets.Contains(limit.Algorithm) ? limit.RefillTime : 2 * limit.Period;

    private static (LimitedKey Key, long Now) Follow(LimitHistory history)
    {
        var (key, now) = (new LimitedKey(history.Limit), history.Origin);
        foreach (var (gap, cost) in history.Attempts)
            key.Take(now += gap, cost);
        return (key, now);
    }
}
