using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Groundwork.Cache.Dumps;

/// <summary>Reads the lengths, texts and numbers of a dump, one after the other. What is cut off or malformed ends it: <see cref="Failed"/>.</summary>
/// <param name="bytes">The value, without what stands behind it.</param>
internal ref struct DumpReader(ReadOnlySpan<byte> bytes) : IDisposable
{
    private const int MaxNumberBytes = 20;

    // A text of more would not be accepted as an argument either.
    private const int MaxTextBytes = 512 << 20;

    private readonly byte[] _number = new byte[MaxNumberBytes];
    private ReadOnlySpan<byte> _left = bytes;
    private byte[]? _unpacked;

    /// <summary>Whether something was not as it must be; all that is read from then on is empty.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether all was read.</summary>
    public readonly bool IsAtEnd => _left.IsEmpty;

    /// <summary>How many things follow.</summary>
    public long Count()
    {
        var (length, isSpecial) = Length();

        // Each takes a byte at least: more cannot be there.
        if (!isSpecial && length <= (ulong)_left.Length)
            return (long)length;
        Fail();
        return 0;
    }

    /// <summary>A number that stands as a length.</summary>
    public long Number()
    {
        var (length, isSpecial) = Length();
        if (!isSpecial && length <= long.MaxValue)
            return (long)length;
        Fail();
        return 0;
    }

    /// <summary>A text, which may stand as a number or packed; good until the next packed one or number is read.</summary>
    public ReadOnlySpan<byte> Text()
    {
        var (length, isSpecial) = Length();
        if (!isSpecial)
            return length <= (ulong)_left.Length ? Take((int)length) : Fail();
        switch (length)
        {
            case 0:
                return Take(1) is [var one] ? Write((sbyte)one) : default;
            case 1:
                return Take(2) is { Length: 2 } two ? Write(BinaryPrimitives.ReadInt16LittleEndian(two)) : default;
            case 2:
                return Take(4) is { Length: 4 } four ? Write(BinaryPrimitives.ReadInt32LittleEndian(four)) : default;
            case 3:
                return Packed();
            default:
                return Fail();
        }
    }

    /// <summary>A double of eight bytes.</summary>
    public double Double() => Take(sizeof(double)) is { Length: sizeof(double) } eight ? BinaryPrimitives.ReadDoubleLittleEndian(eight) : 0;

    /// <summary>A double as it was written before Redis 5: its text behind a byte for its length, of which three stand for no number and infinities.</summary>
    public double DoubleText()
    {
        if (Take(1) is not [var length])
            return 0;
        if (length >= 253)
            return length switch { 253 => double.NaN, 254 => double.PositiveInfinity, _ => double.NegativeInfinity };
        var text = Take(length);
        if (Utf8Parser.TryParse(text, out double value, out var used) && used == length)
            return value;
        Fail();
        return 0;
    }

    /// <summary>Gives back what was unpacked.</summary>
    public void Dispose()
    {
        if (_unpacked is not null)
            ArrayPool<byte>.Shared.Return(_unpacked);
        _unpacked = null;
    }

    private (ulong Length, bool IsSpecial) Length()
    {
        if (Take(1) is not [var first])
            return default;
        switch (first >> 6)
        {
            case 0:
                return ((ulong)first & 0x3F, false);
            case 1:
                return Take(1) is [var second] ? (((ulong)first & 0x3F) << 8 | second, false) : default;
            case 3:
                return ((ulong)first & 0x3F, true);
        }

        if (first == 0x80)
            return Take(4) is { Length: 4 } four ? (BinaryPrimitives.ReadUInt32BigEndian(four), false) : default;
        if (first == 0x81)
            return Take(8) is { Length: 8 } eight ? (BinaryPrimitives.ReadUInt64BigEndian(eight), false) : default;
        Fail();
        return default;
    }

    private ReadOnlySpan<byte> Packed()
    {
        var (packedBytes, bytes) = (Number(), Number());
        if (packedBytes > _left.Length || bytes > Math.Min(MaxTextBytes, packedBytes * Lzf.MostPerByte))
            return Fail();
        Dispose();
        _unpacked = ArrayPool<byte>.Shared.Rent((int)bytes);
        var target = _unpacked.AsSpan(0, (int)bytes);
        return Lzf.TryUnpack(Take((int)packedBytes), target) ? target : Fail();
    }

    private readonly ReadOnlySpan<byte> Write(long number)
    {
        Utf8Formatter.TryFormat(number, _number, out var length);
        return _number.AsSpan(0, length);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _left.Length)
            return Fail();
        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }

    private ReadOnlySpan<byte> Fail()
    {
        Failed = true;
        _left = default;
        return default;
    }
}
