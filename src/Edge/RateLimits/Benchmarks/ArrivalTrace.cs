namespace Groundwork.RateLimits.Benchmarks;

/// <summary>When callers of one key come, in microseconds from the first.</summary>
internal static class ArrivalTrace
{
    private const double BurstTimes = 10;

    /// <summary>Callers who know nothing of one another (Poisson): waits between them are exponential.</summary>
    /// <param name="count">How many come.</param>
    /// <param name="perSecond">How many a second, on average.</param>
    /// <param name="random">Seeded, so that every round has the same trace.</param>
    public static long[] Poisson(int count, double perSecond, Random random)
    {
        var (times, at) = (new long[count], 0.0);
        for (var i = 0; i < count; i++)
            times[i] = (long)(at += Exponential(1_000_000 / perSecond, random));
        return times;
    }

    /// <summary>
    /// Callers who come in bursts: for a time of random length ten times as many as on average, then nobody, so that the average is the same.
    /// </summary>
    /// <param name="count">How many come.</param>
    /// <param name="perSecond">How many a second, on average.</param>
    /// <param name="burst">How long a burst is, on average.</param>
    /// <param name="random">Seeded, so that every round has the same trace.</param>
    public static long[] Bursts(int count, double perSecond, TimeSpan burst, Random random)
    {
        var (times, at, ends) = (new long[count], 0.0, 0.0);
        var gap = 1_000_000 / (perSecond * BurstTimes);
        for (var i = 0; i < count; i++)
        {
            at += Exponential(gap, random);
            if (at > ends)
            {
                at = ends + Exponential(burst.TotalMicroseconds * (BurstTimes - 1), random);
                ends = at + Exponential(burst.TotalMicroseconds, random);
            }

            times[i] = (long)at;
        }

        return times;
    }

    private static double Exponential(double mean, Random random) => -mean * Math.Log(1 - random.NextDouble());
}
