using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Drills.Callers;

/// <summary>The limits that drills are about, by turns, and what each promises.</summary>
internal static class LimitCases
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Half = TimeSpan.FromMilliseconds(500);

    /// <summary>All that let through so many in a time: a bucket first.</summary>
    public static IReadOnlyList<Limit> All { get; } =
    [
        Limit.TokenBucket(400, Second, burst: 60),
        Limit.Gcra(400, Second, burst: 60),
        Limit.SlidingLog(200, Half),
        Limit.SlidingWindow(200, Half),
        Limit.FixedWindow(200, Half),
        Limit.LeakyBucket(400, Second, queue: 60),
    ];

    /// <summary>What is taken from in a round: the next of them when both kinds of stores had their turn.</summary>
    public static Limit Of(int round) => All[round / 2 % All.Count];

    /// <summary>The most that a limit admits in any interval of so many microseconds; of a queue, the most that may begin.</summary>
    public static long Most(Limit limit, long microseconds) => limit.Algorithm switch
    {
        LimitAlgorithm.TokenBucket or LimitAlgorithm.Gcra => limit.Burst + (long)((Int128)microseconds * limit.Permits / limit.Period),
        LimitAlgorithm.LeakyBucket => 1 + (long)((Int128)microseconds * limit.Permits / limit.Period),
        LimitAlgorithm.SlidingLog => limit.Permits * ((microseconds / limit.Period) + 1),
        LimitAlgorithm.FixedWindow or LimitAlgorithm.SlidingWindow =>
            limit.Permits * (((microseconds + limit.Period - 1) / limit.Period) + 1),
        _ => throw new ArgumentException($"{limit.Algorithm} is not among those that drills are about.", nameof(limit)),
    };

    /// <summary>No wait that it asks for is longer.</summary>
    public static long LongestWait(Limit limit) => 2 * Math.Max(limit.Period, limit.RefillTime);
}
