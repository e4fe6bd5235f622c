using System.Runtime.InteropServices;

namespace Groundwork.Cache.Resp;

/// <summary>
/// Blocks of 16 KiB to be used again, so that a connection holds memory only while bytes are under way. Larger ones are
/// made for one use. Keeps at most <see cref="KeptBlocks"/>. Not thread-safe: one an event loop, or one a writer of its own.
/// </summary>
internal sealed unsafe class BlockPool : IDisposable
{
    /// <summary>The size of an ordinary block.</summary>
    public const int BlockBytes = 16 * 1024;

    /// <summary>What is kept for later, 1 MiB.</summary>
    public const int KeptBlocks = 64;

    private const int CollectedBytes = 512;

    private readonly bool _collected;
    private Block? _free;
    private int _kept;

    /// <param name="collected">Whether blocks are the garbage collector's, smaller ones, and none is kept: for a writer that nobody
    /// closes.</param>
    public BlockPool(bool collected = false) => _collected = collected;

    /// <summary>The bytes of all blocks that are in use.</summary>
    public long RentedBytes { get; private set; }

    /// <summary>An empty block of at least so many bytes.</summary>
    public Block Rent(int bytes = BlockBytes)
    {
        Block block;
        if (_collected)
        {
            block = new Block(GC.AllocateUninitializedArray<byte>(Math.Max(bytes, CollectedBytes), pinned: true));
        }
        else if (bytes > BlockBytes)
        {
            block = new Block((byte*)NativeMemory.Alloc((nuint)bytes), bytes);
        }
        else if (_free is { } free)
        {
            _free = free.Next;
            _kept--;
            free.Next = null;
            free.Start = 0;
            free.End = 0;
            block = free;
        }
        else
        {
            block = new Block((byte*)NativeMemory.Alloc(BlockBytes), BlockBytes);
        }

        RentedBytes += block.Capacity;
        return block;
    }

    /// <summary>Takes a block back, which its user forgets.</summary>
    public void Return(Block block)
    {
        RentedBytes -= block.Capacity;
        if (block.IsCollected)
            return;
        if (block.Capacity == BlockBytes && _kept < KeptBlocks)
        {
            block.Next = _free;
            _free = block;
            _kept++;
            return;
        }

        NativeMemory.Free(block.Memory);
    }

    /// <summary>Makes a block larger, its bytes kept; it may move. The old one is forgotten.</summary>
    public Block Grow(Block block, int bytes)
    {
        Block grown;
        if (block.Capacity > BlockBytes && !block.IsCollected)
        {
            // Large ones grow without a copy where the system can map them elsewhere.
            grown = new Block((byte*)NativeMemory.Realloc(block.Memory, (nuint)bytes), bytes) { Start = block.Start, End = block.End };
            RentedBytes += grown.Capacity - block.Capacity;
            return grown;
        }

        grown = Rent(bytes);
        grown.Start = block.Start;
        grown.End = block.End;
        NativeMemory.Copy(block.Memory, grown.Memory, (nuint)block.End);
        Return(block);
        return grown;
    }

    public void Dispose()
    {
        while (_free is { } block)
        {
            _free = block.Next;
            NativeMemory.Free(block.Memory);
        }

        _kept = 0;
    }
}
