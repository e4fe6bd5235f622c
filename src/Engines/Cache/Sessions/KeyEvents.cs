using Groundwork.Cache.Entries;

namespace Groundwork.Cache.Sessions;

/// <summary>
/// Who wants to know of a shard's keys: transactions that watch them, clients that wait for them. Under the shard's lock.
/// </summary>
internal sealed class KeyEvents(ulong seed, Notifications notifications) : IKeyObserver
{
    private readonly KeyMap<List<Session>> _watchers = new(seed);
    private readonly KeyMap<Queue<Waiter>> _waiters = new(seed);
    private readonly List<Queue<Waiter>> _ready = [];

    /// <summary>Whether a key that somebody waits for was written since <see cref="TakeReady"/>.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <inheritdoc/>
    public void Changed(int database, ReadOnlySpan<byte> key, KeyChange change)
    {
        if (_watchers.TryGet(database, key, out var watchers))
        {
            foreach (var watcher in watchers)
                watcher.Transaction.Spoil();
        }

        if (change != KeyChange.Written && notifications.IsOn)
            notifications.Gone(change, database, key);
        if (change == KeyChange.Written && _waiters.TryGet(database, key, out var waiters) && !_ready.Contains(waiters))
            _ready.Add(waiters);
    }

    /// <summary>A whole database is about to be emptied: keys that are watched and not there are not changed by that.</summary>
    public void Emptying(Shard shard, int database, long now)
    {
        foreach (var (key, watchers) in _watchers.All(database))
        {
            if (!shard.Find(database, key, now).Exists)
                continue;
            foreach (var watcher in watchers)
                watcher.Transaction.Spoil();
        }
    }

    /// <summary>Two databases are about to be exchanged: keys that are in either are changed by that, and may be waited for.</summary>
    public void Swapping(Shard shard, int first, int second, long now)
    {
        foreach (var database in (ReadOnlySpan<int>)[first, second])
        {
            foreach (var (key, watchers) in _watchers.All(database))
            {
                if (!shard.Find(first, key, now).Exists && !shard.Find(second, key, now).Exists)
                    continue;
                foreach (var watcher in watchers)
                    watcher.Transaction.Spoil();
            }

            foreach (var (_, waiters) in _waiters.All(database))
            {
                if (!_ready.Contains(waiters))
                    _ready.Add(waiters);
            }
        }
    }

    /// <summary>A client watches a key.</summary>
    /// <returns>False where it did already.</returns>
    public bool Watch(int database, ReadOnlySpan<byte> key, Session client)
    {
        if (!_watchers.TryGet(database, key, out var watchers))
            _watchers.Set(database, key, watchers = []);
        if (watchers.Contains(client))
            return false;
        watchers.Add(client);
        return true;
    }

    /// <summary>A client does not watch a key any more.</summary>
    public void Unwatch(int database, ReadOnlySpan<byte> key, Session client)
    {
        if (!_watchers.TryGet(database, key, out var watchers))
            return;
        watchers.Remove(client);
        if (watchers.Count == 0)
            _watchers.Remove(database, key);
    }

    /// <summary>A client waits for a key, behind those who came before.</summary>
    public void Await(int database, ReadOnlySpan<byte> key, Waiter waiter)
    {
        if (!_waiters.TryGet(database, key, out var waiters))
            _waiters.Set(database, key, waiters = new Queue<Waiter>());
        waiters.Enqueue(waiter);
    }

    /// <summary>Forgets waiters of a key that wait no more.</summary>
    public void Forget(int database, ReadOnlySpan<byte> key)
    {
        if (!_waiters.TryGet(database, key, out var waiters))
            return;
        for (var left = waiters.Count; left > 0; left--)
        {
            var waiter = waiters.Dequeue();
            if (waiter.IsWaiting)
                waiters.Enqueue(waiter);
        }

        if (waiters.Count == 0)
            _waiters.Remove(database, key);
    }

    /// <summary>Who waits for the keys that were written, in the order of the writes and then of their coming.</summary>
    public Waiter[] TakeReady()
    {
        Waiter[] waiters = [.. _ready.SelectMany(queue => queue.Where(waiter => waiter.IsWaiting)).Distinct()];
        _ready.Clear();
        return waiters;
    }
}
