using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Ports.Messaging;

namespace Groundwork.Broker.Embedded;

/// <summary>A reader's place in a partition, and what it does where there is nothing. Used by one caller at a time.</summary>
/// <param name="node">The broker.</param>
/// <param name="topic">The topic's name.</param>
/// <param name="partition">The partition.</param>
/// <param name="position">The offset to read next.</param>
/// <param name="options">How it reads.</param>
internal sealed class PartitionReader(BrokerNode node, string topic, int partition, long position, ReadOptions options)
{
    /// <summary>The offset that is to be read next.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Where it began.</summary>
    public long First { get; } = position;

    /// <summary>Its log as it is now; null where it was deleted.</summary>
    public PartitionLog? Log => node.Topics.Find(topic)?.Find(partition);

    /// <summary>Takes what there is from its position on, no more than its bound; null where there is nothing yet.</summary>
    /// <exception cref="BrokerException">What is there cannot be read; or what was to be read is gone, and it is to stop at that.</exception>
    public Chunk? Next()
    {
        // A gap is gone past once. Retention may take more meanwhile; then the next look finds that.
        for (var look = 0; look < 2; look++)
        {
            if (Log is not { } log)
                throw Failures.NoSuchPartition(topic, partition);
            var read = log.Read(Position, options.MaxBufferedBytes, oversizeFirst: true);
            if (read.Data is { } data)
            {
                log.Traffic.Went(read.NextOffset - Position, data.Batches.Length);
                using (data)
                    return new Chunk(topic, partition, Position, data.Batches.ToArray());
            }

            if (read.Fault is null)
                return null;
            if (read.Fault.Code != ErrorCode.OffsetOutOfRange)
                throw Failures.Of(read.Fault);
            if (log.StartOffset <= Position && Position <= log.EndOffset)
                continue;
            Position = options.OnGap switch
            {
                GapAction.Earliest => log.StartOffset,
                GapAction.Latest => log.HighWatermark,
                _ => throw new ReadGapException(topic, partition, Position, new OffsetRange(log.StartOffset, log.HighWatermark)),
            };
        }

        return null;
    }

    /// <summary>A record was given to the caller, or a chunk gone through.</summary>
    /// <param name="next">The offset behind it.</param>
    public void Passed(long next) => Position = Math.Max(Position, next);

    /// <summary>The offset at which a reader begins.</summary>
    /// <exception cref="BrokerException">The time cannot be found, as a batch is damaged.</exception>
    public static long Offset(PartitionLog log, ReadStart start)
    {
        try
        {
            return start.Kind switch
            {
                ReadStartKind.Earliest => log.StartOffset,
                ReadStartKind.Latest => log.HighWatermark,
                ReadStartKind.Offset => start.Value,
                _ => log.FindTime(start.Value)?.Offset ?? log.HighWatermark,
            };
        }
        catch (InvalidDataException e)
        {
            throw new BrokerException(BrokerFault.Damaged, $"The place of a time in {log.Place.Name} cannot be found: {e.Message}", e);
        }
    }
}
