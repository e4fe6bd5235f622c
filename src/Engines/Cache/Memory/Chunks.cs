using System.Runtime.InteropServices;

namespace Groundwork.Cache.Memory;

/// <summary>Placeholder of the shard's chunk memory with its real surface: replaced by the heap's own.</summary>
internal sealed unsafe class Chunks
{
    private readonly List<(nint Address, int Bytes)> _chunks = [(0, 0)];
    private readonly Stack<uint> _free = new();

    public const int MaxBytes = 16_000;

    public long Bytes { get; private set; }

    public uint Allocate(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, MaxBytes);
        if (!_free.TryPop(out var handle))
        {
            handle = (uint)_chunks.Count;
            _chunks.Add(default);
        }

        _chunks[(int)handle] = ((nint)NativeMemory.Alloc((nuint)bytes), bytes);
        Bytes += bytes;
        return handle;
    }

    public byte* Pointer(uint handle) => (byte*)_chunks[(int)handle].Address;

    public int Capacity(uint handle) => _chunks[(int)handle].Bytes;

    public void Resize(uint handle, int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, MaxBytes);
        var (address, old) = _chunks[(int)handle];
        _chunks[(int)handle] = ((nint)NativeMemory.Realloc((void*)address, (nuint)bytes), bytes);
        Bytes += bytes - old;
    }

    public void Free(uint handle)
    {
        var (address, bytes) = _chunks[(int)handle];
        NativeMemory.Free((void*)address);
        _chunks[(int)handle] = default;
        _free.Push(handle);
        Bytes -= bytes;
    }
}
