using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Near;

/// <summary>What the wait that a refusal told says of the waits for other costs, at the same moment.</summary>
internal static class Waits
{
    /// <summary>The wait for <paramref name="cost"/>, where <paramref name="asked"/> was refused for <paramref name="wait"/>.</summary>
    /// <remarks>
    /// With the buckets, and GCRA, it differs by the time in which the difference comes back, at most a microsecond too short; with the fixed
    /// window it is the same. The sliding ones do not tell: there it is the wait that was told, never too short for less than was asked and never
    /// too long for more.
    /// </remarks>
    public static long For(in Limit limit, long wait, long asked, long cost)
    {
        if (cost > limit.MaxCost)
            return LimitDecision.Never;
        return cost != asked && IsSteady(limit.Algorithm) ? Math.Max(1, wait + Floor((cost - asked) * limit.Unit, limit.Gain)) : wait;
    }

    /// <summary>Whether <see cref="For"/> is surely not too long, so that who is refused for so long loses nothing.</summary>
    public static bool IsSound(in Limit limit, long asked, long cost) =>
        cost >= asked || limit.Algorithm is not (LimitAlgorithm.SlidingLog or LimitAlgorithm.SlidingWindow);

    /// <summary>In which time so many come back, rounded up: buckets and GCRA.</summary>
    public static long Of(in Limit limit, long permits) => -Floor(-permits * limit.Unit, limit.Gain);

    private static bool IsSteady(LimitAlgorithm algorithm) => algorithm is LimitAlgorithm.TokenBucket or LimitAlgorithm.Gcra or LimitAlgorithm.LeakyBucket;

    private static long Floor(long dividend, long divisor)
    {
        var (quotient, rest) = Math.DivRem(dividend, divisor);
        return rest < 0 ? quotient - 1 : quotient;
    }
}
