namespace Groundwork.Ports.Messaging.Inspection;

/// <summary>What deleting the first records of a partition would take.</summary>
/// <param name="Partition">Which.</param>
/// <param name="Before">The first offset that would be kept.</param>
/// <param name="Offsets">The offsets that the partition has.</param>
public sealed record RecordDeletion(TopicPartition Partition, long Before, OffsetRange Offsets)
{
    /// <summary>How many records would go.</summary>
    public long Records => Math.Max(0, Before - Offsets.Start);
}
