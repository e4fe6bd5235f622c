using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Groundwork.Primitives.Limiting;

/// <summary>How much is let through, and by which algorithm: checked when it is made, so that no take can overflow.</summary>
/// <remarks>
/// <para>Amounts are counted in units small enough that the rate is a whole number of them: <see cref="Permits"/> a
/// <see cref="Period"/>, reduced by their greatest common divisor, are <see cref="Gain"/> units a microsecond, where a permit is
/// <see cref="Unit"/> units. So one permit a day neither starves nor drifts, and nothing is ever rounded.</para>
/// <para>Invariant: no product or sum that a take forms exceeds <see cref="Exact"/>, above which a script that counts in doubles
/// would no longer say the same. A limit for which one would is refused.</para>
/// <para>Immutable. A default value is no limit, and refused by every take.</para>
/// </remarks>
public readonly record struct Limit
{
    /// <summary>The most permits a period, and the largest burst.</summary>
    public const long MaxPermits = 1_000_000_000;

    /// <summary>The most permits of limits that remember every take or holder: sliding log and concurrency.</summary>
    public const long MaxListed = 10_000;

    /// <summary>The longest period, 366 days, in microseconds.</summary>
    public const long MaxPeriod = 366L * 24 * 60 * 60 * 1_000_000;

    /// <summary>The shortest period, a millisecond, in microseconds.</summary>
    public const long MinPeriod = 1_000;

    /// <summary>Up to here, 2⁵³, every whole number is also a double.</summary>
    public const long Exact = 1L << 53;

    private const long Second = 1_000_000;
    private const long Millisecond = 1_000;

    private Limit(LimitAlgorithm algorithm, long permits, long period, long burst)
    {
        (Algorithm, Permits, Period, Burst) = (algorithm, permits, period, burst);
        MaxCost = algorithm == LimitAlgorithm.LeakyBucket ? burst + 1 : burst;
        if (algorithm == LimitAlgorithm.SlidingWindow)
        {
            Tick = period >= Second && period % Millisecond == 0 ? Millisecond : 1;
            (Gain, Unit) = (permits, period / Tick);
        }
        else
        {
            var divisor = GreatestCommonDivisor(permits, period);
            (Gain, Unit, Tick) = (permits / divisor, period / divisor, 1);
        }

        // Wide, since what does not fit is refused only after this.
        RefillTime = (long)((((Int128)MaxCost * Unit) + Gain - 1) / Gain);

        var print = Fnv1a.Add(Fnv1a.Start, (long)algorithm);
        print = Fnv1a.Add(print, permits);
        print = Fnv1a.Add(print, period);
        Fingerprint = Fnv1a.Add(print, burst);
    }

    /// <summary>How it counts.</summary>
    public LimitAlgorithm Algorithm { get; }

    /// <summary>How many permits a period; with concurrency, how many at once.</summary>
    public long Permits { get; }

    /// <summary>The period in microseconds; with concurrency, the life of a permit that nobody gives back.</summary>
    public long Period { get; }

    /// <summary>
    /// How many may be taken at once after a time of rest (token bucket, GCRA), how many may wait (leaky bucket);
    /// <see cref="Permits"/> with the others.
    /// </summary>
    public long Burst { get; }

    /// <summary>The most that a single take can ever get.</summary>
    public long MaxCost { get; }

    /// <summary>Units that come back every microsecond: token bucket, GCRA, leaky bucket.</summary>
    public long Gain { get; }

    /// <summary>Units in a permit; with the sliding window, ticks in a period.</summary>
    public long Unit { get; }

    /// <summary>The microseconds of a tick: 1,000 for sliding windows of whole milliseconds from a second up, 1 elsewhere.</summary>
    public long Tick { get; }

    /// <summary>Units in all: what a rested limit holds.</summary>
    public long Capacity => MaxCost * Unit;

    /// <summary>The microseconds in which all <see cref="Capacity"/> comes back: token bucket, GCRA, leaky bucket.</summary>
    public long RefillTime { get; }

    /// <summary>
    /// The same for equal limits only, as far as 64 bits go, in every process and version: what a store names states by, so that a
    /// limit that was changed begins anew.
    /// </summary>
    public ulong Fingerprint { get; }

    /// <summary>A token bucket of <paramref name="burst"/> tokens, as many as <paramref name="permits"/> unless it is given.</summary>
    public static Limit TokenBucket(long permits, TimeSpan period, long? burst = null) =>
        Create(LimitAlgorithm.TokenBucket, permits, period, burst);

    /// <summary>A leaky bucket in which <paramref name="queue"/> may wait, as many as <paramref name="permits"/> unless it is given.</summary>
    public static Limit LeakyBucket(long permits, TimeSpan period, long? queue = null) =>
        Create(LimitAlgorithm.LeakyBucket, permits, period, queue);

    /// <summary>Windows of a fixed length, aligned to the clock's origin.</summary>
    public static Limit FixedWindow(long permits, TimeSpan period) => Create(LimitAlgorithm.FixedWindow, permits, period, null);

    /// <summary>A log of every take of the last period.</summary>
    public static Limit SlidingLog(long permits, TimeSpan period) => Create(LimitAlgorithm.SlidingLog, permits, period, null);

    /// <summary>The current window and what is left of the one before.</summary>
    public static Limit SlidingWindow(long permits, TimeSpan period) => Create(LimitAlgorithm.SlidingWindow, permits, period, null);

    /// <summary>A token bucket's decisions, kept in a single time.</summary>
    public static Limit Gcra(long permits, TimeSpan period, long? burst = null) => Create(LimitAlgorithm.Gcra, permits, period, burst);

    /// <summary>So many at once, each for <paramref name="life"/> at most.</summary>
    public static Limit Concurrency(long permits, TimeSpan life) => Create(LimitAlgorithm.Concurrency, permits, life, null);

    /// <summary>A limit, or the sentence that says what is wrong with it and what to do.</summary>
    /// <param name="permits">1 to <see cref="MaxPermits"/>; to <see cref="MaxListed"/> with sliding log and concurrency.</param>
    /// <param name="period">A millisecond to 366 days, in whole microseconds.</param>
    /// <param name="burst">1 to <see cref="MaxPermits"/>, <paramref name="permits"/> where null; only for algorithms that have one.</param>
    public static bool TryCreate(
        LimitAlgorithm algorithm, long permits, TimeSpan period, long? burst, out Limit limit, [NotNullWhen(false)] out string? error)
    {
        limit = default;
        error = LimitChecks.Range(algorithm, permits, period, burst);
        if (error is not null)
            return false;
        var made = new Limit(algorithm, permits, period.Ticks / TimeSpan.TicksPerMicrosecond, burst ?? permits);
        error = LimitChecks.Exactness(made);
        if (error is not null)
            return false;
        limit = made;
        return true;
    }

    /// <summary>The shortest time in which so many units come back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal long TimeOf(long units) => Gain == 1 ? units : (units + Gain - 1) / Gain;

    /// <summary>Refuses what only a mistake in the calling code can bring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Ensure(LimitAlgorithm algorithm, long cost)
    {
        if (Algorithm != algorithm || cost < 0)
            LimitChecks.Throw(this, algorithm, cost);
    }

    private static Limit Create(LimitAlgorithm algorithm, long permits, TimeSpan period, long? burst) =>
        TryCreate(algorithm, permits, period, burst, out var limit, out var error) ? limit : throw new ArgumentException(error);

    private static long GreatestCommonDivisor(long a, long b)
    {
        while (b != 0)
            (a, b) = (b, a % b);
        return a;
    }
}
