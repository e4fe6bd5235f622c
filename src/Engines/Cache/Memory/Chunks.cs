using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Groundwork.Cache.Memory;

/// <summary>
/// The parts of large values: blocks behind handles that stay the same when the blocks move.
/// </summary>
/// <remarks>
/// A chunk's block begins with 8 bytes: its kind and its handle. Handles are reused, 0 is none; their table takes 4 bytes each,
/// counted. An address is good until its own chunk is resized or freed; other chunks may be allocated meanwhile. Not thread-safe:
/// all of it under the shard's lock.
/// </remarks>
internal sealed unsafe class Chunks : IDisposable
{
    /// <summary>The most bytes that a chunk holds.</summary>
    public const int MaxBytes = SizeClasses.MaxBytes - HeaderBytes;

    private const int HeaderBytes = 8;
    private const int HandleOffset = 4;

    private readonly Heap _heap;
    private readonly PagePool _pool;

    // A chunk's block, or, of a free handle, the next free one.
    private uint* _blocks;
    private uint _capacity;
    private uint _count = 1;
    private uint _firstFree;

    public Chunks(Heap heap, PagePool pool)
    {
        (_heap, _pool) = (heap, pool);
        Grow(64);
    }

    /// <summary>The bytes of all chunks, each with what its class rounds it up to.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes a chunk of at least so many bytes, 0 to <see cref="MaxBytes"/>; its content is undefined.</summary>
    /// <returns>Its handle.</returns>
    public uint Allocate(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, MaxBytes);
        var handle = _firstFree;
        if (handle != 0)
        {
            _firstFree = _blocks[handle];
        }
        else
        {
            if (_count == _capacity)
                Grow(_capacity * 2);
            handle = _count++;
        }

        Place(handle, bytes);
        return handle;
    }

    /// <summary>Where a chunk's bytes are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Pointer(uint handle) => _heap.Address(_blocks[handle]) + HeaderBytes;

    /// <summary>How many bytes a chunk really has.</summary>
    public int Capacity(uint handle) => _heap.SizeOf(_blocks[handle]) - HeaderBytes;

    /// <summary>Makes a chunk larger or smaller; keeps what fits of its content.</summary>
    public void Resize(uint handle, int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, MaxBytes);
        var old = _blocks[handle];
        var oldSize = _heap.SizeOf(old);
        if (SizeClasses.BytesOf(SizeClasses.Of(bytes + HeaderBytes)) == oldSize)
            return;
        var from = Pointer(handle);
        Place(handle, bytes);
        Unsafe.CopyBlockUnaligned(Pointer(handle), from, (uint)(Math.Min(oldSize, _heap.SizeOf(_blocks[handle])) - HeaderBytes));
        Bytes -= oldSize;
        _heap.Free(old);
    }

    /// <summary>Gives a chunk back.</summary>
    public void Free(uint handle)
    {
        var block = _blocks[handle];
        Bytes -= _heap.SizeOf(block);
        _heap.Free(block);
        _blocks[handle] = _firstFree;
        _firstFree = handle;
    }

    /// <summary>A chunk's block has moved.</summary>
    public void Moved(uint to, byte* block) => _blocks[*(uint*)(block + HandleOffset)] = to;

    /// <summary>Forgets all chunks, whose blocks are gone.</summary>
    public void Clear() => (_count, _firstFree, Bytes) = (1, 0, 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool.Account(-(long)_capacity * sizeof(uint));
        NativeMemory.Free(_blocks);
        _blocks = null;
        _capacity = 0;
    }

    private void Place(uint handle, int bytes)
    {
        var block = _heap.Allocate(bytes + HeaderBytes, BlockKind.Chunk);
        *(uint*)(_heap.Address(block) + HandleOffset) = handle;
        _blocks[handle] = block;
        Bytes += _heap.SizeOf(block);
    }

    private void Grow(uint capacity)
    {
        _blocks = (uint*)NativeMemory.Realloc(_blocks, capacity * (nuint)sizeof(uint));
        _pool.Account((long)(capacity - _capacity) * sizeof(uint));
        _capacity = capacity;
    }
}
