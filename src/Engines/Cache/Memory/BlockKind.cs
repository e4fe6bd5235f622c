namespace Groundwork.Cache.Memory;

/// <summary>What a block is, in its first byte, so that whoever moves it knows who points at it.</summary>
internal enum BlockKind : byte
{
    /// <summary>Nobody's.</summary>
    Free,

    /// <summary>A key with its value, found by the index.</summary>
    Entry,

    /// <summary>A part of a large value, found by its handle (<see cref="Chunks"/>).</summary>
    Chunk,

    /// <summary>A bucket of the index that did not fit into its place.</summary>
    Bucket,
}

/// <summary>Told when a block has another place, so that what points at it can follow.</summary>
internal unsafe interface IMoves
{
    /// <summary>The block that was at <paramref name="from"/> is now at <paramref name="to"/>, whole; the old place still holds its bytes.</summary>
    void Moved(BlockKind kind, uint from, uint to, byte* block);
}
