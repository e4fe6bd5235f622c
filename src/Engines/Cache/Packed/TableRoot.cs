using System.Runtime.InteropServices;

namespace Groundwork.Cache.Packed;

/// <summary>What a table's entries hold beside their field.</summary>
internal enum TableShape : byte
{
    /// <summary>Nothing: a set.</summary>
    Fields,

    /// <summary>A value of any length: a hash.</summary>
    Values,

    /// <summary>Eight bytes: a sorted set's scores.</summary>
    Scores,
}

/// <summary>Where a table begins: kept by its owner, in place, 32 bytes. All zero but the shape, it is an empty table.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TableRoot
{
    /// <summary>The only bucket, the only page of the directory, or the page of its pages; 0 is none.</summary>
    public uint Directory;

    /// <summary>How many buckets there are; 0 of an empty table that never had one.</summary>
    public uint Buckets;

    /// <summary>How many entries there are.</summary>
    public uint Count;

    /// <summary>What entries hold.</summary>
    public TableShape Shape;

    /// <summary>Whether some item was ever in a chain of chunks.</summary>
    public bool HasChains;

    /// <summary>The bytes in use in all buckets.</summary>
    public long Used;

    /// <summary>The memory of it, in bytes: its chunks with what they are rounded up to.</summary>
    public long Bytes;
}
