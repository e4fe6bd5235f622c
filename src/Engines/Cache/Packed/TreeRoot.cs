using System.Runtime.InteropServices;

namespace Groundwork.Cache.Packed;

/// <summary>Where a tree begins: kept by its owner, in place, 32 bytes. All zero, it is an empty tree.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TreeRoot
{
    /// <summary>The node at the top, a leaf where the height is 0; 0 of an empty tree.</summary>
    public uint Top;

    /// <summary>The first leaf.</summary>
    public uint Head;

    /// <summary>The last leaf.</summary>
    public uint Tail;

    /// <summary>How many entries there are.</summary>
    public uint Count;

    /// <summary>How many levels of nodes are above the leaves.</summary>
    public byte Height;

    /// <summary>Whether some item was ever in a chain of chunks.</summary>
    public bool HasChains;

    /// <summary>The memory of it, in bytes: its chunks with what they are rounded up to.</summary>
    public long Bytes;
}
