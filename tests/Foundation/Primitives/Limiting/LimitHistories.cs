using CsCheck;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Primitives.Tests.Limiting;

/// <summary>One attempt to take: so long after the one before, in microseconds, and at what cost.</summary>
internal readonly record struct Attempt(long Gap, long Cost);

/// <summary>A limit and what befalls it.</summary>
internal sealed record LimitHistory(Limit Limit, long Origin, Attempt[] Attempts);

/// <summary>Random limits, and histories of takes that crowd, that come just at the rate, and that rest.</summary>
internal static class LimitHistories
{
    public static readonly LimitAlgorithm[] Buckets = [LimitAlgorithm.TokenBucket, LimitAlgorithm.Gcra, LimitAlgorithm.LeakyBucket];

    /// <summary>Those that a take alone counts in; with concurrency it takes a holder too.</summary>
    public static readonly LimitAlgorithm[] Timed =
        [.. Buckets, LimitAlgorithm.FixedWindow, LimitAlgorithm.SlidingWindow, LimitAlgorithm.SlidingLog];

    // Short and long, round and prime, and a window of half milliseconds.
    private static readonly long[] Awkward = [1_000, 1_500, 1_000_000, 1_000_003, 60_000_000, 86_400_000_000, Limit.MaxPeriod];

    private static readonly Gen<long> Periods = Gen.OneOf(
        Gen.Int[0, 6].Select(i => Awkward[i]),
        Gen.Long[1_000, 100_000]);

    private static readonly Gen<long> Origins = Gen.OneOf(Gen.Const(0L), Gen.Const(1_790_000_000_000_000L), Gen.Long[-1_000_000_000, 1_000_000_000]);

    public static Gen<Limit> Limits(LimitAlgorithm algorithm) =>
        Gen.Select(Gen.OneOf(Gen.Long[1, 12], Gen.Long[1, 1_000]), Periods, Gen.Long[1, 20]).Select((permits, period, burst) =>
        {
            var span = TimeSpan.FromMicroseconds(period);
            return Limit.TryCreate(algorithm, permits, span, Buckets.Contains(algorithm) ? burst : null, out var limit, out var error)
                ? limit
                : throw new InvalidOperationException(error);
        });

    public static Gen<LimitHistory> Of(LimitAlgorithm algorithm) =>
        from limit in Limits(algorithm)
        from origin in Origins
        from attempts in Attempts(limit).Array[0, 60]
        select new LimitHistory(limit, origin, attempts);

    private static Gen<Attempt> Attempts(Limit limit)
    {
        var interval = Math.Max(1, limit.Period / limit.Permits);
        var gaps = Gen.OneOf(
            Gen.Const(0L),
            Gen.Long[0, 3],
            Gen.Long[interval, interval + 1],
            Gen.Long[0, 2 * interval],
            Gen.Long[0, 2 * limit.Period],
            Gen.Const(limit.Period));
        return Gen.Select(gaps, Gen.OneOf(Gen.Const(1L), Gen.Long[0, limit.MaxCost + 1]), (gap, cost) => new Attempt(gap, cost));
    }
}
