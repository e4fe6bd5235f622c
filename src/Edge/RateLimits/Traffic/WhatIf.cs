using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Traffic;

/// <summary>What would have become of recorded traffic under some limits, beside what would have under others. Immutable.</summary>
/// <param name="Recorded">The traffic.</param>
/// <param name="Keys">How many keys it is of.</param>
/// <param name="InForce">Under the limits in force.</param>
/// <param name="Proposed">Under the others.</param>
/// <param name="Hardest">The keys that the others would have refused most, and how much of each.</param>
internal sealed record WhatIf(RecordedArrivals Recorded, int Keys, ReplayedTraffic InForce, ReplayedTraffic Proposed, IReadOnlyList<ReplayedKey> Hardest)
{
    /// <summary>How many keys are named.</summary>
    public const int MostHardest = 10;

    /// <summary>Replays traffic under both, each key from nothing, so that they can be compared.</summary>
    /// <param name="recorded">The traffic.</param>
    /// <param name="inForce">Those in force.</param>
    /// <param name="proposed">The others.</param>
    /// <param name="cancellationToken">Ends it between two keys.</param>
    public static WhatIf Of(RecordedArrivals recorded, IReadOnlyList<Limit> inForce, IReadOnlyList<Limit> proposed, CancellationToken cancellationToken = default)
    {
        var arrivals = recorded.Arrivals;
        var order = new int[arrivals.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(order, (a, b) => arrivals[a].Key.CompareTo(arrivals[b].Key) is not 0 and var by ? by : a.CompareTo(b));

        var (now, then) = (new Side(inForce), new Side(proposed));
        var keys = new List<ReplayedKey>();
        for (var at = 0; at < order.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (key, first) = (arrivals[order[at]].Key, at);
            now.Begin();
            then.Begin();
            for (; at < order.Length && arrivals[order[at]].Key == key; at++)
            {
                now.Take(arrivals[order[at]]);
                then.Take(arrivals[order[at]]);
            }

            keys.Add(new ReplayedKey(key, at - first, now.End(), then.End()));
        }

        var hardest = keys.Where(k => k.RefusedProposed > 0).OrderByDescending(k => k.RefusedProposed).ThenBy(k => k.Key).Take(MostHardest);
        return new WhatIf(recorded, keys.Count, now.Sum(), then.Sum(), [.. hardest]);
    }

    private sealed class Side(IReadOnlyList<Limit> limits)
    {
        private readonly LimitReplay _replay = new(limits);
        private long _allowed;
        private long _refused;
        private long _delayed;
        private int _refusedKeys;
        private long _refusedBefore;

        public ReplayedTraffic Sum() => new(limits, _allowed, _refused, _delayed, _refusedKeys);

        public void Begin()
        {
            _replay.Begin();
            _refusedBefore = _refused;
        }

        public void Take(Arrival arrival)
        {
            var (allowed, delay) = _replay.Take(arrival.At, arrival.Cost);
            _allowed += allowed ? 1 : 0;
            _refused += allowed ? 0 : 1;
            _delayed += delay > 0 ? 1 : 0;
        }

        // How much of the key was refused.
        public long End()
        {
            _refusedKeys += _refused > _refusedBefore ? 1 : 0;
            return _refused - _refusedBefore;
        }
    }
}

/// <summary>What became of traffic under some limits. Immutable.</summary>
/// <param name="Limits">The limits.</param>
/// <param name="Allowed">How many takes they allowed.</param>
/// <param name="Refused">How many they refused.</param>
/// <param name="Delayed">How many of those allowed had to wait for their turn.</param>
/// <param name="RefusedKeys">How many keys were refused something.</param>
internal sealed record ReplayedTraffic(IReadOnlyList<Limit> Limits, long Allowed, long Refused, long Delayed, int RefusedKeys);

/// <summary>What became of a key.</summary>
/// <param name="Key">Its hash.</param>
/// <param name="Requests">How many takes it was.</param>
/// <param name="RefusedInForce">How many the limits in force refused.</param>
/// <param name="RefusedProposed">How many the others refused.</param>
internal sealed record ReplayedKey(ulong Key, long Requests, long RefusedInForce, long RefusedProposed);
