using System.Runtime.CompilerServices;

namespace Groundwork.Cache.Resp;

/// <summary>
/// Bytes on their way out, in a chain of blocks: growing never copies what is there. What is sent leaves at the front.
/// Past <see cref="Limit"/> everything is dropped and what comes is written over itself: its connection is to be closed, and
/// whoever is in the middle of a reply need not ask. Not thread-safe.
/// </summary>
internal abstract unsafe class OutputBuffer(BlockPool pool)
{
    private Block? _first;
    private Block? _last;
    private byte* _at;
    private byte* _end;
    private long _before;   // the unsent bytes of all blocks but the last

    /// <summary>The bytes that are here, still to be sent.</summary>
    public long Length => _last is null ? 0 : _before + (_at - _last.Memory) - _last.Start;

    /// <summary>The most bytes that may wait.</summary>
    public long Limit { get; set; } = long.MaxValue;

    /// <summary>Whether more came than the limit; what is here is not to be sent any more.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>Where writing is now, to <see cref="Rewind"/> to.</summary>
    public Mark Here => new(_last, _last is null ? 0 : (int)(_at - _last.Memory));

    /// <summary>The first block with bytes to send; its <see cref="Block.End"/> and those of all behind it are right.</summary>
    public Block? Front
    {
        get
        {
            Seal();
            return _first;
        }
    }

    /// <summary>Forgets what was written since; nothing may have been sent in between.</summary>
    public void Rewind(Mark mark)
    {
        if (Overflowed)
            return;
        if (mark.Block is not { } block)
        {
            Clear();
            return;
        }

        while (block.Next is { } next)
        {
            block.Next = next.Next;
            if (next != _last)
                _before -= next.End - next.Start;
            pool.Return(next);
        }

        if (block != _last)
        {
            _before -= block.End - block.Start;
            _last = block;
            _end = block.Memory + block.Capacity;
        }

        _at = block.Memory + mark.At;
    }

    /// <summary>Takes bytes off the front, which were sent; blocks that are empty are given back.</summary>
    public void Consume(long bytes)
    {
        Seal();
        while (_first is { } block)
        {
            var here = block.End - block.Start;
            if (bytes < here)
            {
                block.Start += (int)bytes;
                if (block != _last)
                    _before -= bytes;
                return;
            }

            bytes -= here;
            if (block == _last)
            {
                Clear();
                return;
            }

            _before -= here;
            _first = block.Next;
            pool.Return(block);
        }
    }

    /// <summary>Forgets all that is here.</summary>
    public void Clear()
    {
        while (_first is { } block)
        {
            _first = block.Next;
            pool.Return(block);
        }

        _last = null;
        _at = null;
        _end = null;
        _before = 0;
    }

    /// <summary>Appends bytes as they are: replies that were made elsewhere.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        var to = Reserve(bytes.Length);
        bytes.CopyTo(new Span<byte>(to, bytes.Length));
        Written(to + bytes.Length);
    }

    /// <summary>A copy of all that is here.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        var at = 0;
        for (var block = Front; block is not null; block = block.Next)
        {
            new ReadOnlySpan<byte>(block.Memory + block.Start, block.End - block.Start).CopyTo(bytes.AsSpan(at));
            at += block.End - block.Start;
        }

        return bytes;
    }

    /// <summary>Room for so many bytes in one piece; what is used of it is said with <see cref="Written"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected byte* Reserve(int bytes) => _end - _at >= bytes ? _at : Extend(bytes);

    /// <summary>Writing goes on here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Written(byte* at) => _at = at;

    /// <summary>
    /// Closes the gap between a place and bytes that were written behind it in the same block; only the rest of that block
    /// moves.
    /// </summary>
    protected void CloseGap(Mark from, int gap)
    {
        if (gap == 0 || Overflowed || from.Block is not { } block)
            return;
        var end = block == _last ? (int)(_at - block.Memory) : block.End;
        Buffer.MemoryCopy(block.Memory + from.At + gap, block.Memory + from.At, end - from.At - gap, end - from.At - gap);
        if (block == _last)
        {
            _at -= gap;
        }
        else
        {
            block.End -= gap;
            _before -= gap;
        }
    }

    private void Seal()
    {
        if (_last is not null)
            _last.End = (int)(_at - _last.Memory);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* Extend(int bytes)
    {
        if (Length > Limit)
            Overflowed = true;
        if (Overflowed)
            Clear();
        Seal();
        var block = pool.Rent(bytes);
        if (_last is null)
        {
            _first = block;
        }
        else
        {
            _before += _last.End - _last.Start;
            _last.Next = block;
        }

        _last = block;
        _at = block.Memory;
        _end = block.Memory + block.Capacity;
        return _at;
    }

    /// <summary>A place in the output.</summary>
    internal readonly record struct Mark(Block? Block, int At);
}
