using Groundwork.Primitives;

namespace Groundwork.Platform.Caching;

/// <summary>How reads of a loading cache ended. Safe for concurrent use.</summary>
public sealed class LoadingCounts
{
    private readonly StripedCounter _hits = new();
    private readonly StripedCounter _misses = new();
    private readonly StripedCounter _stale = new();
    private readonly StripedCounter _refreshes = new();
    private readonly StripedCounter _waits = new();
    private readonly StripedCounter _refused = new();
    private readonly StripedCounter _shed = new();

    /// <summary>Answered by a fresh value.</summary>
    public long Hits => _hits.Value;

    /// <summary>Answered by loading.</summary>
    public long Misses => _misses.Value;

    /// <summary>Answered by a value past its life, because loading failed, was slow, or was under way elsewhere.</summary>
    public long StaleServed => _stale.Value;

    /// <summary>Loads in the background, ahead of a value's end.</summary>
    public long Refreshes => _refreshes.Value;

    /// <summary>Pauses in which another process was waited for that loads already.</summary>
    public long LeaseWaits => _waits.Value;

    /// <summary>Loaded values that were not kept, because the key was changed meanwhile, or there was no room.</summary>
    public long FillsRefused => _refused.Value;

    /// <summary>Loads that were turned away because too many waited.</summary>
    public long Shed => _shed.Value;

    internal void Hit() => _hits.Increment();

    internal void Miss() => _misses.Increment();

    internal void Stale() => _stale.Increment();

    internal void Refresh() => _refreshes.Increment();

    internal void Wait() => _waits.Increment();

    internal void Refuse() => _refused.Increment();

    internal void ShedOne() => _shed.Increment();
}
