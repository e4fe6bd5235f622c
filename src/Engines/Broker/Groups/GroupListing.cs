using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Groups.Offsets;

namespace Groundwork.Broker.Groups;

/// <summary>A group in a line.</summary>
internal readonly record struct GroupListing(string Group, string ProtocolType, GroupState State);

/// <summary>How far a group has read a partition: what lag is counted from.</summary>
internal readonly record struct GroupOffset(string Group, TopicPartition Partition, CommittedOffset Offset);
