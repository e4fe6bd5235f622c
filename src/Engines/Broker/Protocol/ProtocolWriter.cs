using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Groundwork.Broker.Protocol;

/// <summary>
/// Writes messages into pooled blocks, as a chain of segments that a socket sends by one gathering call. Batches of any size
/// become segments of their own and are not copied: their bytes must stay as they are until the chain is sent. To be
/// <see cref="Clear"/>ed and used again by a connection, and disposed at its end; both return the blocks. Not thread-safe.
/// <para>
/// Tagged fields are preceded by their size as a varint: they are written aside first, and copied. They are rare and small;
/// computing sizes beforehand, as Kafka does, would double the code of every message.
/// </para>
/// </summary>
internal sealed class ProtocolWriter : IDisposable
{
    /// <summary>Batches from this size on are not copied, in bytes.</summary>
    public const int BorrowedBytes = 4096;

    private const int BlockBytes = 8192;

    private readonly List<byte[]> _blocks = [];
    private readonly List<ArraySegment<byte>> _segments = [];
    private byte[] _block = [];
    private int _start;   // the open segment's start in the block
    private int _at;      // the open segment's end
    private long _sealed; // the bytes of all segments that are whole
    private ProtocolWriter? _aside;

    /// <summary>The bytes that are here.</summary>
    public long Length => _sealed + (_at - _start);

    /// <summary>All that was written, to be sent in this order. Valid until something is written again.</summary>
    public IList<ArraySegment<byte>> Segments
    {
        get
        {
            Seal();
            return _segments;
        }
    }

    /// <summary>Forgets all that is here, and returns the blocks.</summary>
    public void Clear()
    {
        foreach (var block in _blocks)
            ArrayPool<byte>.Shared.Return(block);
        _blocks.Clear();
        _segments.Clear();
        _block = [];
        _start = 0;
        _at = 0;
        _sealed = 0;
        _aside?.Clear();
    }

    public void Dispose()
    {
        Clear();
        _aside?.Dispose();
    }

    /// <summary>A copy of all that is here.</summary>
    public byte[] ToArray()
    {
        var copy = new byte[Length];
        var at = 0;
        foreach (var segment in Segments)
        {
            segment.AsSpan().CopyTo(copy.AsSpan(at));
            at += segment.Count;
        }

        return copy;
    }

    /// <summary>Begins a message that its length goes ahead of, in four bytes; see <see cref="EndFrame"/>.</summary>
    public Frame BeginFrame()
    {
        Reserve(4);
        return new Frame(_block, _at - 4, Length);
    }

    /// <summary>Writes the length of all that came since.</summary>
    public void EndFrame(Frame frame) =>
        BinaryPrimitives.WriteInt32BigEndian(frame.Block.AsSpan(frame.At), checked((int)(Length - frame.Begun)));

    public void WriteBoolean(bool value) => Reserve(1)[0] = value ? (byte)1 : (byte)0;

