using System.Buffers.Binary;
using System.Buffers.Text;

namespace Groundwork.Cache.Dumps;

/// <summary>The forms in which Redis keeps, and dumps, what is small.</summary>
internal enum PieceForm
{
    /// <summary>Since Redis 7.</summary>
    ListPack,

    /// <summary>Before.</summary>
    ZipList,

    /// <summary>Numbers of one width.</summary>
    IntegerSet,
}

/// <summary>Walks the items of a piece. What is cut off or malformed ends it: <see cref="Failed"/>.</summary>
internal ref struct PieceReader
{
    private const int ListPackHeader = 6;
    private const int ZipListHeader = 10;
    private const int IntegerSetHeader = 8;
    private const byte End = 0xFF;

    private readonly PieceForm _form;
    private readonly int _width;
    private readonly Span<byte> _number;
    private ReadOnlySpan<byte> _left;

    /// <param name="form">Its form.</param>
    /// <param name="piece">Its bytes.</param>
    /// <param name="number">Where a number is written out: 20 bytes at least.</param>
    public PieceReader(PieceForm form, ReadOnlySpan<byte> piece, Span<byte> number)
    {
        _form = form;
        _number = number;
        var header = form switch { PieceForm.ListPack => ListPackHeader, PieceForm.ZipList => ZipListHeader, _ => IntegerSetHeader };
        if (piece.Length < header)
        {
            Failed = true;
            return;
        }

        _left = piece[header..];
        var said = BinaryPrimitives.ReadUInt32LittleEndian(piece);
        if (form == PieceForm.IntegerSet)
        {
            _width = (int)said;
            Failed = said is not (2 or 4 or 8) || (ulong)BinaryPrimitives.ReadUInt32LittleEndian(piece[4..]) * said != (ulong)_left.Length;
        }
        else
        {
            Failed = said != piece.Length;
        }
    }

    /// <summary>Whether something was not as it must be.</summary>
    public bool Failed { get; private set; }

    /// <summary>The item it stands at; good until the next one is gone to.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Goes to the next item; false at the end, and where something is not as it must be.</summary>
    public bool MoveNext()
    {
        if (Failed)
            return false;
        if (_form == PieceForm.IntegerSet)
            return !_left.IsEmpty && Integer(Take(_width));
        if (_left is [End])
            return false;
        return _form == PieceForm.ListPack ? NextOfListPack() : NextOfZipList();
    }

    private bool NextOfListPack()
    {
        var before = _left.Length;
        if (Take(1) is not [var first])
            return false;
        var there = first switch
        {
            < 0x80 => Write(first),
            < 0xC0 => Text(first & 0x3F),
            < 0xE0 => Take(1) is [var low] && Write(SignExtended((first & 0x1F) << 8 | low)),
            < 0xF0 => Take(1) is [var low] && Text((first & 0x0F) << 8 | low),
            0xF0 => Take(4) is { Length: 4 } four && Text(BinaryPrimitives.ReadUInt32LittleEndian(four)),
            0xF1 => Integer(Take(2)),
            0xF2 => Integer(Take(3)),
            0xF3 => Integer(Take(4)),
            0xF4 => Integer(Take(8)),
            _ => Fail(),
        };

        // Behind each item stands how long it is, in seven bits a byte.
        var bytes = before - _left.Length;
        var back = 1;
        for (var rest = bytes >> 7; rest > 0; rest >>= 7)
            back++;
        return there && Take(back).Length == back;
    }

    // Of thirteen bits.
    private static int SignExtended(int bits) => (bits << 19) >> 19;

    private bool NextOfZipList()
    {
        // Before each item stands how long the one before it is.
        if (Take(1) is not [var before] || (before == 0xFE && Take(4).IsEmpty))
            return false;
        if (Take(1) is not [var first])
            return false;
        return first switch
        {
            < 0x40 => Text(first),
            < 0x80 => Take(1) is [var low] && Text((first & 0x3F) << 8 | low),
            0x80 => Take(4) is { Length: 4 } four && Text(BinaryPrimitives.ReadUInt32BigEndian(four)),
            0xC0 => Integer(Take(2)),
            0xD0 => Integer(Take(4)),
            0xE0 => Integer(Take(8)),
            0xF0 => Integer(Take(3)),
            0xFE => Integer(Take(1)),
            > 0xF0 and < 0xFE => Write((first & 0x0F) - 1),
            _ => Fail(),
        };
    }

    private bool Text(long length)
    {
        if (length > _left.Length)
            return Fail();
        Current = Take((int)length);
        return true;
    }

    private bool Integer(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return false;
        long number = (sbyte)bytes[^1];
        for (var i = bytes.Length - 2; i >= 0; i--)
            number = (number << 8) | bytes[i];
        return Write(number);
    }

    private bool Write(long number)
    {
        Utf8Formatter.TryFormat(number, _number, out var length);
        Current = _number[..length];
        return true;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _left.Length)
        {
            Fail();
            return default;
        }

        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }

    private bool Fail()
    {
        Failed = true;
        return false;
    }
}
