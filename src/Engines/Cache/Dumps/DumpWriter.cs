using System.Buffers;
using System.Buffers.Binary;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Packed;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Dumps;

/// <summary>Writes values as dumps: collections item by item, nothing packed; numbers as such, as Redis does.</summary>
internal readonly struct DumpWriter(ArrayBufferWriter<byte> target)
{
    private const int MaxShort = 0x3F;
    private const int MaxMedium = 0x3FFF;

    // Longer ones are not of 32 bits.
    private const int MaxNumberDigits = 11;

    /// <summary>A value's dump.</summary>
    public static ArrayBufferWriter<byte> Write(Shard shard, Found found)
    {
        var dump = new ArrayBufferWriter<byte>();
        var writer = new DumpWriter(dump);
        switch (ValueKinds.Of(found.Form))
        {
            case ValueKind.Text:
                writer.Text(shard, found);
                break;
            case ValueKind.List:
                writer.List(new ListView(shard, found));
                break;
            case ValueKind.Hash:
                writer.Hash(new HashView(shard, found));
                break;
            case ValueKind.Set:
                writer.Set(new SetView(shard, found));
                break;
            default:
                writer.SortedSet(new SortedSetView(shard, found));
                break;
        }

        Dump.Finish(dump);
        return dump;
    }

    private void Text(Shard shard, Found found)
    {
        Byte((byte)DumpType.Text);
        var length = (int)Texts.Length(found);
        Span<byte> few = stackalloc byte[MaxNumberDigits];
        if (length <= MaxNumberDigits)
        {
            Texts.Read(shard, found, 0, few[..length]);
            Text(few[..length]);
            return;
        }

        Length((ulong)length);
        Texts.Read(shard, found, 0, target.GetSpan(length)[..length]);
        target.Advance(length);
    }

    private void List(ListView list)
    {
        Byte((byte)DumpType.List);
        Length(list.Count);
        using var bytes = new ItemBytes(list.Chunks);
        var cursor = list.From(0);
        for (var left = list.Count; left > 0; left--, cursor.MoveNext())
            Text(bytes.Of(cursor.Current.Item));
    }

    private void Hash(HashView hash)
    {
        Byte((byte)DumpType.Hash);
        Length(hash.Count);
        using var bytes = new ItemBytes(hash.Chunks);
        foreach (var field in hash)
        {
            Text(bytes.Of(field.Name));
            Text(bytes.Of(field.Value));
        }
    }

    private void Set(SetView set)
    {
        Byte((byte)DumpType.Set);
        Length(set.Count);
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        using var texts = new MemberTexts(set.Chunks, scratch);
        foreach (var member in set)
            Text(texts.Of(member));
    }

    private void SortedSet(SortedSetView set)
    {
        Byte((byte)DumpType.SortedSet);
        Length(set.Count);
        using var bytes = new ItemBytes(set.Chunks);
        var cursor = set.From(0);
        for (var left = set.Count; left > 0; left--, cursor.MoveNext())
        {
            Text(bytes.Of(cursor.Current.Item));
            BinaryPrimitives.WriteDoubleLittleEndian(target.GetSpan(sizeof(double)), cursor.Current.Score);
            target.Advance(sizeof(double));
        }
    }

    private void Text(ReadOnlySpan<byte> text)
    {
        if (text.Length <= MaxNumberDigits && ItemText.TryParse(text, out var number) && number is >= int.MinValue and <= int.MaxValue)
        {
            Number((int)number);
            return;
        }

        Length((ulong)text.Length);
        target.Write(text);
    }

    private void Number(int number)
    {
        if (number is >= sbyte.MinValue and <= sbyte.MaxValue)
        {
            Byte(0xC0);
            Byte((byte)number);
        }
        else if (number is >= short.MinValue and <= short.MaxValue)
        {
            Byte(0xC1);
            BinaryPrimitives.WriteInt16LittleEndian(target.GetSpan(sizeof(short)), (short)number);
            target.Advance(sizeof(short));
        }
        else
        {
            Byte(0xC2);
            BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(sizeof(int)), number);
            target.Advance(sizeof(int));
        }
    }

    private void Length(ulong length)
    {
        if (length <= MaxShort)
        {
            Byte((byte)length);
        }
        else if (length <= MaxMedium)
        {
            Byte((byte)(0x40 | (length >> 8)));
            Byte((byte)length);
        }
        else
        {
            // No value here has more than 2³² of anything.
            Byte(0x80);
            BinaryPrimitives.WriteUInt32BigEndian(target.GetSpan(sizeof(uint)), (uint)length);
            target.Advance(sizeof(uint));
        }
    }

    private void Byte(byte value)
    {
        target.GetSpan(1)[0] = value;
        target.Advance(1);
    }
}
