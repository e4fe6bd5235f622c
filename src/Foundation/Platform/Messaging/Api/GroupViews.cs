using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Groundwork.Platform.Http;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;

namespace Groundwork.Platform.Messaging.Api;

/// <summary>A group in a list.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it stands, in Kafka's words: Stable, Empty, PreparingRebalance, CompletingRebalance.</param>
/// <param name="MemberCount">How many members it has.</param>
/// <param name="Topics">The topics that it reads.</param>
/// <param name="Lag">How many records it has not said to have read, in all of its partitions.</param>
/// <param name="RetentionLeft">In how many seconds retention takes the first of them; below zero where some are gone; absent where none will be.</param>
internal record GroupItemView(string Name, string State, int MemberCount, IReadOnlyList<string> Topics, long Lag, double? RetentionLeft)
{
    public static GroupItemView Of(GroupDetail group) => new(
        group.Name,
        group.State,
        group.Members.Count,
        [.. group.Partitions.Select(p => p.Partition.Topic).Distinct(StringComparer.Ordinal)],
        group.Partitions.Sum(p => p.Lag ?? 0),
        group.Partitions.Min(p => p.UntilRetention)?.TotalSeconds);

    /// <summary>Changes with what it has committed.</summary>
    public static EntityTag TagOf(GroupDetail group) => TagOf(group.Partitions.Where(p => p.Committed is not null).Select(p => (p.Partition, p.Committed)));

    public static EntityTag TagOf(IEnumerable<(TopicPartition Partition, long? Committed)> offsets) => EntityTag.OfContent(Encoding.UTF8.GetBytes(
        string.Join('\n', offsets.Select(offset => string.Create(CultureInfo.InvariantCulture, $"{offset.Partition.Topic}\n{offset.Partition.Partition} {offset.Committed}")))));
}

/// <summary>A group with its members and partitions.</summary>
/// <param name="ProtocolType">Its kind: consumer; empty where no member ever told.</param>
/// <param name="Protocol">How partitions are shared out; empty while nobody does.</param>
/// <param name="Members">Who is in it.</param>
/// <param name="Partitions">The partitions of which it has committed something or a member has been given.</param>
internal sealed record GroupView(
    string Name,
    string State,
    int MemberCount,
    IReadOnlyList<string> Topics,
    long Lag,
    double? RetentionLeft,
    [property: JsonPropertyOrder(1)] string ProtocolType,
    [property: JsonPropertyOrder(1)] string Protocol,
    [property: JsonPropertyOrder(1)] IReadOnlyList<GroupMemberView> Members,
    [property: JsonPropertyOrder(1)] IReadOnlyList<GroupPartitionView> Partitions)
    : GroupItemView(Name, State, MemberCount, Topics, Lag, RetentionLeft)
{
    public static new GroupView Of(GroupDetail group)
    {
        var all = GroupItemView.Of(group);
        return new GroupView(
            all.Name, all.State, all.MemberCount, all.Topics, all.Lag, all.RetentionLeft, group.ProtocolType, group.Protocol,
            [.. group.Members.Select(GroupMemberView.Of)], [.. group.Partitions.Select(GroupPartitionView.Of)]);
    }
}

/// <summary>A member of a group.</summary>
/// <param name="Id">Its id.</param>
/// <param name="InstanceId">Its static name; absent where it has none.</param>
/// <param name="ClientId">What its client calls itself.</param>
/// <param name="Host">Where it calls from.</param>
/// <param name="Partitions">What it was given.</param>
internal sealed record GroupMemberView(string Id, string? InstanceId, string ClientId, string Host, IReadOnlyList<TopicPartitionView> Partitions)
{
    public static GroupMemberView Of(GroupMemberState member) => new(
        member.Id, member.InstanceId, member.ClientId, member.Host, [.. member.Partitions.Select(p => new TopicPartitionView(p.Topic, p.Partition))]);
}

/// <summary>A partition of a topic.</summary>
internal sealed record TopicPartitionView(string Topic, int Partition);

/// <summary>How far a group is in a partition.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="CommittedOffset">The next offset that it wants; absent where it has committed nothing.</param>
/// <param name="StartOffset">The offset of the partition's first record.</param>
/// <param name="EndOffset">The offset behind its last one.</param>
/// <param name="Lag">How many records it has not said to have read; absent where it has committed nothing.</param>
/// <param name="RetentionLeft">In how many seconds retention takes the next one that it wants; below zero where that is gone; absent where it won't be taken.</param>
/// <param name="MemberId">Who reads it; absent where nobody does.</param>
internal sealed record GroupPartitionView(
    string Topic, int Partition, long? CommittedOffset, long StartOffset, long EndOffset, long? Lag, double? RetentionLeft, string? MemberId)
{
    public static GroupPartitionView Of(GroupPartition partition) => new(
        partition.Partition.Topic, partition.Partition.Partition, partition.Committed, partition.Offsets.Start, partition.Offsets.End, partition.Lag,
        partition.UntilRetention?.TotalSeconds, partition.MemberId);
}
