namespace Groundwork.Cache.Commands.Tracking;

/// <summary>
/// The prefixes of keys that clients are told of whether they read them or not. Immutable: read by writers of keys without a lock.
/// </summary>
/// <remarks>Sorted, each knowing the longest other one that it begins with. All that a key begins with are then found by one binary
/// search: what lies between a prefix of the key and the key begins with that prefix too, so the last one at or before the key, and
/// those that it begins with, are all there can be.</remarks>
internal sealed class BroadcastPrefixes
{
    private readonly Prefix[] _sorted;

    private BroadcastPrefixes(IEnumerable<Prefix> prefixes)
    {
        _sorted = [.. prefixes.OrderBy(p => p.Name, Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)))];
        for (var i = 0; i < _sorted.Length; i++)
        {
            var outer = i - 1;
            while (outer >= 0 && !_sorted[i].Name.AsSpan().StartsWith(_sorted[outer].Name))
                outer = _sorted[outer].Outer;
            _sorted[i] = _sorted[i] with { Outer = outer };
        }
    }

    /// <summary>None.</summary>
    public static BroadcastPrefixes None { get; } = new([]);

    /// <summary>How many there are.</summary>
    public int Count => _sorted.Length;

    /// <summary>A prefix by its place.</summary>
    public Prefix this[int place] => _sorted[place];

    /// <summary>The place of the longest prefix that a key begins with; -1 where there is none. The others follow by <see cref="Prefix.Outer"/>.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        var (low, high) = (0, _sorted.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_sorted[middle].Name.AsSpan().SequenceCompareTo(key) <= 0)
                low = middle + 1;
            else
                high = middle;
        }

        var place = low - 1;
        while (place >= 0 && !key.StartsWith(_sorted[place].Name))
            place = _sorted[place].Outer;
        return place;
    }

    /// <summary>The same, with a client on some more.</summary>
    public BroadcastPrefixes With(byte[][] names, Tracker tracker)
    {
        var all = _sorted.ToList();
        foreach (var name in names)
        {
            var at = all.FindIndex(p => p.Name.AsSpan().SequenceEqual(name));
            if (at < 0)
                all.Add(new Prefix(name, [tracker]));
            else if (!all[at].Trackers.Contains(tracker))
                all[at] = all[at] with { Trackers = [.. all[at].Trackers, tracker] };
        }

        return new BroadcastPrefixes(all);
    }

    /// <summary>The same, without a client.</summary>
    public BroadcastPrefixes Without(Tracker tracker) => new(_sorted
        .Select(p => p.Trackers.Contains(tracker) ? p with { Trackers = [.. p.Trackers.Where(t => t != tracker)] } : p)
        .Where(p => p.Trackers.Length > 0));

    /// <summary>A prefix.</summary>
    /// <param name="Name">Its bytes.</param>
    /// <param name="Trackers">Who is told of keys that begin so.</param>
    /// <param name="Outer">The place of the longest other prefix that it begins with; -1 where there is none.</param>
    internal sealed record Prefix(byte[] Name, Tracker[] Trackers, int Outer = -1);
}
