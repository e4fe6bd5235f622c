using Groundwork.Primitives;

namespace Groundwork.Platform.Caching;

/// <summary>How reads of a near cache ended. Safe for concurrent use.</summary>
public sealed class NearCacheCounts
{
    private readonly StripedCounter _hits = new();
    private readonly StripedCounter _misses = new();
    private readonly StripedCounter _stale = new();
    private readonly StripedCounter _refreshes = new();

    /// <summary>Answered by a fresh entry.</summary>
    public long Hits => _hits.Value;

    /// <summary>Answered by loading.</summary>
    public long Misses => _misses.Value;

    /// <summary>Answered by an entry past its life, because loading failed.</summary>
    public long StaleServed => _stale.Value;

    /// <summary>Loads in the background, ahead of an entry's end.</summary>
    public long Refreshes => _refreshes.Value;

    internal void Hit() => _hits.Increment();

    internal void Miss() => _misses.Increment();

    internal void Stale() => _stale.Increment();

    internal void Refresh() => _refreshes.Increment();
}
