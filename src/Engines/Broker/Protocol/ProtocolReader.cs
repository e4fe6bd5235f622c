using System.Buffers.Binary;
using System.Text;

namespace Groundwork.Broker.Protocol;

/// <summary>
/// Reads one message that lies in one piece. Whatever the bytes are, the worst is a <see cref="ProtocolException"/>: each
/// length is compared with what remains before anything is made of it, so that what is allocated stays in proportion to
/// what was sent; and since an element of two bytes becomes an object of some fifty, the elements of all arrays are bounded
/// too. Where it takes <c>flexible</c>, that is which of Kafka's two encodings of lengths the version has:
/// fixed, or (since KIP-482) a varint of the length plus one.
/// </summary>
internal ref struct ProtocolReader(ReadOnlyMemory<byte> message)
{
    /// <summary>The most elements that all arrays of a message have together.</summary>
    public const int MaxElements = 1_000_000;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _memory = message;
    private readonly ReadOnlySpan<byte> _bytes = message.Span;
    private int _at;
    private int _elements;

    /// <summary>How many bytes were read.</summary>
    public readonly int Position => _at;

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => _bytes.Length - _at;

    /// <summary>Says that the message must be over.</summary>
    public readonly void ExpectEnd()
    {
        if (Remaining > 0)
            throw new ProtocolException($"{Remaining} bytes are left over behind the message's end at byte {_at}.");
    }

    public bool ReadBoolean() => Take(1)[0] != 0;

    public sbyte ReadInt8() => (sbyte)Take(1)[0];

    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public double ReadFloat64() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public Guid ReadUuid() => new(Take(16), bigEndian: true);

    public ErrorCode ReadError() => (ErrorCode)ReadInt16();

    /// <summary>An unsigned integer of 32 bits in one to five bytes, seven bits each, the lowest first.</summary>
    public uint ReadUnsignedVarint() => (uint)ReadBits(32);

    /// <summary>A signed integer of 32 bits, zigzag.</summary>
    public int ReadVarint()
    {
        var bits = (uint)ReadBits(32);
        return (int)(bits >> 1) ^ -(int)(bits & 1);
    }

    /// <summary>A signed integer of 64 bits, zigzag.</summary>
    public long ReadVarlong()
    {
        var bits = ReadBits(64);
        return (long)(bits >> 1) ^ -(long)(bits & 1);
    }

    public string ReadString(bool flexible) => ReadNullableString(flexible) ?? throw UnexpectedNull("string");

    public string? ReadNullableString(bool flexible)
    {
        var start = _at;
        var length = ReadShortLength(flexible);
        if (length < 0)
            return null;
        if (length > short.MaxValue)
            throw new ProtocolException($"The string at byte {start} has {length} bytes; {short.MaxValue} are allowed.");
        try
        {
            return Utf8.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw new ProtocolException($"The string at byte {start} is not UTF-8.");
        }
    }

    public ReadOnlyMemory<byte> ReadBytes(bool flexible) => ReadNullableBytes(flexible) ?? throw UnexpectedNull("field of bytes");

    /// <summary>A slice of the message; null where it says so.</summary>
    public ReadOnlyMemory<byte>? ReadNullableBytes(bool flexible)
    {
        var length = ReadLength(flexible);
        if (length < 0)
            return null;
        Take(length);
        return _memory.Slice(_at - length, length);
    }

    /// <summary>The batches of a partition, a slice of the message.</summary>
    public RecordBytes ReadRecords(bool flexible) => ReadNullableBytes(flexible) is { } bytes ? new RecordBytes(bytes) : RecordBytes.Null;

    /// <summary>
    /// An array's count; -1 where there is none. Refused where what remains could not hold so many elements.
    /// </summary>
    public int ReadCount(bool flexible, int leastBytes)
    {
        var start = _at;
        var count = flexible ? ReadUnsignedVarint() - 1L : ReadInt32();
        if (count < -1)
            throw new ProtocolException($"The array at byte {start} claims {count} elements.");
        if (count * leastBytes > Remaining)
            throw new ProtocolException($"The array at byte {start} claims {count} elements, and {Remaining} bytes follow.");
        if (count > MaxElements - _elements)
            throw new ProtocolException($"The message has more than {MaxElements} elements, with the array at byte {start}.");
        _elements += Math.Max((int)count, 0);
        return (int)count;
    }

    /// <summary>Reads an array of structures to the end of a list; each has at least so many bytes in any version.</summary>
    public void ReadArray<T>(List<T> into, short version, bool flexible, int leastBytes)
        where T : class, IReadable<T>
    {
        var count = Expect(ReadCount(flexible, leastBytes));
        into.EnsureCapacity(count);
        for (var i = 0; i < count; i++)
            into.Add(T.Read(ref this, version));
    }

    /// <summary>As <see cref="ReadArray{T}"/>; null where there is no array.</summary>
    public List<T>? ReadNullableArray<T>(short version, bool flexible, int leastBytes)
        where T : class, IReadable<T>
    {
        var count = ReadCount(flexible, leastBytes);
        if (count < 0)
            return null;
        var list = new List<T>(count);
        for (var i = 0; i < count; i++)
            list.Add(T.Read(ref this, version));
        return list;
    }

    public void ReadInt32Array(List<int> into, bool flexible) => ReadInt32Items(into, Expect(ReadCount(flexible, sizeof(int))));

    public List<int>? ReadNullableInt32Array(bool flexible)
    {
        var count = ReadCount(flexible, sizeof(int));
        return count < 0 ? null : ReadInt32Items(new List<int>(count), count);
    }

    public void ReadInt64Array(List<long> into, bool flexible)
    {
        var count = Expect(ReadCount(flexible, sizeof(long)));
        into.EnsureCapacity(count);
        for (var i = 0; i < count; i++)
            into.Add(ReadInt64());
    }

    public void ReadStringArray(List<string> into, bool flexible) =>
        ReadStringItems(into, Expect(ReadCount(flexible, flexible ? 1 : 2)), flexible);

    public List<string>? ReadNullableStringArray(bool flexible)
    {
        var count = ReadCount(flexible, flexible ? 1 : 2);
        return count < 0 ? null : ReadStringItems(new List<string>(count), count, flexible);
    }

    /// <summary>A structure that may not be there: a byte says whether it is.</summary>
    public T? ReadNullable<T>(short version)
        where T : class, IReadable<T> => ReadInt8() < 0 ? null : T.Read(ref this, version);

    /// <summary>How many tagged fields follow.</summary>
    public int ReadTagCount()
    {
        var start = _at;
        var count = ReadUnsignedVarint();
        // Each has its number and its size, a byte each at least.
        if (count > (uint)Remaining / 2)
            throw new ProtocolException($"The message at byte {start} claims {count} tagged fields, and {Remaining} bytes follow.");
        return (int)count;
    }

    /// <summary>Begins a tagged field: its number, and where it ends.</summary>
    public uint ReadTag(out int end)
    {
        var tag = ReadUnsignedVarint();
        var start = _at;
        var size = ReadUnsignedVarint();
        if (size > (uint)Remaining)
            throw new ProtocolException($"The tagged field {tag} at byte {start} claims {size} bytes, and {Remaining} follow.");
        end = _at + (int)size;
        return tag;
    }

    /// <summary>Leaves a tagged field that is not known.</summary>
    public void SkipTo(int end) => _at = end;

    /// <summary>Says that a tagged field was read; it must be over.</summary>
    public readonly void EndTag(uint tag, int end)
    {
        if (_at != end)
            throw new ProtocolException($"The tagged field {tag} ends at byte {end}, and its contents at byte {_at}.");
    }

    /// <summary>Leaves all tagged fields of a structure that knows none.</summary>
    public void SkipTaggedFields()
    {
        for (var left = ReadTagCount(); left > 0; left--)
        {
            ReadTag(out var end);
            SkipTo(end);
        }
    }

    /// <summary>That what was just read is null, and must not be in this version.</summary>
    public readonly ProtocolException UnexpectedNull(string what) => new($"The {what} before byte {_at} is null, and may not be.");

    private List<int> ReadInt32Items(List<int> into, int count)
    {
        into.EnsureCapacity(count);
        for (var i = 0; i < count; i++)
            into.Add(ReadInt32());
        return into;
    }

    private List<string> ReadStringItems(List<string> into, int count, bool flexible)
    {
        into.EnsureCapacity(count);
        for (var i = 0; i < count; i++)
            into.Add(ReadString(flexible));
        return into;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
            throw new ProtocolException($"The message ends at byte {_bytes.Length}, {count - Remaining} bytes short of the field at byte {_at}.");
        var taken = _bytes.Slice(_at, count);
        _at += count;
        return taken;
    }

    // A varint of more bits than asked for is refused; so is one of more bytes than that many bits can take.
    private ulong ReadBits(int bits)
    {
        var start = _at;
        var value = 0UL;
        for (var shift = 0; shift < bits; shift += 7)
        {
            var next = Take(1)[0];
            var part = (ulong)(next & 0x7f);
            if (bits - shift < 7 && part >> (bits - shift) != 0)
                break;
            value |= part << shift;
            if (next < 0x80)
                return value;
        }

        throw new ProtocolException($"The varint at byte {start} is larger than {bits} bits.");
    }

    // -1 is null; what is claimed is not more than what remains.
    private int CheckLength(int start, long length)
    {
        if (length < -1)
            throw new ProtocolException($"The length at byte {start} is {length}.");
        if (length > Remaining)
            throw new ProtocolException($"The length at byte {start} is {length}, and {Remaining} bytes follow.");
        return (int)length;
    }

    private int ReadShortLength(bool flexible)
    {
        var start = _at;
        return CheckLength(start, flexible ? ReadUnsignedVarint() - 1L : ReadInt16());
    }

    private int ReadLength(bool flexible)
    {
        var start = _at;
        return CheckLength(start, flexible ? ReadUnsignedVarint() - 1L : ReadInt32());
    }

    private readonly int Expect(int count) => count >= 0 ? count : throw UnexpectedNull("array");
}
