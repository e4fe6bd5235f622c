using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>What orders a tree's entries, and what its nodes keep of them.</summary>
internal interface ITreeOrder
{
    /// <summary>How many bytes stand before each item.</summary>
    static abstract int PayloadBytes { get; }

    /// <summary>How many words of digest a node keeps for each child, 0 to 3.</summary>
    static abstract int DigestWords { get; }

    /// <summary>How large a leaf may become, in bytes: two of the longest entries fit, see <see cref="ItemText.MaxInline"/>.</summary>
    static abstract int MaxLeafBytes { get; }

    /// <summary>How many children a node may have.</summary>
    static abstract int MaxChildren { get; }

    /// <summary>An entry's digest. What comes first has no larger one.</summary>
    static abstract TreeDigest DigestOf(PackedItems items, int position, Chunks chunks);
}

/// <summary>A place to look for in an ordered tree.</summary>
internal interface ITreeProbe
{
    /// <summary>How the place compares to all entries of a digest: 0 where that does not tell.</summary>
    int CompareTo(TreeDigest digest);

    /// <summary>How the place compares to an entry.</summary>
    int CompareTo(PackedItems items, int position, Chunks chunks);
}

/// <summary>Three words that order entries as far as they go, first to last.</summary>
internal readonly record struct TreeDigest(ulong First, ulong Second, ulong Third);

/// <summary>Entries are where they were put: lists.</summary>
internal readonly struct ByPosition : ITreeOrder
{
    public static int PayloadBytes => 0;

    public static int DigestWords => 0;

    public static int MaxLeafBytes => 4_096 - 8;

    public static int MaxChildren => 126;

    public static TreeDigest DigestOf(PackedItems items, int position, Chunks chunks) => default;
}

/// <summary>Entries stand by their score, those of one score by their bytes: sorted sets.</summary>
internal readonly struct ByScore : ITreeOrder
{
    public static int PayloadBytes => sizeof(double);

    public static int DigestWords => 3;

    public static int MaxLeafBytes => 1_360 - 8;

    public static int MaxChildren => 63;

    public static TreeDigest DigestOf(PackedItems items, int position, Chunks chunks)
    {
        var (first, second) = items[position].Prefix(chunks);
        return new TreeDigest(Ordered(BitConverter.UInt64BitsToDouble(items.Payload(position))), first, second);
    }

    /// <summary>A score as a number that orders as scores do; zero is one, whatever its sign.</summary>
    public static ulong Ordered(double score)
    {
        var bits = BitConverter.DoubleToInt64Bits(score + 0.0);
        return (ulong)(bits ^ ((bits >> 63) | long.MinValue));
    }
}
