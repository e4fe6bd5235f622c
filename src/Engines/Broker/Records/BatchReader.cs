using System.Text;

namespace Groundwork.Broker.Records;

/// <summary>The records of a batch, unpacked, for those who look at them: our own readers, the command line, the console.</summary>
internal static class BatchReader
{
    /// <summary>How large a batch may become when it is unpacked.</summary>
    public const int MaxUnpackedBytes = 128 << 20;

    /// <summary>Reads all of a batch's records; they are views of <paramref name="batch"/>, or of what it was unpacked into.</summary>
    /// <exception cref="InvalidDataException">Its payload is not what its header says.</exception>
    public static List<Record> Read(ReadOnlyMemory<byte> batch)
    {
        var header = new RecordBatch(batch.Span);
        var payload = Compression.Unpack(header.Codec, batch[RecordBatch.HeaderBytes..], MaxUnpackedBytes);
        var (first, baseTime, count) = (header.BaseOffset, header.BaseTimestamp, header.RecordCount);
        long? appended = (header.Attributes & BatchAttributes.LogAppendTime) != 0 ? header.MaxTimestamp : null;
        var walk = new RecordWalk(payload.Span);
        var records = new List<Record>(Math.Min(count, payload.Length));
        for (var i = 0; i < count; i++)
        {
            if (!walk.TryNext())
                throw new InvalidDataException($"Record {i} of {count} is not formed as records are.");
            records.Add(new Record(
                first + walk.OffsetDelta, appended ?? baseTime + walk.TimestampDelta,
                Part(payload, walk.Key), Part(payload, walk.Value), ReadHeaders(walk, payload)));
        }

        return records;
    }

    private static RecordHeader[] ReadHeaders(in RecordWalk walk, ReadOnlyMemory<byte> payload)
    {
        if (walk.Headers.Count == 0)
            return [];
        var headers = new RecordHeader[walk.Headers.Count];
        var rest = payload.Span[walk.Headers.At..];
        for (var i = 0; i < headers.Length; i++)
        {
            _ = walk.TryField(ref rest, out var name);
            _ = walk.TryField(ref rest, out var value);
            headers[i] = new RecordHeader(Encoding.UTF8.GetString(payload.Span.Slice(name.At, name.Length)), Part(payload, value));
        }

        return headers;
    }

    private static ReadOnlyMemory<byte>? Part(ReadOnlyMemory<byte> payload, (int At, int Length) field) =>
        field.Length < 0 ? default(ReadOnlyMemory<byte>?) : payload.Slice(field.At, field.Length); // a plain null would become memory of nothing
}
