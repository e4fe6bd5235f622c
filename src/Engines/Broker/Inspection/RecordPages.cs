using Groundwork.Broker.Embedded;
using Groundwork.Broker.Logs;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;

namespace Groundwork.Broker.Inspection;

/// <summary>Pages of a partition's records, read as no reader reads them: nothing counts them. Stateless.</summary>
internal static class RecordPages
{
    private const int ReadBytes = 256 << 10;

    /// <summary>Reads one.</summary>
    /// <exception cref="BrokerException">The place of a time cannot be found, as a batch is damaged.</exception>
    public static RecordPage Read(string topic, int partition, PartitionLog log, RecordQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Count, RecordQuery.MaxCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Bytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Bytes, RecordQuery.MaxBytes);
        var offsets = new OffsetRange(log.StartOffset, log.HighWatermark);
        var wanted = query.Start.Kind == ReadStartKind.Latest ? offsets.End - query.Count : PartitionReader.Offset(log, query.Start);
        var from = Math.Clamp(wanted, offsets.Start, offsets.End);
        var records = new List<IncomingRecord>();
        var (next, bytes) = (from, 0L);
        while (next < offsets.End && records.Count < query.Count && bytes < query.Bytes)
        {
            var read = log.Read(next, ReadBytes, oversizeFirst: true);
            if (read.Data is not { } data)
            {
                // What retention took just now is gone past when the next page is asked for.
                return new RecordPage(records, from, next, offsets, read.Fault?.Message);
            }

            using (data)
            {
                var chunk = new Chunk(topic, partition, next, data.Batches.ToArray());
                try
                {
                    foreach (var record in chunk.Records())
                    {
                        var length = Length(record);
                        if (records.Count == query.Count || (records.Count > 0 && bytes + length > query.Bytes))
                            return new RecordPage(records, from, next, offsets, null);
                        records.Add(record);
                        bytes += length;
                        next = record.Offset + 1;
                    }
                }
                catch (BrokerException e)
                {
                    return new RecordPage(records, from, next, offsets, e.Message);
                }

                next = Math.Max(next, chunk.NextOffset);
            }
        }

        return new RecordPage(records, from, next, offsets, null);
    }

    private static long Length(in IncomingRecord record) =>
        (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0) + record.Headers.Sum(header => (long)header.Name.Length + (header.Value?.Length ?? 0));
}
