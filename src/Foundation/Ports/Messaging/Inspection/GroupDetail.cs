namespace Groundwork.Ports.Messaging.Inspection;

/// <summary>A consumer group.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it stands, in Kafka's words: <c>Stable</c>, <c>Empty</c>, <c>PreparingRebalance</c>, <c>CompletingRebalance</c>.</param>
/// <param name="ProtocolType">Its kind: <c>consumer</c>; empty where no member ever told.</param>
/// <param name="Protocol">How partitions are shared out: <c>range</c>; empty while nobody does.</param>
/// <param name="Members">Who is in it.</param>
/// <param name="Partitions">The partitions of which it has committed something or a member has been given, in their order.</param>
public sealed record GroupDetail(
    string Name, string State, string ProtocolType, string Protocol, IReadOnlyList<GroupMemberState> Members, IReadOnlyList<GroupPartition> Partitions);

/// <summary>A member of a group.</summary>
/// <param name="Id">Its id.</param>
/// <param name="InstanceId">Its static name; null where it has none.</param>
/// <param name="ClientId">What its client calls itself.</param>
/// <param name="Host">Where it calls from.</param>
/// <param name="Partitions">What it was given; empty while the group agrees.</param>
public sealed record GroupMemberState(string Id, string? InstanceId, string ClientId, string Host, IReadOnlyList<TopicPartition> Partitions);

/// <summary>How far a group is in a partition.</summary>
/// <param name="Partition">Which.</param>
/// <param name="Committed">The next offset that it wants; null where it has committed nothing.</param>
/// <param name="Offsets">The offsets that the partition has.</param>
/// <param name="UntilRetention">How long until retention takes the next record that it wants; below zero where that is gone; null where nothing takes it, or there is none.</param>
/// <param name="MemberId">Who reads it; null where nobody does.</param>
public sealed record GroupPartition(TopicPartition Partition, long? Committed, OffsetRange Offsets, TimeSpan? UntilRetention, string? MemberId)
{
    /// <summary>How many records it has not said to have read, those included that are gone; null where it has committed nothing.</summary>
    public long? Lag => Committed is { } committed ? Math.Max(0, Offsets.End - committed) : null;
}
