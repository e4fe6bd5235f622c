namespace Groundwork.Broker.Node;

/// <summary>
/// How many bytes requests in flight, or answers to fetches, may take together. Who wants more waits, the first one first; one
/// that is larger than all of it gets it alone. Safe for concurrent callers.
/// </summary>
internal sealed class MemoryBudget(long bytes)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private readonly long _bytes = bytes;
    private long _free = bytes;

    /// <summary>How many bytes are taken.</summary>
    public long Taken => _bytes - Interlocked.Read(ref _free);

    /// <summary>Takes some; to be given back by disposing what is returned.</summary>
    public async ValueTask<Share> TakeAsync(long wanted, CancellationToken cancellationToken)
    {
        wanted = Math.Min(wanted, _bytes);
        LinkedListNode<Waiter> node;
        lock (_lock)
        {
            if (_waiters.Count == 0 && _free >= wanted)
            {
                _free -= wanted;
                return new Share(this, wanted);
            }

            node = _waiters.AddLast(new Waiter(wanted, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        try
        {
            await node.Value.Granted.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                if (node.List is not null)
                    _waiters.Remove(node);
                else
                    _free += wanted;
                Grant();
            }

            throw;
        }

        return new Share(this, wanted);
    }

    /// <summary>Takes some, where that takes no waiting; null where it does.</summary>
    public Share? TryTake(long wanted)
    {
        wanted = Math.Min(wanted, _bytes);
        lock (_lock)
        {
            if (_waiters.Count > 0 || _free < wanted)
                return null;
            _free -= wanted;
            return new Share(this, wanted);
        }
    }

    private void GiveBack(long share)
    {
        lock (_lock)
        {
            _free += share;
            Grant();
        }
    }

    private void Grant()
    {
        while (_waiters.First is { } first && first.Value.Bytes <= _free)
        {
            _free -= first.Value.Bytes;
            _waiters.RemoveFirst();
            first.Value.Granted.SetResult();
        }
    }

    private sealed record Waiter(long Bytes, TaskCompletionSource Granted);

    /// <summary>What was taken. Disposed once.</summary>
    public sealed class Share(MemoryBudget budget, long share) : IDisposable
    {
        private long _left = share;

        /// <summary>Gives back all but so much. By its owner, who does not dispose it meanwhile.</summary>
        public void Shrink(long wanted)
        {
            if (_left - wanted is > 0 and var over)
            {
                _left = wanted;
                budget.GiveBack(over);
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 0) is > 0 and var left)
                budget.GiveBack(left);
        }
    }
}
