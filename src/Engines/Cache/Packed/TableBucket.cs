using System.Runtime.CompilerServices;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>
/// A bucket of a table, in one chunk: how many entries, how many bytes are in use (two bytes each), a tag of one byte for every
/// entry, then the entries: a field, and its value or score.
/// </summary>
/// <remarks>
/// The tags are searched at once, and the entries are walked only to one whose tag fits: of others', 1 in 256 does. So what is
/// not there mostly costs no walk, and hardly a field is compared that is not the one.
/// </remarks>
internal readonly unsafe struct TableBucket
{
    private readonly byte* _at;
    private readonly TableShape _shape;

    /// <summary>What a bucket takes before its entries.</summary>
    public const int HeaderBytes = 4;

    /// <summary>What a score takes.</summary>
    public const int ScoreBytes = sizeof(double);

    public TableBucket(byte* at, TableShape shape)
    {
        _at = at;
        _shape = shape;
    }

    /// <summary>How many entries there are.</summary>
    public int Count
    {
        get => Unsafe.ReadUnaligned<ushort>(_at);
        private set => Unsafe.WriteUnaligned(_at, (ushort)value);
    }

    /// <summary>How many bytes are in use.</summary>
    public int Used
    {
        get => Unsafe.ReadUnaligned<ushort>(_at + 2);
        private set => Unsafe.WriteUnaligned(_at + 2, (ushort)value);
    }

    /// <summary>The first entry.</summary>
    public byte* First => _at + HeaderBytes + Count;

    /// <summary>Where the entries end.</summary>
    public byte* End => _at + Used;

    /// <summary>The tags of the entries.</summary>
    public Span<byte> Tags => new(_at + HeaderBytes, Count);

    /// <summary>What an entry's tag is, of its field's hash: bits that do not choose the bucket.</summary>
    public static byte TagOf(ulong hash) => (byte)(hash >> 56);

    /// <summary>Makes it an empty bucket.</summary>
    public void Initialize() => Unsafe.WriteUnaligned(_at, (uint)HeaderBytes << 16);

    /// <summary>What an entry holds beside its field.</summary>
    public static PackedItem ValueOf(byte* entry) => new(entry + new PackedItem(entry).EncodedBytes);

    /// <summary>How long an entry is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int EntryBytes(byte* entry)
    {
        var field = new PackedItem(entry).EncodedBytes;
        return _shape switch
        {
            TableShape.Fields => field,
            TableShape.Scores => field + ScoreBytes,
            _ => field + new PackedItem(entry + field).EncodedBytes,
        };
    }

    /// <summary>The entry with an index.</summary>
    public byte* Entry(int index)
    {
        var entry = First;
        for (; index > 0; index--)
            entry += EntryBytes(entry);
        return entry;
    }

    /// <summary>Finds a field.</summary>
    /// <returns>Its entry; null where it is not there.</returns>
    public byte* Find(byte tag, in ItemText field, Chunks chunks, out int index)
    {
        index = -1;
        var entry = (byte*)null;
        var tags = new ReadOnlySpan<byte>(_at + HeaderBytes, Count);
        while (true)
        {
            var step = tags[(index + 1)..].IndexOf(tag);
            if (step < 0)
                return null;
            if (entry == null)
            {
                entry = Entry(step);
                index = step;
            }
            else
            {
                for (step++; step > 0; step--, index++)
                    entry += EntryBytes(entry);
            }

            if (new PackedItem(entry).Is(field, chunks))
                return entry;
        }
    }

    /// <summary>Makes room for an entry at the end; there are bytes for it and its tag.</summary>
    /// <returns>Where it is to be written.</returns>
    public byte* Append(byte tag, int entryBytes)
    {
        var (count, used) = (Count, Used);
        var first = First;
        Buffer.MemoryCopy(first, first + 1, used, used - (first - _at));
        *first = tag;
        Count = count + 1;
        Used = used + 1 + entryBytes;
        return _at + used + 1;
    }

    /// <summary>Takes an entry and its tag out.</summary>
    public void Remove(int index, byte* entry)
    {
        var end = End;
        var bytes = EntryBytes(entry);
        var tag = _at + HeaderBytes + index;
        Buffer.MemoryCopy(tag + 1, tag, end - tag, entry - tag - 1);
        Buffer.MemoryCopy(entry + bytes, entry - 1, end - entry, end - entry - bytes);
        Count--;
        Used -= 1 + bytes;
    }

    /// <summary>Makes what an entry holds beside its field longer or shorter: all that follows moves; there is room.</summary>
    public void ResizeValue(byte* value, int oldBytes, int newBytes)
    {
        var end = End;
        Buffer.MemoryCopy(value + oldBytes, value + newBytes, end - value, end - value - oldBytes);
        Used += newBytes - oldBytes;
    }

    /// <summary>Moves the marked entries, with their tags, to a bucket that is new and has just the room; the others close up.</summary>
    public void MoveTo(TableBucket target, ReadOnlySpan<ulong> marks, int marked)
    {
        var (count, kept) = (Count, Count - marked);
        target.Initialize();
        target.Count = marked;
        var tagOut = target._at + HeaderBytes;
        var entryOut = target.First;
        var tagKept = _at + HeaderBytes;
        var entryKept = tagKept + kept;
        var tag = tagKept;
        var entry = First;

        // Whatever is kept moves down, never over what is still to be read.
        for (var i = 0; i < count; i++, tag++)
        {
            var bytes = EntryBytes(entry);
            if ((marks[i / 64] & (1UL << (i % 64))) != 0)
            {
                *tagOut++ = *tag;
                Buffer.MemoryCopy(entry, entryOut, bytes, bytes);
                entryOut += bytes;
            }
            else
            {
                *tagKept++ = *tag;
            }

            entry += bytes;
        }

        entry = First;
        for (var i = 0; i < count; i++)
        {
            var bytes = EntryBytes(entry);
            if ((marks[i / 64] & (1UL << (i % 64))) == 0)
            {
                Buffer.MemoryCopy(entry, entryKept, bytes, bytes);
                entryKept += bytes;
            }

            entry += bytes;
        }

        target.Used = (int)(entryOut - target._at);
        Count = kept;
        Used = (int)(entryKept - _at);
    }

    /// <summary>Takes in all entries of another bucket; there is room for them.</summary>
    public void Take(TableBucket other)
    {
        var (count, used, added) = (Count, Used, other.Count);
        var first = First;
        Buffer.MemoryCopy(first, first + added, used, used - (first - _at));
        other.Tags.CopyTo(new Span<byte>(first, added));
        var bytes = other.End - other.First;
        Buffer.MemoryCopy(other.First, _at + used + added, bytes, bytes);
        Count = count + added;
        Used = (int)(used + added + bytes);
    }

    /// <summary>Frees what an entry has elsewhere.</summary>
    public void Release(byte* entry, Chunks chunks)
    {
        new PackedItem(entry).Release(chunks);
        if (_shape == TableShape.Values)
            ValueOf(entry).Release(chunks);
    }
}
