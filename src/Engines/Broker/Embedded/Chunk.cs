using Groundwork.Broker.Records;
using Groundwork.Ports.Messaging;

namespace Groundwork.Broker.Embedded;

/// <summary>Some batches that a reader has taken from a log: its own copy, unpacked one batch at a time.</summary>
/// <param name="topic">Whose they are.</param>
/// <param name="partition">Of which partition.</param>
/// <param name="from">The first offset that is wanted: the first batch may begin before it.</param>
/// <param name="batches">The batches.</param>
internal sealed class Chunk(string topic, int partition, long from, ReadOnlyMemory<byte> batches)
{
    private readonly long _from = from;

    /// <summary>The offset behind all of it.</summary>
    public long NextOffset { get; private set; } = from;

    /// <summary>Its records. <see cref="NextOffset"/> is known once all have been gone through.</summary>
    /// <exception cref="BrokerException">A batch cannot be unpacked.</exception>
    public IEnumerable<IncomingRecord> Records()
    {
        for (var at = 0; at < batches.Length;)
        {
            var batch = batches.Slice(at, RecordBatch.LengthOf(batches.Span[at..]));
            at += batch.Length;
            foreach (var record in Unpack(batch))
            {
                if (record.Offset >= _from)
                    yield return Incoming(record);
            }

            NextOffset = new RecordBatch(batch.Span).NextOffset;
        }
    }

    private List<Record> Unpack(ReadOnlyMemory<byte> batch)
    {
        try
        {
            return new RecordBatch(batch.Span).IsControl ? [] : BatchReader.Read(batch);
        }
        catch (InvalidDataException e)
        {
            throw new BrokerException(
                BrokerFault.Damaged, $"The batch at offset {new RecordBatch(batch.Span).BaseOffset} of partition {partition} of {topic} cannot be unpacked: {e.Message}", e);
        }
    }

    private IncomingRecord Incoming(in Record record) => new(
        topic, partition, record.Offset, IncomingRecord.TimeOf(record.Timestamp), record.Key, record.Value,
        record.Headers.Count == 0 ? [] : [.. record.Headers.Select(header => new Ports.Messaging.RecordHeader(header.Name, header.Value))]);
}
