using System.Runtime.CompilerServices;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>
/// A leaf of a tree, in one chunk: how many entries, where they begin and end (two bytes each, and two unused), the leaves before
/// and after it, then the entries. What is free may be in front of them as well as behind, so that both ends are quick.
/// </summary>
internal readonly unsafe struct TreeLeaf
{
    /// <summary>What a leaf takes before its entries.</summary>
    public const int HeaderBytes = 16;

    private readonly byte* _at;
    private readonly int _payloadBytes;

    public TreeLeaf(byte* at, int payloadBytes)
    {
        _at = at;
        _payloadBytes = payloadBytes;
    }

    /// <summary>How many entries there are.</summary>
    public int Count
    {
        get => Unsafe.ReadUnaligned<ushort>(_at);
        private set => Unsafe.WriteUnaligned(_at, (ushort)value);
    }

    /// <summary>The leaf before it; 0 is none.</summary>
    public ref uint Previous => ref Unsafe.AsRef<uint>(_at + 8);

    /// <summary>The leaf after it; 0 is none.</summary>
    public ref uint Next => ref Unsafe.AsRef<uint>(_at + 12);

    /// <summary>How many bytes it needs, header and all.</summary>
    public int Used => HeaderBytes + End - Start;

    /// <summary>Its entries.</summary>
    public PackedItems Items => new(_at + Start, End - Start, _payloadBytes);

    private int Start
    {
        get => Unsafe.ReadUnaligned<ushort>(_at + 2);
        set => Unsafe.WriteUnaligned(_at + 2, (ushort)value);
    }

    private int End
    {
        get => Unsafe.ReadUnaligned<ushort>(_at + 4);
        set => Unsafe.WriteUnaligned(_at + 4, (ushort)value);
    }

    /// <summary>Makes it an empty leaf between two others.</summary>
    public void Initialize(uint previous, uint next)
    {
        new Span<byte>(_at, HeaderBytes).Clear();
        (Start, End) = (HeaderBytes, HeaderBytes);
        (Previous, Next) = (previous, next);
    }

    /// <summary>Where an entry with an index begins: walked to from the nearer end.</summary>
    public int PositionOf(int index)
    {
        var items = Items;
        return index <= Count / 2 ? items.Skip(index) : items.SkipBack(Count - index, items.Length);
    }

    /// <summary>Puts an entry before another, or at the end; the chunk of so many bytes has room.</summary>
    public void Insert(int position, in ItemText text, ulong payload, int capacity, Chunks chunks)
    {
        var bytes = PackedItems.EntryBytes(text, _payloadBytes);
        if (position == 0)
        {
            if (Start - HeaderBytes < bytes)
                Slide(capacity - (End - Start));
            Start -= bytes;
        }
        else
        {
            if (capacity - End < bytes)
                Slide(HeaderBytes);
            var from = _at + Start + position;
            var moved = _at + End - from;
            Buffer.MemoryCopy(from, from + bytes, moved, moved);
            End += bytes;
        }

        PackedItems.Write(_at + Start + position, text, payload, _payloadBytes, chunks);
        Count++;
    }

    /// <summary>Puts another item in an entry's place; the chunk of so many bytes has room.</summary>
    public void Replace(int position, in ItemText text, int capacity, Chunks chunks)
    {
        var more = PackedItems.EntryBytes(text, _payloadBytes) - Items.EntryBytes(position);
        if (capacity - End < more)
            Slide(HeaderBytes);
        End = Start + Items.Replace(position, text, chunks);
    }

    /// <summary>Takes entries out.</summary>
    public void Delete(int position, int entries, Chunks chunks)
    {
        var items = Items;
        if (position == 0)
        {
            var end = 0;
            for (var left = entries; left > 0; left--)
            {
                items[end].Release(chunks);
                end = items.Next(end);
            }

            Start += end;
        }
        else
        {
            End = Start + items.Delete(position, entries, chunks);
        }

        Count -= entries;
    }

    /// <summary>Moves the entries from one on to an empty leaf that has just the room.</summary>
    public void MoveTo(TreeLeaf target, int position, int index)
    {
        var bytes = End - Start - position;
        Buffer.MemoryCopy(_at + Start + position, target._at + HeaderBytes, bytes, bytes);
        target.End = HeaderBytes + bytes;
        target.Count = Count - index;
        End -= bytes;
        Count = index;
    }

    /// <summary>Takes in all entries of the leaf after it; the chunk of so many bytes has room.</summary>
    public void Take(TreeLeaf other, int capacity)
    {
        var bytes = other.End - other.Start;
        if (capacity - End < bytes)
            Slide(HeaderBytes);
        Buffer.MemoryCopy(other._at + other.Start, _at + End, bytes, bytes);
        End += bytes;
        Count += other.Count;
    }

    /// <summary>Moves its entries to the beginning, so that the chunk can be made smaller.</summary>
    public void Compact() => Slide(HeaderBytes);

    private void Slide(int start)
    {
        if (start == Start)
            return;
        var bytes = End - Start;
        Buffer.MemoryCopy(_at + Start, _at + start, bytes, bytes);
        (Start, End) = (start, start + bytes);
    }
}
