namespace Groundwork.Broker.Node.Fetching;

/// <summary>
/// What one consumer reads, in the order in which it named it. A consumer has one request under way; one that sends several at once,
/// on connections of its own, gets answers to them in no order, and hurts nobody. Safe for concurrent callers.
/// </summary>
internal sealed class FetchSession(int id, bool usesIds)
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<(Guid Id, string Topic, int Partition), FetchPosition> _positions = [];

    public int Id => id;

    /// <summary>Whether it names topics by their ids.</summary>
    public bool UsesIds => usesIds;

    /// <summary>The number that the next request must have.</summary>
    public int NextEpoch { get; set; } = 1;

    /// <summary>When it was last used, by the clock's timestamps.</summary>
    public long LastUse { get; set; }

    /// <summary>Where the next answer begins to look, so that no partition starves behind others.</summary>
    public int Turn { get; set; }

    /// <summary>What it reads, beginning where it is the turn of.</summary>
    public IReadOnlyList<FetchPosition> InTurn()
    {
        lock (_lock)
        {
            var positions = new List<FetchPosition>(_positions.Count);
            for (var i = 0; i < _positions.Count; i++)
                positions.Add(_positions.GetAt((Turn + i) % _positions.Count).Value);
            return positions;
        }
    }

    /// <summary>The place behind a partition's.</summary>
    public int IndexAfter(FetchPosition position)
    {
        lock (_lock)
            return _positions.IndexOf(position.Key) + 1;
    }

    /// <summary>Adds a partition, or says from where it is read now.</summary>
    public void Set(FetchPosition position)
    {
        lock (_lock)
        {
            if (_positions.TryGetValue(position.Key, out var known))
                position.Answered = known.Answered;
            _positions[position.Key] = position;
        }
    }

    /// <summary>It is no longer read.</summary>
    public void Forget(Guid topicId, string topic, int partition)
    {
        lock (_lock)
            _ = _positions.Remove((topicId, topic, partition));
    }
}
