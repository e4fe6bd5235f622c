using Groundwork.Cache.Entries;

namespace Groundwork.Cache.Commands.Tracking;

/// <summary>
/// Who keeps copies of keys and wants to know when they are good no more (CLIENT TRACKING). Where nobody does, it costs a look at a
/// field for each command.
/// </summary>
/// <remarks>Thread-safe. Its lock may be taken with shards' locks held, never the other way round; inside it only the connections' own.</remarks>
internal sealed class KeyTracking
{
    /// <summary>How many keys may be remembered at first.</summary>
    public const long DefaultMaxKeys = 1_000_000;

    /// <summary>How many prefixes one client may have.</summary>
    public const int MaxPrefixes = 1_024;

    // How many readers there may be to a key, on average.
    private const int ReadersPerKey = 8;

    private readonly Lock _gate = new();
    private readonly HashSet<Tracker> _trackers = [];
    private volatile BroadcastPrefixes _prefixes = BroadcastPrefixes.None;
    private volatile int _clients;
    private long _keys;
    private long _items;
    private long _maxKeys = DefaultMaxKeys;

    /// <summary>Whether anybody wants to be told of anything.</summary>
    public bool IsOn => _clients > 0;

    /// <summary>How many clients do.</summary>
    public int Clients => _clients;

    /// <summary>How many keys are remembered, in all shards.</summary>
    public long Keys => Volatile.Read(ref _keys);

    /// <summary>How many readers of them.</summary>
    public long Items => Volatile.Read(ref _items);

    /// <summary>How many prefixes somebody is told of.</summary>
    public int Prefixes => _prefixes.Count;

    /// <summary>How many keys may be remembered; 0 for any number. Beyond, keys are forgotten at random, as if they had changed.</summary>
    public long MaxKeys
    {
        get => Volatile.Read(ref _maxKeys);
        set => Volatile.Write(ref _maxKeys, value);
    }

    /// <summary>Whether more is remembered than may be: keys, or readers of them.</summary>
    public bool IsOver => MaxKeys is > 0 and var most && (Keys > most || Items / ReadersPerKey > most);

    /// <summary>A client asks to be told, or for something else than before.</summary>
    public void Set(Tracker tracker, TrackerState state)
    {
        lock (_gate)
        {
            _trackers.Add(tracker);
            _clients = _trackers.Count;
            if (state.Prefixes.Length > 0)
                _prefixes = _prefixes.With(state.Prefixes, tracker);
            tracker.Set(state);
        }
    }

    /// <summary>A client wants to be told of nothing any more.</summary>
    /// <returns>Whether it was the last one, so that what is remembered is of no use to anybody.</returns>
    public bool Stop(Tracker tracker)
    {
        lock (_gate)
        {
            var before = tracker.State;
            tracker.Set(TrackerState.Off);
            if (!_trackers.Remove(tracker))
                return false;
            _clients = _trackers.Count;
            if (before.Prefixes.Length > 0)
                _prefixes = _prefixes.Without(tracker);
            return _clients == 0;
        }
    }

    /// <summary>A key has changed: those are told who are by its prefix.</summary>
    public void Broadcast(ReadOnlySpan<byte> key, KeyChange change)
    {
        var prefixes = _prefixes;
        var turn = TrackingTurn.Current;
        for (var place = prefixes.Find(key); place >= 0; place = prefixes[place].Outer)
        {
            if (turn is not null)
                turn.Broadcast(prefixes[place], key, change == KeyChange.Written);
            else
                TellNow(prefixes[place], key);
        }
    }

    /// <summary>Tells everybody that all keys have changed.</summary>
    public void TellAll()
    {
        if (!IsOn)
            return;
        using var message = new Invalidation();
        lock (_gate)
        {
            foreach (var tracker in _trackers)
                tracker.Tell(message);
        }
    }

    /// <summary>So many more are remembered, or fewer.</summary>
    public void Counted(int keys, int items)
    {
        if (keys != 0)
            Interlocked.Add(ref _keys, keys);
        Interlocked.Add(ref _items, items);
    }

    private static void TellNow(BroadcastPrefixes.Prefix prefix, ReadOnlySpan<byte> key)
    {
        using var message = new Invalidation();
        message.Add(key);
        foreach (var tracker in prefix.Trackers)
            tracker.Tell(message);
    }
}
