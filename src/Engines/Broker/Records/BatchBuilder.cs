using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Groundwork.Broker.Records;

/// <summary>Makes a batch of records: for what the broker appends by itself and for callers in the process. Not thread-safe; used once.</summary>
internal sealed class BatchBuilder
{
    private readonly ArrayBufferWriter<byte> _records = new(256);
    private readonly ArrayBufferWriter<byte> _record = new(128);
    private long _baseTimestamp = RecordBatch.None;
    private long _maxTimestamp = RecordBatch.None;

    /// <summary>How many records it holds.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of its records, before they are packed.</summary>
    public int Bytes => _records.WrittenCount;

    /// <summary>Adds a record.</summary>
    /// <param name="timestamp">Milliseconds since 1970.</param>
    /// <param name="key">Null for none.</param>
    /// <param name="value">Null for one that says that its key is gone.</param>
    /// <param name="headers">What goes with it.</param>
    public void Add(long timestamp, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, IReadOnlyList<RecordHeader>? headers = null)
    {
        if (Count == 0)
            _baseTimestamp = timestamp;
        _maxTimestamp = Math.Max(_maxTimestamp, timestamp);
        _record.ResetWrittenCount();
        _record.Write<byte>([0]);
        Number(_record, timestamp - _baseTimestamp);
        Number(_record, Count);
        Field(key);
        Field(value);
        Number(_record, headers?.Count ?? 0);
        foreach (var header in headers ?? [])
        {
            Field(Encoding.UTF8.GetBytes(header.Name));
            Field(header.Value);
        }

        Number(_records, _record.WrittenCount);
        _records.Write(_record.WrittenSpan);
        Count++;
    }

    /// <summary>The batch, at offset 0 until it has its place.</summary>
    /// <param name="codec">How its records are packed.</param>
    /// <param name="attributes">What else it says of them.</param>
    /// <param name="producerId">The idempotent producer, or -1.</param>
    /// <param name="producerEpoch">Its epoch, or -1.</param>
    /// <param name="baseSequence">Its number of the first record, or -1.</param>
    public byte[] Build(
        Codec codec = Codec.None, BatchAttributes attributes = BatchAttributes.None,
        long producerId = RecordBatch.None, short producerEpoch = RecordBatch.None, int baseSequence = RecordBatch.None)
    {
        var payload = codec == Codec.None ? _records.WrittenSpan : Compression.Pack(codec, _records.WrittenMemory);
        var batch = new byte[RecordBatch.HeaderBytes + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - RecordBatch.PrefixBytes);
        batch[16] = RecordBatch.CurrentMagic;
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(21), (short)((short)attributes | (short)codec));
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), Count - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), _baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), _maxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), producerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), baseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), Count);
        payload.CopyTo(batch.AsSpan(RecordBatch.HeaderBytes));
        RecordBatch.Seal(batch);
        return batch;
    }

    private void Field(ReadOnlyMemory<byte>? field)
    {
        Number(_record, field?.Length ?? -1);
        if (field is { } bytes)
            _record.Write(bytes.Span);
    }

    private static void Number(ArrayBufferWriter<byte> into, long value) =>
        into.Advance(Varint.Write(into.GetSpan(Varint.MaxBytes), value));
}
