using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Groundwork.Primitives.Limiting;

/// <summary>What keeps limits within what their algorithms can count, in sentences for whoever wrote the limit.</summary>
internal static class LimitChecks
{
    // Half of what is exact, since a take adds two amounts of up to the capacity.
    private const long MaxUnits = Limit.Exact / 2;

    /// <summary>What is wrong with a value by itself; null where nothing is.</summary>
    public static string? Range(LimitAlgorithm algorithm, long permits, TimeSpan period, long? burst)
    {
        if (algorithm is < LimitAlgorithm.TokenBucket or > LimitAlgorithm.Concurrency)
            return $"There is no such algorithm; choose one of {string.Join(", ", LimitAlgorithmNames.All)}.";
        var name = LimitAlgorithmNames.Of(algorithm);
        if (permits < 1)
            return "A limit admits at least one permit a period; to let nothing through, take the route away instead.";
        if (permits > Limit.MaxPermits)
            return $"A limit admits at most {Text(Limit.MaxPermits)} permits a period; choose a shorter period.";
        if (algorithm is LimitAlgorithm.SlidingLog or LimitAlgorithm.Concurrency && permits > Limit.MaxListed)
        {
            return algorithm == LimitAlgorithm.SlidingLog
                ? $"A sliding-log remembers every take, {Text(Limit.MaxListed)} at most; choose sliding-window for more."
                : $"A concurrency limit remembers every holder, {Text(Limit.MaxListed)} at most; split it into several keys.";
        }

        if (period.Ticks % TimeSpan.TicksPerMicrosecond != 0)
            return "A period is a whole number of microseconds; round it.";
        var microseconds = period.Ticks / TimeSpan.TicksPerMicrosecond;
        if (microseconds is < Limit.MinPeriod or > Limit.MaxPeriod)
            return "A period is from 1 ms to 366 days; choose one in this range, and permits to match.";
        if (burst is null)
            return null;
        if (algorithm is not (LimitAlgorithm.TokenBucket or LimitAlgorithm.LeakyBucket or LimitAlgorithm.Gcra))
            return $"A {name} limit has no burst; leave it out, or choose token-bucket or gcra.";
        return burst is < 1 or > Limit.MaxPermits ? $"A burst is from 1 to {Text(Limit.MaxPermits)} permits; choose one in this range." : null;
    }

    /// <summary>What would no longer be counted exactly; null where all is.</summary>
    public static string? Exactness(in Limit limit) => limit.Algorithm switch
    {
        LimitAlgorithm.TokenBucket or LimitAlgorithm.LeakyBucket or LimitAlgorithm.Gcra when !Fits(limit, limit.Gain) =>
            $"{Text(limit.Permits)} permits in {Text(limit.Period)} µs with a burst of {Text(limit.Burst)} can't be counted exactly; "
            + $"choose a burst of at most {Text(Math.Max(1, ((MaxUnits - limit.Gain) / limit.Unit) - 1))}, or permits that divide the period "
            + "more evenly, such as a round number.",
        LimitAlgorithm.SlidingWindow when !Fits(limit, 0) =>
            $"{Text(limit.Permits)} permits in a window of {Text(limit.Period)} µs can't be counted exactly; choose at most "
            + $"{Text(MaxUnits / limit.Unit)} permits, a shorter period, or token-bucket.",
        _ => null,
    };

    /// <summary>Says which mistake it was.</summary>
    [DoesNotReturn]
    public static void Throw(in Limit limit, LimitAlgorithm algorithm, long cost)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        throw new ArgumentException(
            limit.Algorithm == default
                ? "This is no limit: nobody made it."
                : $"A {LimitAlgorithmNames.Of(limit.Algorithm)} limit is not counted as {LimitAlgorithmNames.Of(algorithm)}.",
            nameof(limit));
    }

    private static bool Fits(in Limit limit, long more) => limit.MaxCost <= (MaxUnits - more) / limit.Unit;

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
