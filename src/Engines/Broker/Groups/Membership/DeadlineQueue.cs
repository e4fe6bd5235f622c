namespace Groundwork.Broker.Groups.Membership;

/// <summary>Something whose time may come.</summary>
internal abstract class Deadline
{
    /// <summary>When, by <see cref="Moment.Ms"/>; <see cref="Moment.Never"/> where nothing is awaited.</summary>
    public long Until { get; set; } = Moment.Never;

    /// <summary>For which time it lies in the queue; the queue's own.</summary>
    internal long QueuedFor { get; set; } = Moment.Never;
}

/// <summary>Deadlines, the first one first. Putting one off, which is what heartbeats do, costs an assignment: it keeps its early place
/// until that comes up.</summary>
/// <remarks>Places that nobody awaits any more are swept out whenever they could be more than half: the queue is bounded by what it is for.
/// Not thread-safe.</remarks>
internal sealed class DeadlineQueue<T>
    where T : Deadline
{
    private const int FirstSweep = 64;

    private readonly PriorityQueue<T, long> _places = new();
    private int _sweepAt = FirstSweep;

    /// <summary>When to look next; not after the first deadline, but maybe before it.</summary>
    public long Next => _places.TryPeek(out _, out var at) ? at : Moment.Never;

    /// <summary>How many places there are, of deadlines that are awaited and of some that are not any more.</summary>
    public int Places => _places.Count;

    /// <summary>Awaits a deadline, instead of what it was before; <see cref="Moment.Never"/> is to await it no more.</summary>
    public void Set(T deadline, long until)
    {
        deadline.Until = until;
        if (until >= deadline.QueuedFor)
            return;
        deadline.QueuedFor = until;
        _places.Enqueue(deadline, until);
        if (_places.Count > _sweepAt)
            Sweep();
    }

    /// <summary>Takes a deadline whose time has come; it is awaited no more.</summary>
    public bool TryTake(long now, out T deadline)
    {
        while (_places.TryPeek(out deadline!, out var at) && at <= now)
        {
            _places.Dequeue();
            if (at != deadline.QueuedFor)
                continue;
            deadline.QueuedFor = Moment.Never;
            var until = deadline.Until;
            if (until <= now)
            {
                deadline.Until = Moment.Never;
                return true;
            }

            Set(deadline, until);
        }

        return false;
    }

    private void Sweep()
    {
        var places = _places.UnorderedItems.ToArray();
        _places.Clear();
        foreach (var (deadline, at) in places)
        {
            if (at != deadline.QueuedFor)
                continue;
            deadline.QueuedFor = deadline.Until;
            if (deadline.Until != Moment.Never)
                _places.Enqueue(deadline, deadline.Until);
        }

        _sweepAt = Math.Max(FirstSweep, _places.Count * 2);
    }
}
