using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Groundwork.Broker.Records;

/// <summary>The records of a batch that is not packed, one after the other, as views: checks their form on the way and allocates nothing.</summary>
/// <param name="payload">What follows the batch's header, unpacked.</param>
internal ref struct RecordWalk(ReadOnlySpan<byte> payload)
{
    private readonly ReadOnlySpan<byte> _payload = payload;
    private ReadOnlySpan<byte> _rest = payload;

    /// <summary>The record's offset, counted from the batch's.</summary>
    public int OffsetDelta { get; private set; }

    /// <summary>Its time, counted from the batch's base.</summary>
    public long TimestampDelta { get; private set; }

    /// <summary>Where in the payload its key is; a length of -1 where it has none.</summary>
    public (int At, int Length) Key { get; private set; }

    /// <summary>Where in the payload its value is; a length of -1 where it has none.</summary>
    public (int At, int Length) Value { get; private set; }

    /// <summary>Where in the payload its headers are, behind their number.</summary>
    public (int At, int Count) Headers { get; private set; }

    /// <summary>Whether all has been walked.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Goes to the next record; false where what follows is none.</summary>
    public bool TryNext()
    {
        if (!Varint.TryRead(ref _rest, out var length) || length <= 0 || length > _rest.Length)
            return false;
        var record = _rest[..(int)length];
        _rest = _rest[(int)length..];

        // One byte of attributes, of which none is in use.
        record = record[1..];
        if (!Varint.TryRead(ref record, out var timestampDelta) || !Varint.TryRead(ref record, out var offsetDelta) || offsetDelta is < 0 or > int.MaxValue)
            return false;
        (TimestampDelta, OffsetDelta) = (timestampDelta, (int)offsetDelta);
        if (!TryField(ref record, out var key) || !TryField(ref record, out var value))
            return false;
        (Key, Value) = (key, value);
        if (!Varint.TryRead(ref record, out var headers) || headers < 0 || headers > record.Length)
            return false;
        Headers = (At(record), (int)headers);
        for (var i = 0; i < headers; i++)
        {
            if (!TryField(ref record, out var name) || name.Length < 0 || !TryField(ref record, out _))
                return false;
        }

        return record.IsEmpty;
    }

    /// <summary>Reads a field with its length before it: of a header, its name or its value.</summary>
    public readonly bool TryField(ref ReadOnlySpan<byte> from, out (int At, int Length) field)
    {
        field = (0, -1);
        if (!Varint.TryRead(ref from, out var length) || length < -1 || length > from.Length)
            return false;
        if (length < 0)
            return true;
        field = (At(from), (int)length);
        from = from[(int)length..];
        return true;
    }

    private readonly int At(ReadOnlySpan<byte> view) =>
        (int)Unsafe.ByteOffset(ref MemoryMarshal.GetReference(_payload), ref MemoryMarshal.GetReference(view));
}
