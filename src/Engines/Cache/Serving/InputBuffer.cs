using System.Runtime.InteropServices;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Serving;

/// <summary>
/// Keeps what came of a request that is not whole. Holds nothing while there is no such request: most are read whole into
/// the loop's buffer. Grows with what comes, never by what is only announced, and by doubling, so that a byte is moved
/// twice at most; for an argument whose length is known not beyond its end.
/// </summary>
internal sealed unsafe class InputBuffer(BlockPool pool)
{
    // What is read at once into a large buffer.
    private const int MaxRead = 1024 * 1024;

    private Block? _block;

    public int Length => _block is { } block ? block.End - block.Start : 0;

    public int Capacity => _block?.Capacity ?? 0;

    public byte* Start => _block is { } block ? block.Memory + block.Start : null;

    /// <summary>Keeps bytes from elsewhere; nothing is kept yet.</summary>
    public void Keep(byte* bytes, int length)
    {
        _block = pool.Rent(length);
        NativeMemory.Copy(bytes, _block.Memory, (nuint)length);
        _block.End = length;
    }

    /// <summary>Room behind what is here, for the next read.</summary>
    /// <param name="wanted">How long the request is at least, from where the buffer starts.</param>
    public byte* Room(long wanted, out int room)
    {
        var block = _block!;
        if (block.Start > 0 && (block.End == block.Capacity || wanted > block.Capacity - block.Start))
        {
            var length = block.End - block.Start;
            Buffer.MemoryCopy(block.Memory + block.Start, block.Memory, block.Capacity, length);
            block.Start = 0;
            block.End = length;
        }

        if (block.End == block.Capacity)
        {
            // What follows the request is read with it.
            var most = Math.Max(wanted - block.Start, (long)block.Capacity + BlockPool.BlockBytes);
            _block = block = pool.Grow(block, (int)Math.Min(Math.Min(most, block.Capacity * 2L), int.MaxValue));
        }

        room = Math.Min(block.Capacity - block.End, MaxRead);
        return block.Memory + block.End;
    }

    /// <summary>So much was read into the room.</summary>
    public void Filled(int bytes) => _block!.End += bytes;

    /// <summary>So much is done with.</summary>
    public void Consume(int bytes)
    {
        if (_block is not { } block)
            return;
        block.Start += bytes;
        if (block.Start == block.End)
            Clear();
    }

    public void Clear()
    {
        if (_block is { } block)
            pool.Return(block);
        _block = null;
    }
}
