using Groundwork.Broker.Embedded;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;

namespace Groundwork.Broker.Inspection;

/// <summary>Groups as the port shows them. Safe for concurrent callers.</summary>
internal sealed class GroupViews(BrokerNode node)
{
    /// <summary>The names of all groups, in their order.</summary>
    public IReadOnlyList<string> Names()
    {
        var code = node.Groups.List([], out var groups);
        return code == ErrorCode.None
            ? [.. groups.Where(group => group.State != GroupState.Dead).Select(group => group.Group).Order(StringComparer.Ordinal)]
            : throw Failures.Of(code, "The list of groups");
    }

    /// <summary>A group; null where there is none of that name.</summary>
    public GroupDetail? Find(string name)
    {
        var code = node.Groups.Describe(name, out var group);
        if (code != ErrorCode.None)
            throw Failures.Of(code, $"Group {name}");
        if (group.State == GroupState.Dead)
            return null;
        var members = group.Members.Select(Describe).ToList();
        return new GroupDetail(name, group.State.ToString(), group.ProtocolType, group.Protocol, members, [.. Partitions(name, members)]);
    }

    private static GroupMemberState Describe(MemberDescription member) =>
        new(member.Identity.MemberId, member.Identity.InstanceId, member.ClientId, member.ClientHost, Assigned(member));

    // What groups of another kind were given may be anything.
    private static IReadOnlyList<TopicPartition> Assigned(MemberDescription member)
    {
        try
        {
            return RangeAssignor.Read(member.Assignment);
        }
        catch (ProtocolException)
        {
            return [];
        }
    }

    private IEnumerable<GroupPartition> Partitions(string group, List<GroupMemberState> members)
    {
        var readers = new Dictionary<TopicPartition, string>();
        foreach (var member in members)
        {
            foreach (var partition in member.Partitions)
                readers[partition] = member.Id;
        }

        _ = node.Groups.Fetch(group, null, out var offsets);
        var committed = offsets.Where(offset => offset.Offset is not null)
            .ToDictionary(offset => new TopicPartition(offset.Partition.Topic, offset.Partition.Partition), offset => offset.Offset!.Value.Offset);
        foreach (var partition in readers.Keys.Union(committed.Keys).OrderBy(each => each.Topic, StringComparer.Ordinal).ThenBy(each => each.Partition))
        {
            if (node.Topics.Find(partition.Topic)?.Find(partition.Partition) is { } log)
                yield return Describe(partition, log, committed.TryGetValue(partition, out var offset) ? offset : null, readers.GetValueOrDefault(partition));
        }
    }

    private static GroupPartition Describe(TopicPartition partition, PartitionLog log, long? committed, string? reader) => new(
        partition, committed, new OffsetRange(log.StartOffset, log.HighWatermark), committed is { } offset ? ConsumerLag.Left(log, offset) : null, reader);
}
