using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>The sizes that chunks really have, in bytes: asking for one of them loses nothing.</summary>
internal static class ChunkSizes
{
    /// <summary>The largest chunk.</summary>
    public const int Largest = Chunks.MaxBytes;

    /// <summary>Bytes fewer than these stay together, whatever a chunk loses by it.</summary>
    public const int WorthSplitting = 1_024;

    private const int HeaderBytes = 8;

    private static ReadOnlySpan<ushort> Blocks =>
    [
        32, 48, 64, 80, 96, 112, 128, 144, 160, 192, 224, 256, 288, 320, 384, 448, 512, 576, 640, 704, 816, 1_024, 1_168, 1_360, 1_632,
        2_048, 2_720, 3_264, 4_096, 5_456, 8_192,
    ];

    /// <summary>The least that holds so many.</summary>
    public static int AtLeast(int bytes)
    {
        var at = IndexOf(bytes);
        return at < Blocks.Length ? Blocks[at] - HeaderBytes : Largest;
    }

    /// <summary>The next smaller than one of them.</summary>
    public static int Below(int size) => Blocks[IndexOf(size) - 1] - HeaderBytes;

    /// <summary>Whether a chunk that has only so much in use should be a smaller one: not at once, so that it does not grow again soon.</summary>
    public static bool IsWorthShrinking(int capacity, int used) => capacity - used > 48 + (capacity / 8) && AtLeast(used) < capacity;

    private static int IndexOf(int bytes)
    {
        var at = Blocks.BinarySearch((ushort)(bytes + HeaderBytes));
        return at < 0 ? ~at : at;
    }
}
