using System.Numerics;

namespace Groundwork.Primitives;

/// <summary>
/// Counts times in buckets whose width grows with their value, so that percentiles of any number of times, from nanoseconds to
/// years, cost a fixed memory of 58 KiB.
/// </summary>
/// <remarks>
/// <para>The layout of G. Tene's HdrHistogram: below 256 each value has a bucket of its own, above that each power of two is cut
/// into 128 equal ones. A percentile is the upper end of its bucket: never too low, and too high by less than 0.8%.</para>
/// <para>Not for concurrent use: each thread fills one of its own, and <see cref="Add"/> brings them together.</para>
/// </remarks>
public sealed class LatencyHistogram
{
    private const int PartBits = 7;
    private const int Parts = 1 << PartBits;

    private readonly long[] _buckets = new long[BucketOf(long.MaxValue) + 1];

    /// <summary>How many values were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The largest value; 0 where there is none.</summary>
    public long Max { get; private set; }

    /// <summary>Records a value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public void Record(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        _buckets[BucketOf(value)]++;
        Count++;
        Max = Math.Max(Max, value);
    }

    /// <summary>Adds what another one has recorded.</summary>
    public void Add(LatencyHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < _buckets.Length; i++)
            _buckets[i] += other._buckets[i];
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>A value that the given part of all values does not exceed.</summary>
    /// <param name="part">From 0 to 1: 0.99 for the 99th percentile.</param>
    /// <returns>At most 0.8% above the exact one; 0 where nothing was recorded.</returns>
    public long Percentile(double part)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, 1);
        var wanted = Math.Max(1, (long)Math.Ceiling(part * Count));
        var seen = 0L;
        for (var i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= wanted)
                return Math.Min(EndOf(i), Max);
        }

        return 0;
    }

    private static int BucketOf(long value)
    {
        if (value < 2 * Parts)
            return (int)value;
        var shift = BitOperations.Log2((ulong)value) - PartBits;
        return (shift << PartBits) + (int)(value >> shift);
    }

    // The last value that lies in a bucket.
    private static long EndOf(int bucket)
    {
        if (bucket < 2 * Parts)
            return bucket;
        var shift = (bucket >> PartBits) - 1;
        return (((bucket - ((long)shift << PartBits)) + 1) << shift) - 1;
    }
}
