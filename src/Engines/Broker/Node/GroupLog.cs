using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Groundwork.Broker.Groups;
using Groundwork.Broker.Groups.Storage;
using Groundwork.Broker.Journals;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Broker.Topics;

namespace Groundwork.Broker.Node;

/// <summary>The groups' log: the topic <c>__consumer_offsets</c>, made when the first group writes to it. Safe for concurrent callers.</summary>
internal sealed class GroupLog(TopicCatalog topics, TimeProvider time) : IGroupStore
{
    // On one node they only spread the reading at start; the number can't change once groups are in them.
    private const int PartitionCount = 8;

    private const int ReadBytes = 1 << 20;

    // From which length on a partition is written anew, and how many times longer than what held it must be.
    private const long RewriteBytes = 64L << 20;
    private const int RewriteFactor = 4;

    private readonly long[] _live = new long[PartitionCount];

    // Nothing of it goes but by being rewritten.
    private static readonly ImmutableSortedDictionary<string, string> Settings = ImmutableSortedDictionary<string, string>.Empty
        .Add("max.message.bytes", "16777216").Add("retention.bytes", "-1").Add("retention.ms", "-1").Add("segment.bytes", "16777216");

    public int Partitions => PartitionCount;

    public async ValueTask<ErrorCode> AppendAsync(int partition, ReadOnlyMemory<GroupRecord> records)
    {
        Round? round;
        try
        {
            var topic = topics.Find(TopicName.Offsets) ?? Make();
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var batch = new BatchBuilder();
            foreach (var record in records.Span)
                batch.Add(now, record.Key, record.Value);
            var result = topic.Partitions[partition].Append(batch.Build());
            if (result.Fault is { } fault)
                return fault.Code;
            round = result.Round;
        }
        catch (IOException)
        {
            return ErrorCode.KafkaStorageError;
        }

        try
        {
            if (round is not null)
                await round.Durable;
            return ErrorCode.None;
        }
        catch (JournalFailedException)
        {
            return ErrorCode.KafkaStorageError;
        }
    }

    public async IAsyncEnumerable<GroupRecord> ReadAsync(int partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        if (topics.Find(TopicName.Offsets)?.Find(partition) is not { } log)
            yield break;
        for (var offset = log.StartOffset; offset < log.HighWatermark;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = log.Read(offset, ReadBytes, oversizeFirst: true);
            if (read.Fault is { } fault)
                throw new InvalidDataException($"Partition {partition} of {TopicName.Offsets} cannot be read at offset {offset}: {fault.Message}");
            if (read.Data is not { } data)
                yield break;
            using (data)
            {
                for (var at = 0; at < data.Batches.Length;)
                {
                    var batch = data.Batches.Slice(at, RecordBatch.LengthOf(data.Batches.Span[at..]));
                    at += batch.Length;
                    offset = new RecordBatch(batch.Span).NextOffset;
                    foreach (var record in BatchReader.Read(batch))
                    {
                        // What is read outlives the buffer. No value stays none: an array that is null would become memory of nothing.
                        ReadOnlyMemory<byte>? held = record.Value is { } value ? value.ToArray() : default(ReadOnlyMemory<byte>?);
                        yield return new GroupRecord(record.Key.GetValueOrDefault().ToArray(), held);
                    }
                }
            }
        }
    }

    /// <summary>
    /// Writes partitions anew that have become long, and lets go of what was there before: until topics are compacted this keeps
    /// what is read at start, and the disk, in proportion to what holds.
    /// </summary>
    public async Task RewriteAsync(GroupCoordinator groups)
    {
        for (var partition = 0; partition < PartitionCount; partition++)
        {
            if (topics.Find(TopicName.Offsets)?.Find(partition) is not { } log || log.Size < Math.Max(RewriteBytes, RewriteFactor * _live[partition]))
                continue;
            await RewriteAsync(groups, partition, log);
        }
    }

    /// <summary>Writes one partition anew.</summary>
    public async Task RewriteAsync(GroupCoordinator groups, int partition, PartitionLog log)
    {
        var (behind, size) = (log.EndOffset, log.Size);
        if (await groups.RewriteAsync(partition) != ErrorCode.None)
            return;
        _live[partition] = log.Size - size;
        try
        {
            await log.DeleteBeforeAsync(Math.Min(behind, log.HighWatermark));
        }
        catch (IOException)
        {
            // The journal failed: nothing more is written, and nothing was lost by it.
        }
    }

    private Topic Make()
    {
        var (made, fault) = topics.Create(TopicName.Offsets, PartitionCount, Settings);
        return made ?? topics.Find(TopicName.Offsets) ?? throw new IOException(fault!.Message);
    }
}
