using System.Runtime.InteropServices;

namespace Groundwork.Primitives.Sketches;

/// <summary>
/// Blocks of 512 bits, all zero at first, each of which is one cache line: whatever a key needs is there after one miss.
/// </summary>
/// <remarks>Not for concurrent use. The memory does not move; 56 bytes more than the blocks.</remarks>
internal sealed class CacheLines
{
    /// <summary>How many words a block has.</summary>
    public const int Words = 8;

    /// <summary>How many bits a block has.</summary>
    public const int Bits = 64 * Words;

    /// <summary>The most blocks: 16 GB of them.</summary>
    public const int MaxCount = 1 << 28;

    private readonly ulong[] _words;
    private readonly int _first;

    /// <param name="count">How many blocks.</param>
    public CacheLines(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount - 1);
        Count = count;
        _words = GC.AllocateArray<ulong>((count * Words) + Words - 1, pinned: true);
        var address = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(_words, 0);
        _first = (int)((0 - (address / sizeof(ulong))) % Words);
    }

    /// <summary>How many blocks there are.</summary>
    public int Count { get; }

    /// <summary>What they take.</summary>
    public long Bytes => _words.LongLength * sizeof(ulong);

    /// <summary>A block.</summary>
    public Span<ulong> this[int block] => Range(block, 1);

    /// <summary>Blocks that follow one another.</summary>
    public Span<ulong> Range(int block, int count) => _words.AsSpan(_first + (block * Words), count * Words);

    /// <summary>Makes all zero.</summary>
    public void Clear() => Array.Clear(_words);
}
