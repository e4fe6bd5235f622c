using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Groups.Storage;

namespace Groundwork.Broker.Groups;

/// <summary>The groups as their log tells, while it is read: of each key the last record holds.</summary>
internal sealed class GroupReplay : IGroupRecordReader
{
    private static readonly Dictionary<TopicPartition, CommittedOffset> None = [];

    private readonly Dictionary<string, GroupSnapshot> _states = [];
    private readonly Dictionary<string, Dictionary<TopicPartition, CommittedOffset>> _offsets = [];

    /// <summary>All groups that there are; one that has offsets and no state is of consumers who are no members.</summary>
    public IEnumerable<(string Group, GroupSnapshot? State, IReadOnlyDictionary<TopicPartition, CommittedOffset> Offsets)> Groups =>
        _states.Keys.Union(_offsets.Keys).Select(group =>
            (group, _states.GetValueOrDefault(group), (IReadOnlyDictionary<TopicPartition, CommittedOffset>)_offsets.GetValueOrDefault(group, None)));

    /// <inheritdoc/>
    public void Offset(string group, TopicPartition partition, in CommittedOffset? offset)
    {
        if (!_offsets.TryGetValue(group, out var partitions))
            _offsets.Add(group, partitions = []);
        if (offset is { } committed)
            partitions[partition] = committed;
        else
            partitions.Remove(partition);
        if (partitions.Count == 0)
            _offsets.Remove(group);
    }

    /// <inheritdoc/>
    public void State(string group, GroupSnapshot? snapshot)
    {
        if (snapshot is null)
            _states.Remove(group);
        else
            _states[group] = snapshot;
    }
}
