using System.Collections.Immutable;
using Groundwork.Broker.Logs;

namespace Groundwork.Broker.Topics;

/// <summary>A topic as it is at one moment. Immutable but for what its logs hold; a change makes another one.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id, which another topic of the same name would not have.</param>
/// <param name="Settings">What is set of it, by Kafka's names; what is not in it has its default.</param>
/// <param name="Partitions">Its logs, by their numbers.</param>
internal sealed record Topic(string Name, Guid Id, ImmutableSortedDictionary<string, string> Settings, ImmutableArray<PartitionLog> Partitions)
{
    /// <summary>Whether it is the broker's own.</summary>
    public bool IsInternal => TopicName.IsInternal(Name);

    /// <summary>A partition; null where there is none of that number.</summary>
    public PartitionLog? Find(int partition) => (uint)partition < (uint)Partitions.Length ? Partitions[partition] : null;
}