    public void WriteInt8(sbyte value) => Reserve(1)[0] = (byte)value;

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Reserve(2), value);

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Reserve(4), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Reserve(8), value);

    public void WriteFloat64(double value) => BinaryPrimitives.WriteDoubleBigEndian(Reserve(8), value);

    public void WriteUuid(Guid value) => value.TryWriteBytes(Reserve(16), bigEndian: true, out _);

    public void WriteError(ErrorCode value) => WriteInt16((short)value);

    /// <inheritdoc cref="ProtocolReader.ReadUnsignedVarint"/>
    public void WriteUnsignedVarint(uint value) => WriteBits(value);

    /// <inheritdoc cref="ProtocolReader.ReadVarint"/>
    public void WriteVarint(int value) => WriteBits((uint)((value << 1) ^ (value >> 31)));

    /// <inheritdoc cref="ProtocolReader.ReadVarlong"/>
    public void WriteVarlong(long value) => WriteBits((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>A text of at most 32,767 bytes of UTF-8.</summary>
    public void WriteString(string value, bool flexible)
    {
        ArgumentNullException.ThrowIfNull(value);
        var length = Encoding.UTF8.GetByteCount(value);
        if (length > short.MaxValue)
            throw new ArgumentException($"A string of {length} bytes is longer than the protocol takes ({short.MaxValue}).", nameof(value));
        if (flexible)
            WriteUnsignedVarint((uint)length + 1);
        else
            WriteInt16((short)length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
    }

    public void WriteNullableString(string? value, bool flexible)
    {
        if (value is not null)
            WriteString(value, flexible);
        else if (flexible)
            WriteUnsignedVarint(0);
        else
            WriteInt16(-1);
    }

    public void WriteBytes(ReadOnlyMemory<byte> value, bool flexible)
    {
        WriteLength(value.Length, flexible);
        WriteRaw(value);
    }

    public void WriteNullableBytes(ReadOnlyMemory<byte>? value, bool flexible)
    {
        if (value is { } bytes)
            WriteBytes(bytes, flexible);
        else
            WriteLength(-1, flexible);
    }

    /// <summary>The batches of one partition, as one field.</summary>
    public void WriteRecords(RecordBytes value, bool flexible)
    {
        WriteLength(value.IsNull ? -1 : value.Length, flexible);
        for (var i = 0; i < value.Count; i++)
            WriteRaw(value[i]);
    }

    /// <summary>The length of bytes, or an array's count, that follow; -1 for null.</summary>
    public void WriteLength(int length, bool flexible)
    {
        if (flexible)
            WriteUnsignedVarint((uint)(length + 1));
        else
            WriteInt32(length);
    }

    public void WriteArray<T>(List<T> items, short version, bool flexible)
        where T : class, IMessage
    {
        WriteLength(items.Count, flexible);
        foreach (var item in items)
            item.Write(this, version);
    }

    public void WriteNullableArray<T>(List<T>? items, short version, bool flexible)
        where T : class, IMessage
    {
        if (items is null)
            WriteLength(-1, flexible);
        else
            WriteArray(items, version, flexible);
    }

    public void WriteInt32Array(List<int> items, bool flexible)
    {
        WriteLength(items.Count, flexible);
        foreach (var item in items)
            WriteInt32(item);
    }

    public void WriteNullableInt32Array(List<int>? items, bool flexible)
    {
        if (items is null)
            WriteLength(-1, flexible);
        else
            WriteInt32Array(items, flexible);
    }

    public void WriteInt64Array(List<long> items, bool flexible)
    {
        WriteLength(items.Count, flexible);
        foreach (var item in items)
            WriteInt64(item);
    }

    public void WriteStringArray(List<string> items, bool flexible)
    {
        WriteLength(items.Count, flexible);
        foreach (var item in items)
            WriteString(item, flexible);
    }

    public void WriteNullableStringArray(List<string>? items, bool flexible)
    {
        if (items is null)
            WriteLength(-1, flexible);
        else
            WriteStringArray(items, flexible);
    }

    /// <inheritdoc cref="ProtocolReader.ReadNullable{T}"/>
    public void WriteNullable(IMessage? value, short version)
    {
        WriteInt8(value is null ? (sbyte)-1 : (sbyte)1);
        value?.Write(this, version);
    }

    /// <summary>Where a tagged field's contents are to be written, before <see cref="EndTag"/>.</summary>
    public ProtocolWriter BeginTag() => _aside ??= new ProtocolWriter();

    /// <summary>Writes a tagged field, with what was written aside.</summary>
    public void EndTag(uint tag)
    {
        var aside = _aside!;
        WriteUnsignedVarint(tag);
        WriteUnsignedVarint((uint)aside.Length);
        aside.Seal();
        foreach (var segment in aside._segments)
            segment.AsSpan().CopyTo(Reserve(segment.Count));
        aside.Clear();
    }

    /// <summary>That a field has a value that the version cannot say, and that must not be lost.</summary>
    public static InvalidOperationException NotInVersion(string field, short version) =>
        new($"{field} is set, and version {version} cannot say it.");

    /// <summary>That a field is null where the version cannot say so.</summary>
    public static InvalidOperationException NotNullIn(string field, short version) =>
        new($"{field} is null, and version {version} cannot say so.");

    private void WriteRaw(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < BorrowedBytes || !MemoryMarshal.TryGetArray(bytes, out var borrowed))
        {
            bytes.Span.CopyTo(Reserve(bytes.Length));
            return;
        }

        Seal();
        _segments.Add(borrowed);
        _sealed += borrowed.Count;
    }

    private void WriteBits(ulong value)
    {
        while (value >= 0x80)
        {
            Reserve(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Reserve(1)[0] = (byte)value;
    }

    // The next bytes, to be filled by the caller.
    private Span<byte> Reserve(int count)
    {
        if (_block.Length - _at < count)
            Extend(count);
        _at += count;
        return _block.AsSpan(_at - count, count);
    }

    private void Extend(int count)
    {
        Seal();
        _block = ArrayPool<byte>.Shared.Rent(Math.Max(count, BlockBytes));
        _blocks.Add(_block);
        _start = 0;
        _at = 0;
    }

    private void Seal()
    {
        if (_at == _start)
            return;
        _segments.Add(new ArraySegment<byte>(_block, _start, _at - _start));
        _sealed += _at - _start;
        _start = _at;
    }

    /// <summary>A message that was begun: where its length goes, and how much was written before it.</summary>
    internal readonly record struct Frame(byte[] Block, int At, long Begun);
}
