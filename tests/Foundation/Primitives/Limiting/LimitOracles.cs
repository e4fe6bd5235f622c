using System.Numerics;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Primitives.Tests.Limiting;

/// <summary>
/// What each algorithm promises, decided from the whole history and in rationals: nothing here is kept between takes but what was
/// admitted, and at which time.
/// </summary>
internal static class LimitOracles
{
    public delegate bool Oracle(Limit limit, List<(long Time, long Cost)> admitted, long now, long cost);

    public static Oracle Of(LimitAlgorithm algorithm) => algorithm switch
    {
        LimitAlgorithm.TokenBucket or LimitAlgorithm.Gcra => KeepsEveryInterval,
        LimitAlgorithm.LeakyBucket => (limit, admitted, now, cost) => Starts(limit, admitted, now, cost)
            .Count(start => start > (BigInteger)now * limit.Permits) <= limit.Burst,
        LimitAlgorithm.FixedWindow => (limit, admitted, now, cost) =>
            CountIn(limit, admitted, Window(limit, now)) + cost <= limit.Permits,
        LimitAlgorithm.SlidingWindow => KeepsWeightedWindows,
        LimitAlgorithm.SlidingLog => (limit, admitted, now, cost) => Since(admitted, now - limit.Period) + cost <= limit.Permits,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>When each permit of a leaky bucket starts, in shares of 1/permits of a microsecond, those of one more take included.</summary>
    public static List<BigInteger> Starts(Limit limit, List<(long Time, long Cost)> admitted, long now, long cost)
    {
        var (starts, free) = (new List<BigInteger>(), BigInteger.MinusOne * long.MaxValue * limit.Permits);
        foreach (var (time, permits) in admitted.Append((now, cost)))
        {
            for (var i = 0L; i < permits; i++)
            {
                var start = BigInteger.Max(free, (BigInteger)time * limit.Permits);
                starts.Add(start);
                free = start + limit.Period;
            }
        }

        return starts;
    }

    private static bool KeepsEveryInterval(Limit limit, List<(long Time, long Cost)> admitted, long now, long cost)
    {
        BigInteger sum = cost;
        if (sum > limit.Burst)
            return false;
        for (var i = admitted.Count - 1; i >= 0; i--)
        {
            sum += admitted[i].Cost;
            if ((sum - limit.Burst) * limit.Period > (BigInteger)limit.Permits * (now - admitted[i].Time))
                return false;
        }

        return true;
    }

    private static bool KeepsWeightedWindows(Limit limit, List<(long Time, long Cost)> admitted, long now, long cost)
    {
        var window = Window(limit, now);
        var tick = limit.Period % 1_000 == 0 && limit.Period >= 1_000_000 ? 1_000 : 1;
        var elapsed = (now - (window * limit.Period)) / tick * tick;
        var used = (CountIn(limit, admitted, window - 1) * (limit.Period - elapsed)) + ((CountIn(limit, admitted, window) + cost) * limit.Period);
        return used <= (BigInteger)limit.Permits * limit.Period;
    }

    private static long Window(Limit limit, long time)
    {
        var (quotient, remainder) = Math.DivRem(time, limit.Period);
        return remainder < 0 ? quotient - 1 : quotient;
    }

    private static BigInteger CountIn(Limit limit, List<(long Time, long Cost)> admitted, long window)
    {
        var (start, end, sum) = (window * limit.Period, (window + 1) * limit.Period, BigInteger.Zero);
        foreach (var (time, cost) in admitted)
            sum += time >= start && time < end ? cost : 0;
        return sum;
    }

    private static BigInteger Since(List<(long Time, long Cost)> admitted, long after)
    {
        var sum = BigInteger.Zero;
        foreach (var (time, cost) in admitted)
            sum += time > after ? cost : 0;
        return sum;
    }
}
