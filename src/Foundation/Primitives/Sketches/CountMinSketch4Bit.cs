using System.Numerics;
using System.Runtime.InteropServices;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Primitives.Sketches;

/// <summary>
/// About how often each key was asked for lately, up to 15 times, in 8 bytes for each key that a cache holds: what admission to
/// a cache is decided by.
/// </summary>
/// <remarks>
/// <para>The frequency sketch of TinyLFU (G. Einziger, R. Friedman, B. Manes, "TinyLFU: a highly efficient cache admission
/// policy", ACM ToS 13(4), 2017): a count-min sketch (G. Cormode and S. Muthukrishnan, 2005) of four rows of 4-bit counters with
/// conservative update (C. Estan and G. Varghese, 2002): of a key's four counters only the smallest are raised, and the smallest
/// is the estimate. After <see cref="SampleSize"/> increments every counter is halved, so that what was popular once is
/// forgotten; half of them then count as made.</para>
/// <para>An estimate is never below the number of increments since the last halving plus half of the estimate then (rounded
/// down), or 15; it is above it where keys share all of their counters.</para>
/// <para>All four counters of a key lie in one cache line, each in a row of its own of 32 (F. Putze, P. Sanders, J. Singler,
/// "Cache-, hash- and space-efficient Bloom filters", 2007, for Bloom filters): one miss of the processor's cache a call. The
/// halving is worked off in slices of 4 KB an increment, so no call takes longer than a microsecond however large the sketch
/// is; estimates are meanwhile given as if it had been done at once (an increment of what is still to be halved is halved with
/// it).</para>
/// <para>Hashes must be uniform over 64 bits, and unknown to those who choose keys. Not for concurrent use; calls allocate
/// nothing.</para>
/// </remarks>
public sealed class CountMinSketch4Bit
{
    /// <summary>The largest count.</summary>
    public const int MaxCount = 15;

    /// <summary>The largest capacity: a sketch of 8 GiB.</summary>
    public const int MaxCapacity = 1 << 30;

    /// <summary>How many keys of a cache a block of counters is for.</summary>
    private const int KeysPerBlock = 8;

    private const int Rows = 4;
    private const int BlocksPerSlice = 64;
    private const ulong HalfOfEach = 0x7777_7777_7777_7777;

    private readonly CacheLines _blocks;
    private long _increments;
    private int _halved; // blocks below this one; all of them where no halving is under way

    /// <param name="capacity">How many keys the cache holds, 1 to 2³⁰.</param>
    /// <param name="sampleSize">After how many increments all counts are halved, at least <paramref name="capacity"/>; ten times
    /// the capacity unless it is said otherwise.</param>
    public CountMinSketch4Bit(int capacity, long? sampleSize = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxCapacity);
        SampleSize = sampleSize ?? 10L * capacity;
        ArgumentOutOfRangeException.ThrowIfLessThan(SampleSize, capacity, nameof(sampleSize));
        Capacity = capacity;
        _blocks = new CacheLines((capacity + KeysPerBlock - 1) / KeysPerBlock);
        _halved = _blocks.Count;
    }

    /// <summary>How many keys the cache holds.</summary>
    public int Capacity { get; }

    /// <summary>After how many increments all counts are halved.</summary>
    public long SampleSize { get; }

    /// <summary>What it takes: 8 bytes for each key of the capacity, and less than 128 more.</summary>
    public long MemoryBytes => _blocks.Bytes;

    /// <summary>Notes that a key was asked for.</summary>
    public void Increment(ulong hash)
    {
        var block = _blocks[BlockOf(hash)];
        var least = Least(block, hash);
        if (least < MaxCount)
        {
            for (var row = 0; row < Rows; row++)
            {
                ref var word = ref block[WordOf(hash, row)];
                var shift = ShiftOf(hash, row);
                if (((int)(word >> shift) & MaxCount) == least)
                    word += 1UL << shift;
            }
        }

        if (++_increments >= SampleSize)
            BeginHalving();
        if (_halved < _blocks.Count)
            Halve(Math.Min(BlocksPerSlice, _blocks.Count - _halved));
    }

    /// <summary>About how often a key was asked for lately: 0 to <see cref="MaxCount"/>.</summary>
    public int Estimate(ulong hash)
    {
        var block = BlockOf(hash);
        var least = Least(_blocks[block], hash);
        return block < _halved ? least : least >> 1;
    }

    /// <summary>Halves all counts now, as after a full sample; takes time in proportion to the capacity.</summary>
    public void Reset()
    {
        Halve(_blocks.Count - _halved);
        BeginHalving();
        Halve(_blocks.Count);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _blocks.Clear();
        _increments = 0;
        _halved = _blocks.Count;
    }

    private void BeginHalving()
    {
        _increments = SampleSize / 2;
        _halved = 0;
    }

    private void Halve(int blocks)
    {
        var vectors = MemoryMarshal.Cast<ulong, Vector<ulong>>(_blocks.Range(_halved, blocks));
        foreach (ref var vector in vectors)
            vector = Vector.ShiftRightLogical(vector, 1) & new Vector<ulong>(HalfOfEach);
        _halved += blocks;
    }

    private static int Least(ReadOnlySpan<ulong> block, ulong hash)
    {
        var least = MaxCount;
        for (var row = 0; row < Rows; row++)
            least = Math.Min(least, (int)(block[WordOf(hash, row)] >> ShiftOf(hash, row)) & MaxCount);
        return least;
    }

    // The high bits of a hash name its block, and five of its low bits name its counter in each row of two words.
    private int BlockOf(ulong hash) => (int)Mixing.Scale(hash, (ulong)_blocks.Count);

    private static int WordOf(ulong hash, int row) => (2 * row) | (int)((hash >> (5 * row)) & 1);

    private static int ShiftOf(ulong hash, int row) => (int)((hash >> ((5 * row) + 1)) & 15) << 2;
}
