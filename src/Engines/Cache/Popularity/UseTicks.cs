using System.Numerics;

namespace Groundwork.Cache.Popularity;

/// <summary>
/// Time as a cache feels it: counted in uses of keys, in steps of a fraction of what fits into it. A cache that is asked twice as
/// often turns over twice as fast, and nothing that is learned of it changes.
/// </summary>
/// <remarks>Shards count for themselves and bring 64 uses at a time, so that they do not meet at one counter. Any number of threads.</remarks>
internal sealed class UseTicks
{
    /// <summary>The bits of a tick that are written down; what is older than half of the round is taken for younger.</summary>
    public const int Bits = 20;

    /// <summary>How many uses a shard brings at once.</summary>
    public const int UsesAtOnce = 64;

    private const uint Mask = (1 << Bits) - 1;

    // With entries of 64 bytes there are 4,096 ticks in as many uses as entries fit, with such of 16 KiB there are 16.
    private const long BytesPerTick = 64L * 4096;

    private long _uses;
    private int _shift;

    /// <summary>How many uses there were.</summary>
    public long Uses => Volatile.Read(ref _uses);

    /// <summary>The time.</summary>
    public uint Now => (uint)(Volatile.Read(ref _uses) >> _shift) & Mask;

    /// <summary>How many ticks so many uses are; at least 1.</summary>
    public long In(long uses) => Math.Max(1, uses >> _shift);

    /// <summary>Fits the steps to a bound of memory: ticks that were written down before mean nothing after.</summary>
    public void Fit(long bytes) => _shift = BitOperations.Log2((ulong)Math.Max(1, bytes / BytesPerTick));

    /// <summary>Brings uses.</summary>
    public void Add(int uses) => Interlocked.Add(ref _uses, uses);

    /// <summary>The ticks from one to another.</summary>
    public static uint Between(uint from, uint to) => (to - from) & Mask;
}
