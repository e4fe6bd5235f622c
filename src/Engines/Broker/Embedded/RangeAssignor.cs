using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;
using TopicPartition = Groundwork.Ports.Messaging.TopicPartition;

namespace Groundwork.Broker.Embedded;

/// <summary>
/// How a leader of ours shares out partitions, and the bytes in which consumers tell one another: Kafka's <c>range</c>. Of each topic every subscriber gets a run of
/// partitions, the first ones one more where it does not come out even. Pure.
/// </summary>
/// <remarks>
/// It is what all clients of Kafka know without being told, so that kcat may be in a group with modules. Rejected: cooperative-sticky,
/// which keeps partitions where they are while the group agrees; but clients of librdkafka never mix it with the others, and here agreeing
/// takes no round trip.
/// </remarks>
internal static class RangeAssignor
{
    /// <summary>Its name among clients.</summary>
    public const string Name = "range";

    // The oldest version of both: everybody reads it, and newer ones only add what range does not need.
    private const short Version = 0;

    /// <summary>What a member tells that it wants.</summary>
    public static byte[] Subscribe(IReadOnlyList<string> topics) =>
        VersionedData.Write(new ConsumerProtocolSubscription { Topics = [.. topics] }, Version);

    /// <summary>Shares out all partitions of what members want.</summary>
    /// <param name="members">Everybody in the group.</param>
    /// <param name="partitions">How many partitions a topic has; 0 of one that is not there.</param>
    public static IReadOnlyList<MemberAssignment> Assign(IReadOnlyList<JoinedMember> members, Func<string, int> partitions)
    {
        var given = members.ToDictionary(member => member.MemberId, _ => new List<ConsumerProtocolAssignment.TopicPartition>(), StringComparer.Ordinal);
        foreach (var (topic, subscribers) in Subscribers(members))
        {
            var total = partitions(topic);
            var (each, more, from) = (total / subscribers.Count, total % subscribers.Count, 0);
            for (var i = 0; i < subscribers.Count && from < total; i++)
            {
                var count = each + (i < more ? 1 : 0);
                given[subscribers[i]].Add(new() { Topic = topic, Partitions = [.. Enumerable.Range(from, count)] });
                from += count;
            }
        }

        return [.. given.Select(one => new MemberAssignment(
            one.Key, VersionedData.Write(new ConsumerProtocolAssignment { AssignedPartitions = one.Value }, Version)))];
    }

    /// <summary>All topics that somebody wants.</summary>
    public static IReadOnlyCollection<string> Topics(IReadOnlyList<JoinedMember> members) => Subscribers(members).Keys;

    /// <summary>What a member was given, by whichever leader.</summary>
    /// <exception cref="ProtocolException">It is not formed as assignments are.</exception>
    public static IReadOnlyList<TopicPartition> Read(ReadOnlyMemory<byte> assignment) => assignment.IsEmpty
        ? []
        : [.. VersionedData.ReadGrowing<ConsumerProtocolAssignment>(assignment).AssignedPartitions
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition)))];

    private static SortedDictionary<string, List<string>> Subscribers(IReadOnlyList<JoinedMember> members)
    {
        var subscribers = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var member in members.OrderBy(member => member.MemberId, StringComparer.Ordinal))
        {
            var topics = new HashSet<string>(StringComparer.Ordinal);
            _ = Subscription.TryReadTopics(member.Metadata, topics);
            foreach (var topic in topics)
            {
                if (!subscribers.TryGetValue(topic, out var all))
                    subscribers.Add(topic, all = []);
                all.Add(member.MemberId);
            }
        }

        return subscribers;
    }
}
