using Groundwork.Broker.Logs;

namespace Groundwork.Broker.Node;

/// <summary>How far a group is behind in a partition.</summary>
/// <param name="Group">The group.</param>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Committed">The next offset that it wants.</param>
/// <param name="End">The offset behind the last durable record.</param>
/// <param name="UntilRetention">How long until retention takes that record; negative where it is gone already; null where nothing takes it, or there is none yet.</param>
internal sealed record ConsumerLag(string Group, string Topic, int Partition, long Committed, long End, TimeSpan? UntilRetention)
{
    /// <summary>How many records it has not said to have read.</summary>
    public long Records => Math.Max(0, End - Committed);

    /// <summary>That of all groups in all partitions.</summary>
    public static IEnumerable<ConsumerLag> Each(BrokerNode node)
    {
        foreach (var offset in node.Groups.Offsets())
        {
            if (node.Topics.Find(offset.Partition.Topic)?.Find(offset.Partition.Partition) is { } log)
            {
                yield return new ConsumerLag(
                    offset.Group, offset.Partition.Topic, offset.Partition.Partition, offset.Offset.Offset, log.HighWatermark, Left(log, offset.Offset.Offset));
            }
        }
    }

    /// <summary>How long until retention takes the record of an offset, as <see cref="UntilRetention"/> has it.</summary>
    public static TimeSpan? Left(PartitionLog log, long offset)
    {
        if (offset < log.StartOffset)
            return TimeSpan.FromMilliseconds(-1);
        return offset < log.HighWatermark && log.OutlivedAt(offset) is { } at ? TimeSpan.FromMilliseconds(at - log.Now()) : null;
    }
}
