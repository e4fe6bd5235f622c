using Groundwork.Primitives.Hashing;

namespace Groundwork.Primitives.Sketches;

/// <summary>
/// Whether a key was seen before: "no" is certain, "yes" is wrong for a small part of the keys that were not, in about ten bits
/// for each key at 1%.
/// </summary>
/// <remarks>
/// <para>A blocked Bloom filter (F. Putze, P. Sanders, J. Singler, "Cache-, hash- and space-efficient Bloom filters", JEA 14,
/// 2009): all bits of a key lie in one cache line of 512, so that a call costs one miss of the processor's cache and not one for
/// each bit. Blocks fill unevenly, which costs more bits than B. Bloom's filter of 1970 for the same rate (at 1% a tenth more,
/// at 0.01% a third); the size is reckoned with that.</para>
/// <para>A key's bits are drawn independently: by double hashing, as A. Kirsch and M. Mitzenmacher do (2006), a line as small as
/// this would have too few patterns.</para>
/// <para>Hashes must be uniform over 64 bits. Keys are never taken out, only all at once. Not for concurrent use; calls allocate
/// nothing.</para>
/// </remarks>
public sealed class BloomFilter
{
    /// <summary>The most keys.</summary>
    public const int MaxCapacity = 1 << 30;

    private const int BitsOfPosition = 9;
    private const int PositionsPerHash = 7;
    private const int MaxHashes = 2 * PositionsPerHash;

    private readonly CacheLines _blocks;
    private readonly int _hashes;

    /// <param name="capacity">How many keys it is for, 1 to 2³⁰. More are taken, at a higher rate: see <see cref="FalsePositiveRateAt"/>.</param>
    /// <param name="falsePositiveRate">Which part of the keys that were not added may seem to have been, once it is full; 0.00001 to 0.5.</param>
    public BloomFilter(int capacity, double falsePositiveRate = 0.01)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxCapacity);
        if (falsePositiveRate is not (>= 0.00001 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(falsePositiveRate), falsePositiveRate, "The rate is between 0.00001 and 0.5.");
        (var blocks, _hashes) = Enumerable.Range(1, MaxHashes).Select(hashes => (FewestBlocks(capacity, falsePositiveRate, hashes), hashes)).Min();
        Capacity = capacity;
        _blocks = new CacheLines(blocks);
    }

    /// <summary>How many keys it is for.</summary>
    public int Capacity { get; }

    /// <summary>What it takes.</summary>
    public long MemoryBytes => _blocks.Bytes;

    /// <summary>Adds a key.</summary>
    /// <returns>Whether it certainly was not there before.</returns>
    public bool Add(ulong hash)
    {
        var block = _blocks[BlockOf(hash)];
        var added = 0UL;
        var (mixed, positions) = (Mixing.Mix(hash), 0UL);
        for (var i = 0; i < _hashes; i++)
        {
            positions = Next(i, positions, ref mixed);
            ref var word = ref block[(int)(positions >> 6) & (CacheLines.Words - 1)];
            var bit = 1UL << (int)positions;
            added |= bit & ~word;
            word |= bit;
        }

        return added != 0;
    }

    /// <summary>Whether a key may have been added; where it was, always.</summary>
    public bool MayContain(ulong hash)
    {
        var block = _blocks[BlockOf(hash)];
        var (mixed, positions) = (Mixing.Mix(hash), 0UL);
        for (var i = 0; i < _hashes; i++)
        {
            positions = Next(i, positions, ref mixed);
            if ((block[(int)(positions >> 6) & (CacheLines.Words - 1)] & (1UL << (int)positions)) == 0)
                return false;
        }

        return true;
    }

    /// <summary>Forgets all keys.</summary>
    public void Clear() => _blocks.Clear();

    /// <summary>Which part of all keys that were not added seem to have been, by theory, once so many were.</summary>
    /// <param name="keys">How many distinct keys, from 0.</param>
    public double FalsePositiveRateAt(long keys)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keys);
        return Rate((double)keys / _blocks.Count, _hashes);
    }

    private int BlockOf(ulong hash) => (int)Mixing.Scale(hash, (ulong)_blocks.Count);

    // The lowest nine bits are a position; the rest are those to come, until they are used up.
    private static ulong Next(int i, ulong positions, ref ulong mixed)
    {
        if (i == PositionsPerHash)
            mixed = Mixing.Mix(mixed + Mixing.Golden);
        return i % PositionsPerHash == 0 ? mixed : positions >> BitsOfPosition;
    }

    private static int FewestBlocks(int capacity, double rate, int hashes)
    {
        var (low, high) = (1, CacheLines.MaxCount - 1);
        while (low < high)
        {
            var blocks = low + ((high - low) / 2);
            if (Rate((double)capacity / blocks, hashes) <= rate)
                high = blocks;
            else
                low = blocks + 1;
        }

        return low;
    }

    /// <summary>
    /// The rate where a block has <paramref name="keys"/> on average: the number of keys in a block is Poisson's; n keys leave a bit
    /// unset with a probability of (1 − 1/512) to the power of n · <paramref name="hashes"/>.
    /// </summary>
    private static double Rate(double keys, int hashes)
    {
        // Blocks of so many keys hardly differ.
        if (keys > CacheLines.Bits)
            return RateOf(keys, hashes);
        var (sum, seen, probability) = (0.0, 0.0, Math.Exp(-keys));
        for (var n = 0; n <= keys || seen < 1 - 1e-9; n++)
        {
            sum += probability * RateOf(n, hashes);
            seen += probability;
            probability *= keys / (n + 1);
        }

        return sum;
    }

    private static double RateOf(double keysInBlock, int hashes) =>
        Math.Pow(1 - Math.Pow(1 - (1.0 / CacheLines.Bits), keysInBlock * hashes), hashes);
}
