using Groundwork.Cache.Commands.Tracking;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Leases;

namespace Groundwork.Cache.Commands;

/// <summary>
/// Who wants to know of a shard's keys: transactions that watch them, clients that wait for them or keep copies, whoever loads
/// them. Under the shard's lock.
/// </summary>
internal sealed class KeyEvents(Shard shard, ulong seed, Notifications notifications, KeyTracking tracking, LeaseTable leases) : IKeyObserver
{
    private readonly KeyMap<List<Session>> _watchers = new(seed);
    private readonly KeyMap<KeyWaiters> _waiters = new(seed);
    private readonly Queue<KeyWaiters> _ready = [];

    /// <summary>Whether a key that somebody waits for was written, and not taken since.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>Who wants to know of a shard's keys; under its lock, but for <see cref="HasReady"/>.</summary>
    public static KeyEvents Of(Shard shard) => (KeyEvents)shard.Observer!;

    /// <summary>Which clients have read which keys.</summary>
    public TrackedKeys Tracked { get; } = new(seed, tracking, shard.Random);

    /// <summary>Who may fill which keys.</summary>
    public LeaseTable Leases => leases;

    /// <inheritdoc/>
    public void Changed(int database, ReadOnlySpan<byte> key, KeyChange change)
    {
        // That a key's time is over, or that it had to leave, says nothing of what it stands for: what is being loaded is still good.
        if (change == KeyChange.Written)
            CancelLease(database, key);
        if (_watchers.TryGet(database, key, out var watchers))
        {
            foreach (var watcher in watchers)
                watcher.Transaction.Spoil();
        }

        if (change != KeyChange.Written && notifications.IsOn)
            notifications.Gone(change, database, key);
        if (change == KeyChange.Written && _waiters.TryGet(database, key, out var waiters))
            MakeReady(waiters);
        if (tracking.IsOn)
            Tell(key, change);
    }

    /// <summary>
    /// A key that is not there was changed all the same, where it comes from: who loads it may have what was before. Whoever removes a
    /// key says so, there or not.
    /// </summary>
    public void CancelLease(int database, ReadOnlySpan<byte> key)
    {
        if (leases.Any)
            leases.Cancel(shard.Index.HashOf(database, key));
    }

    /// <summary>A whole database is about to be emptied: keys that are watched and not there are not changed by that. Who has read
    /// which keys is forgotten, of all databases: <see cref="KeyTracking.TellAll"/> is called too.</summary>
    public void Emptying(int database, long now)
    {
        leases.CancelAll();
        Tracked.Clear();
        foreach (var (key, watchers) in _watchers.All(database))
        {
            if (!shard.Find(database, key, now).Exists)
                continue;
            foreach (var watcher in watchers)
                watcher.Transaction.Spoil();
        }
    }

    /// <summary>Two databases are about to be exchanged: keys that are in either are changed by that, and may be waited for.</summary>
    public void Swapping(int first, int second, long now)
    {
        leases.CancelAll();
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
                MakeReady(waiters);
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
            _waiters.Set(database, key, waiters = new KeyWaiters(shard, database, key.ToArray()));
        waiter.Places.Add((waiters, waiters.Queue.AddLast(waiter)));
    }

    /// <summary>A client waits for a key no more.</summary>
    public void Forget(KeyWaiters waiters, LinkedListNode<Waiter> place)
    {
        waiters.Queue.Remove(place);
        if (waiters.Queue.Count == 0)
            _waiters.Remove(waiters.Database, waiters.Key);
    }

    /// <summary>Takes a key that was written, the first of them, and who waits for it, in the order of their coming.</summary>
    /// <returns>Null where there is none.</returns>
    public KeyWaiters? TakeReady(out Waiter[] waiting)
    {
        waiting = [];
        if (!_ready.TryDequeue(out var waiters))
            return null;
        waiters.IsReady = false;
        waiting = [.. waiters.Queue];
        return waiters;
    }

    // Whoever tracks is told of a database that is emptied as a whole.
    private void Tell(ReadOnlySpan<byte> key, KeyChange change)
    {
        if (change == KeyChange.Emptied)
            return;
        tracking.Broadcast(key, change);
        Tracked.Changed(key, change);
    }

    private void MakeReady(KeyWaiters waiters)
    {
        if (waiters.IsReady)
            return;
        waiters.IsReady = true;
        _ready.Enqueue(waiters);
    }
}

/// <summary>Who waits for a key. Under the shard's lock, but for what never changes.</summary>
internal sealed class KeyWaiters(Shard shard, int database, byte[] key)
{
    /// <summary>The key's shard.</summary>
    public Shard Shard { get; } = shard;

    /// <summary>The key's database.</summary>
    public int Database { get; } = database;

    /// <summary>The key's name.</summary>
    public byte[] Key { get; } = key;

    /// <summary>Who waits, in the order of their coming.</summary>
    public LinkedList<Waiter> Queue { get; } = [];

    /// <summary>Whether the key was written, and nobody was served since.</summary>
    public bool IsReady { get; set; }
}
