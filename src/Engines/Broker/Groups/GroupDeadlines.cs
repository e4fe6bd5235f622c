using Groundwork.Broker.Groups.Membership;

namespace Groundwork.Broker.Groups;

/// <summary>One timer over the deadlines of all groups. Thread-safe; its lock is taken inside of groups' locks, and none is taken inside of
/// it.</summary>
internal sealed class GroupDeadlines : IDisposable
{
    private readonly Lock _gate = new();
    private readonly DeadlineQueue<GroupCell> _queue = new();
    private readonly GroupClock _clock;
    private readonly ITimer _timer;
    private long _armedFor = Moment.Never;

    public GroupDeadlines(TimeProvider time, GroupClock clock)
    {
        _clock = clock;
        _timer = time.CreateTimer(static self => ((GroupDeadlines)self!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A group is to be woken then, instead of when it was to be before.</summary>
    public void Set(GroupCell cell, long until)
    {
        lock (_gate)
        {
            _queue.Set(cell, until);
            Arm();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Ring()
    {
        lock (_gate)
            _armedFor = Moment.Never;
        while (TryTake(out var cell))
            cell.Expire();
        lock (_gate)
            Arm();
    }

    private bool TryTake(out GroupCell cell)
    {
        lock (_gate)
            return _queue.TryTake(_clock.Now.Ms, out cell);
    }

    private void Arm()
    {
        var next = _queue.Next;
        if (next >= _armedFor)
            return;
        _armedFor = next;

        // At least one: a timer of none may ring within this call, and so within a group's turn.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, next - _clock.Now.Ms)), Timeout.InfiniteTimeSpan);
    }
}
