using System.Runtime.InteropServices;
using Groundwork.Cache.Resp;

namespace Groundwork.Cache.Serving;

/// <summary>What other threads want sent on a connection, until its loop takes it. Thread-safe.</summary>
internal sealed unsafe class PostedBytes
{
    private const int FirstBytes = 256;

    private readonly Lock _lock = new();
    private byte* _bytes;
    private int _length;
    private int _capacity;
    private bool _isClosed;

    /// <summary>How much waits, about.</summary>
    public int Length => Volatile.Read(ref _length);

    /// <summary>Adds bytes; false where nothing is taken any more, or this would be more than there may be.</summary>
    public bool TryAdd(ReadOnlySpan<byte> bytes, long most)
    {
        lock (_lock)
        {
            var needed = (long)_length + bytes.Length;
            if (_isClosed || needed > Math.Min(most, int.MaxValue))
                return false;
            if (needed > _capacity)
            {
                _capacity = (int)Math.Min(Math.Max(needed, Math.Max(_capacity * 2L, FirstBytes)), int.MaxValue);
                _bytes = (byte*)NativeMemory.Realloc(_bytes, (nuint)_capacity);
            }

            bytes.CopyTo(new Span<byte>(_bytes + _length, bytes.Length));
            _length += bytes.Length;
            return true;
        }
    }

    /// <summary>Moves all of it behind what is to be sent.</summary>
    public void MoveTo(OutputBuffer output)
    {
        byte* bytes;
        int length;
        lock (_lock)
        {
            bytes = _bytes;
            length = _length;
            _bytes = null;
            _length = 0;
            _capacity = 0;
        }

        if (bytes is null)
            return;
        output.Raw(new ReadOnlySpan<byte>(bytes, length));
        NativeMemory.Free(bytes);
    }

    /// <summary>Takes nothing any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            NativeMemory.Free(_bytes);
            _bytes = null;
            _length = 0;
            _capacity = 0;
        }
    }
}
