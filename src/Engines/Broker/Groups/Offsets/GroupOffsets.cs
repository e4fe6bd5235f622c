using System.Diagnostics.CodeAnalysis;

namespace Groundwork.Broker.Groups.Offsets;

/// <summary>
/// The offsets of a group: those that are durable, which readers see, and which partitions have one under way, so that whatever deletes
/// offsets deletes those too.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class GroupOffsets
{
    private readonly Dictionary<string, Dictionary<int, Entry>> _topics = [];

    /// <summary>How many partitions have an offset, or one under way.</summary>
    public int Count { get; private set; }

    /// <summary>The partitions that have an offset, or one under way.</summary>
    public IEnumerable<TopicPartition> Partitions =>
        _topics.SelectMany(topic => topic.Value.Keys.Select(partition => new TopicPartition(topic.Key, partition)));

    /// <summary>The offsets that are durable.</summary>
    public IEnumerable<(TopicPartition Partition, CommittedOffset Offset)> Committed =>
        from topic in _topics
        from partition in topic.Value
        where partition.Value.Committed is not null
        select (new TopicPartition(topic.Key, partition.Key), partition.Value.Committed!.Value);

    /// <summary>Whether a partition has an offset, or one under way.</summary>
    public bool Has(TopicPartition partition) => TryFind(partition, out _);

    /// <summary>Whether a partition has an offset under way.</summary>
    public bool IsUnderWay(TopicPartition partition) => TryFind(partition, out var entry) && entry.UnderWay > 0;

    /// <summary>The partitions of a topic that have an offset, or one under way.</summary>
    public IEnumerable<int> PartitionsOf(string topic) => _topics.TryGetValue(topic, out var partitions) ? partitions.Keys : [];

    /// <summary>The offset that is durable.</summary>
    public bool TryGet(TopicPartition partition, out CommittedOffset offset)
    {
        offset = default;
        if (!TryFind(partition, out var entry) || entry.Committed is not { } committed)
            return false;
        offset = committed;
        return true;
    }

    /// <summary>An offset is under way.</summary>
    public void Begin(TopicPartition partition) => FindOrAdd(partition).UnderWay++;

    /// <summary>An offset that was under way is durable.</summary>
    public void Commit(TopicPartition partition, in CommittedOffset offset)
    {
        var entry = FindOrAdd(partition);
        entry.UnderWay--;
        entry.Committed = offset;
    }

    /// <summary>An offset that was under way has failed.</summary>
    public void Fail(TopicPartition partition)
    {
        var entry = FindOrAdd(partition);
        entry.UnderWay--;
        DropIfIdle(partition, entry);
    }

    /// <summary>Takes up an offset as it was written down.</summary>
    public void Restore(TopicPartition partition, in CommittedOffset offset) => FindOrAdd(partition).Committed = offset;

    /// <summary>That it is deleted is durable.</summary>
    public void Remove(TopicPartition partition)
    {
        if (!TryFind(partition, out var entry))
            return;
        entry.Committed = null;
        DropIfIdle(partition, entry);
    }

    private bool TryFind(TopicPartition partition, [MaybeNullWhen(false)] out Entry entry)
    {
        entry = null;
        return _topics.TryGetValue(partition.Topic, out var partitions) && partitions.TryGetValue(partition.Partition, out entry);
    }

    private Entry FindOrAdd(TopicPartition partition)
    {
        if (!_topics.TryGetValue(partition.Topic, out var partitions))
            _topics.Add(partition.Topic, partitions = []);
        if (!partitions.TryGetValue(partition.Partition, out var entry))
        {
            partitions.Add(partition.Partition, entry = new Entry());
            Count++;
        }

        return entry;
    }

    private void DropIfIdle(TopicPartition partition, Entry entry)
    {
        if (entry.Committed is not null || entry.UnderWay > 0)
            return;
        var partitions = _topics[partition.Topic];
        partitions.Remove(partition.Partition);
        Count--;
        if (partitions.Count == 0)
            _topics.Remove(partition.Topic);
    }

    private sealed class Entry
    {
        public CommittedOffset? Committed { get; set; }

        public int UnderWay { get; set; }
    }
}
