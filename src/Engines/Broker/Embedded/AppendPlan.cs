using System.Text;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Broker.Topics;
using Groundwork.Ports.Messaging;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Broker.Embedded;

/// <summary>Records of one append, put into batches: one for each partition, and more where one would become longer than the topic takes. Used once, by one caller.</summary>
internal sealed class AppendPlan
{
    // What a record has beside its fields, at most: seven numbers of variable length, of which two may take ten bytes, and its attributes.
    private const int RecordOverhead = 46;
    private const int HeaderOverhead = 10;

    private readonly List<PlannedBatch> _batches = [];
    private readonly PlannedBatch?[] _open;
    private readonly Topic _topic;
    private readonly int? _partition;

    /// <param name="topic">The topic.</param>
    /// <param name="records">What is appended.</param>
    /// <param name="keyless">Where records without a key go.</param>
    /// <param name="now">The time of records that have none, in milliseconds since 1970.</param>
    /// <param name="partition">Where all of them go; null where keys find their own.</param>
    /// <param name="producer">The idempotent producer of this one append; -1 for none.</param>
    public AppendPlan(Topic topic, IReadOnlyList<OutgoingRecord> records, int keyless, long now, int? partition = null, long producer = RecordBatch.None)
    {
        (_topic, _open, _partition) = (topic, new PlannedBatch?[topic.Partitions.Length], partition);
        for (var i = 0; i < records.Count; i++)
            Add(records[i], i, keyless, now);
        var sequences = new int[topic.Partitions.Length];
        foreach (var batch in _batches)
            batch.Close(producer, ref sequences[batch.Partition]);
    }

    /// <summary>The batches, those of a partition in their order.</summary>
    public IReadOnlyList<PlannedBatch> Batches => _batches;

    /// <summary>The bytes of all of them.</summary>
    public long Bytes => _batches.Sum(batch => (long)batch.Bytes.Length);

    private void Add(in OutgoingRecord record, int index, int keyless, long now)
    {
        var partition = _partition ?? (record.Key is { } key ? KeyPartition.Of(key.Span, _open.Length) : keyless);
        var log = _topic.Partitions[partition];
        var room = Math.Min(log.Settings.MaxMessageBytes, log.Settings.SegmentBytes) - RecordBatch.HeaderBytes;
        var size = MostBytes(record);
        var batch = _open[partition];
        if (batch is null || batch.Builder.Bytes + size > room)
            _batches.Add(batch = _open[partition] = new PlannedBatch(log, partition));
        batch.Add(record, index, now);
        if (batch.Builder.Bytes > room)
        {
            throw Failures.Of(new BatchFault(
                ErrorCode.MessageTooLarge, $"A record of {batch.Builder.Bytes} bytes is longer than max.message.bytes of {_topic.Name} lets it be, {room}."));
        }
    }

    private static int MostBytes(in OutgoingRecord record)
    {
        var bytes = RecordOverhead + (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0);
        foreach (var header in record.Headers ?? [])
            bytes += HeaderOverhead + Encoding.UTF8.GetByteCount(header.Name) + (header.Value?.Length ?? 0);
        return bytes;
    }

    /// <summary>One batch, and which records are in it.</summary>
    internal sealed class PlannedBatch(PartitionLog log, int partition)
    {
        private readonly List<int> _indexes = [];

        /// <summary>The log that it is for.</summary>
        public PartitionLog Log => log;

        /// <summary>The log's number.</summary>
        public int Partition => partition;

        /// <summary>What it is made by.</summary>
        public BatchBuilder Builder { get; } = new();

        /// <summary>It as it is appended, once it is closed.</summary>
        public byte[] Bytes { get; private set; } = [];

        /// <summary>Adds a record.</summary>
        public void Add(in OutgoingRecord record, int index, long now)
        {
            _indexes.Add(index);
            Broker.Records.RecordHeader[]? headers = record.Headers is { Count: > 0 } given
                ? [.. given.Select(header => new Broker.Records.RecordHeader(header.Name, header.Value))]
                : null;
            Builder.Add(record.UnixMs() ?? now, record.Key, record.Value, headers);
        }

        /// <summary>It is whole.</summary>
        /// <param name="producer">Its idempotent producer; -1 for none.</param>
        /// <param name="sequence">The producer's number of its first record; then that of the next one's.</param>
        public void Close(long producer, ref int sequence)
        {
            Bytes = producer < 0 ? Builder.Build() : Builder.Build(producerId: producer, producerEpoch: 0, baseSequence: sequence);
            sequence += Builder.Count;
        }

        /// <summary>Says where its records are.</summary>
        public void Tell(RecordPlace[] places, long baseOffset)
        {
            for (var i = 0; i < _indexes.Count; i++)
                places[_indexes[i]] = new RecordPlace(partition, baseOffset + i);
        }
    }
}
