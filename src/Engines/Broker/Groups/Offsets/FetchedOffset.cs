namespace Groundwork.Broker.Groups.Offsets;

/// <summary>What a group has committed for a partition; null where it has nothing.</summary>
internal readonly record struct FetchedOffset(TopicPartition Partition, CommittedOffset? Offset);
