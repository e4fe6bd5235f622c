using Groundwork.Ports.Limiting;

namespace Groundwork.RateLimits.Near;

/// <summary>
/// So many keys at most, of which the one that was asked for the longest ago makes room; those that the store is being asked for stay. All calls are
/// made under <see cref="Gate"/>, which also guards what the keys know.
/// </summary>
internal sealed class NearShard
{
    private readonly HashSet<NearKey> _keys = new(NearKeyComparer.Instance);
    private readonly HashSet<NearKey>.AlternateLookup<LimitTake> _byTake;
    private readonly LinkedList<NearKey> _resting = [];
    private readonly int _max;
    private Flight? _spare;

    public NearShard(int max) => (_max, _byTake) = (max, _keys.GetAlternateLookup<LimitTake>());

    /// <summary>What guards it; nothing else is locked under it, and nothing is awaited.</summary>
    public Lock Gate { get; } = new();

    /// <summary>How many keys it has.</summary>
    public int Count => _keys.Count;

    /// <summary>What is known of a take's key and limit; null where nothing is.</summary>
    public NearKey? Find(in LimitTake take)
    {
        if (!_byTake.TryGetValue(take, out var key))
            return null;
        if (key.Place.List is not null && _resting.First != key.Place)
        {
            _resting.Remove(key.Place);
            _resting.AddFirst(key.Place);
        }

        return key;
    }

    /// <summary><see cref="Find"/>, or a new one; null where the store is being asked for all that there may be.</summary>
    public NearKey? FindOrAdd(in LimitTake take)
    {
        if (Find(take) is { } known)
            return known;
        if (_keys.Count >= _max)
        {
            if (_resting.Last is not { } last)
                return null;
            Drop(last.Value);
        }

        var key = new NearKey(take);
        _keys.Add(key);
        _resting.AddFirst(key.Place);
        return key;
    }

    /// <summary>A flight for a key, used before where there is one.</summary>
    public Flight NewFlight(NearKey key)
    {
        var flight = Interlocked.Exchange(ref _spare, null) ?? new Flight();
        flight.Begin(key);
        return flight;
    }

    /// <summary>Keeps a flight that nobody is on any more for the next. Without <see cref="Gate"/>.</summary>
    public void Keep(Flight flight) => Volatile.Write(ref _spare, flight);

    /// <summary>Keeps a key in until it <see cref="Rest"/>s.</summary>
    public void Hold(NearKey key) => _resting.Remove(key.Place);

    /// <summary>Lets a key go for others again; at once, where nothing is known of it.</summary>
    public void Rest(NearKey key, long now)
    {
        _resting.AddFirst(key.Place);
        if (!key.IsUseful(now))
            Drop(key);
    }

    private void Drop(NearKey key)
    {
        _resting.Remove(key.Place);
        _keys.Remove(key);
    }
}
