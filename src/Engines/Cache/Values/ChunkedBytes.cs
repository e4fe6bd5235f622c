using System.Runtime.CompilerServices;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Values;

/// <summary>
/// A long run of bytes in chunks of 8,184, any part of which is reached in two steps; the root is 16 bytes in the entry.
/// </summary>
/// <remarks>
/// A directory names the chunks; where they are more than a chunk can name, it names directories instead: up to 137 GB. All
/// chunks but the last are full. Under the shard's lock.
/// </remarks>
internal unsafe struct ChunkedBytes
{
    /// <summary>The size of the root.</summary>
    public const int RootBytes = 16;

    /// <summary>What a chunk holds: a block of 8 KiB.</summary>
    public const int ChunkBytes = 8192 - 8;

    private const int MaxHandles = Chunks.MaxBytes / sizeof(uint);

    private long _length;
    private uint _directory;

    /// <summary>The root in an entry's value.</summary>
    public static ref ChunkedBytes In(Span<byte> value) => ref Unsafe.As<byte, ChunkedBytes>(ref value[0]);

    /// <summary>How many bytes there are.</summary>
    public readonly long Length => _length;

    /// <summary>An empty run.</summary>
    public static ChunkedBytes Create(Chunks chunks) => new() { _directory = chunks.Allocate(0) };

    /// <summary>Gives it all back.</summary>
    public void Free(Chunks chunks)
    {
        SetLength(chunks, 0);
        chunks.Free(_directory);
        _directory = 0;
    }

    /// <summary>Gives a part back, from the end: of what nobody reaches any more.</summary>
    /// <param name="chunks">Where it is.</param>
    /// <param name="count">How many chunks at most.</param>
    /// <returns>Whether all is given back.</returns>
    public bool FreeSome(Chunks chunks, int count)
    {
        SetLength(chunks, Math.Max(0, _length - ((long)count * ChunkBytes)));
        if (_length > 0)
            return false;
        Free(chunks);
        return true;
    }

    /// <summary>Makes it longer, by zeros, or shorter.</summary>
    public void SetLength(Chunks chunks, long length)
    {
        var (old, before, after) = (_length, Count(_length), Count(length));
        for (var i = before; i > after; i--)
            Drop(chunks, i - 1);

        // The last chunk is as large as what is in it, and becomes whole before there is one after it.
        if (after > 0 && before > 0)
            chunks.Resize(Handle(chunks, Math.Min(before, after) - 1), after > before ? ChunkBytes : Last(length));
        for (var i = before; i < after; i++)
            Add(chunks, i, i == after - 1 ? Last(length) : ChunkBytes);
        _length = length;
        if (length > old)
            Zero(chunks, old, length - old);
    }

    /// <summary>Copies bytes out, from an offset; all of them must be there.</summary>
    public readonly void Read(Chunks chunks, long offset, Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            var part = Part(chunks, offset, target.Length);
            part.CopyTo(target);
            target = target[part.Length..];
            offset += part.Length;
        }
    }

    /// <summary>Copies bytes in, from an offset; the length must allow it.</summary>
    public readonly void Write(Chunks chunks, long offset, ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            var part = Part(chunks, offset, source.Length);
            source[..part.Length].CopyTo(part);
            source = source[part.Length..];
            offset += part.Length;
        }
    }

    /// <summary>The bytes from an offset to the end of their chunk, at most so many; good under the lock until it is resized.</summary>
    public readonly Span<byte> Part(Chunks chunks, long offset, int most)
    {
        var start = (int)(offset % ChunkBytes);
        var length = (int)Math.Min(Math.Min(most, ChunkBytes - start), _length - offset);
        return new Span<byte>(chunks.Pointer(Handle(chunks, offset / ChunkBytes)) + start, length);
    }

    private static long Count(long length) => (length + ChunkBytes - 1) / ChunkBytes;

    private static int Last(long length) => (int)(((length - 1) % ChunkBytes) + 1);

    private static bool IsDeep(long count) => count > MaxHandles;

    private static void Name(Chunks chunks, uint directory, long index, uint handle)
    {
        var needed = (int)(index + 1) * sizeof(uint);
        if (chunks.Capacity(directory) < needed)
            chunks.Resize(directory, Math.Min(Chunks.MaxBytes, needed * 2));
        ((uint*)chunks.Pointer(directory))[index] = handle;
    }

    private readonly void Zero(Chunks chunks, long offset, long length)
    {
        while (length > 0)
        {
            var part = Part(chunks, offset, (int)Math.Min(length, ChunkBytes));
            part.Clear();
            offset += part.Length;
            length -= part.Length;
        }
    }

    private readonly uint Handle(Chunks chunks, long index)
    {
        var handles = (uint*)chunks.Pointer(_directory);
        return IsDeep(Count(_length)) ? ((uint*)chunks.Pointer(handles[index / MaxHandles]))[index % MaxHandles] : handles[index];
    }

    private void Add(Chunks chunks, long index, int bytes)
    {
        if (index == MaxHandles)
        {
            // The directory becomes the first of those that a new one names.
            var above = chunks.Allocate(2 * sizeof(uint));
            ((uint*)chunks.Pointer(above))[0] = _directory;
            _directory = above;
        }

        var handle = chunks.Allocate(bytes);
        if (index < MaxHandles)
        {
            Name(chunks, _directory, index, handle);
        }
        else
        {
            if (index % MaxHandles == 0)
                Name(chunks, _directory, index / MaxHandles, chunks.Allocate(Chunks.MaxBytes));
            ((uint*)chunks.Pointer(((uint*)chunks.Pointer(_directory))[index / MaxHandles]))[index % MaxHandles] = handle;
        }

        _length = (index * ChunkBytes) + bytes;
    }

    private void Drop(Chunks chunks, long index)
    {
        chunks.Free(Handle(chunks, index));
        if (index >= MaxHandles && index % MaxHandles == 0)
        {
            chunks.Free(((uint*)chunks.Pointer(_directory))[index / MaxHandles]);
            if (index == MaxHandles)
            {
                var first = *(uint*)chunks.Pointer(_directory);
                chunks.Free(_directory);
                _directory = first;
            }
        }

        _length = index * ChunkBytes;
    }
}
