using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Concurrency;

namespace Groundwork.Platform.Caching;

/// <summary>
/// Where a module gets its space of the cache: in the process' own memory, or, where a shared cache is set, there, with what is read
/// often kept near.
/// </summary>
/// <remarks>A shared cache that is down is no reason not to start: its calls fail until it is there. Safe for concurrent use.</remarks>
public sealed class CacheSpaces
{
    // Of the 10 ms that a call may take, a tenth of a second is lost before it is known that nobody answers.
    private const int FailuresToOpen = 10;
    private static readonly TimeSpan OpenFor = TimeSpan.FromMilliseconds(500);

    private readonly ICacheServer _own;
    private readonly ISharedCacheServer? _shared;
    private readonly TimeProvider _time;
    private readonly Breaker _breaker;

    internal CacheSpaces(ICacheServer own, ISharedCacheServer? shared, TimeProvider time)
    {
        (_own, _shared, _time) = (own, shared, time);
        _breaker = new Breaker(FailuresToOpen, OpenTicks);
    }

    private long OpenTicks => (long)(OpenFor.TotalSeconds * _time.TimestampFrequency);

    /// <summary>Whether other processes share what is put there.</summary>
    public bool AreShared => _shared is not null;

    /// <summary>Opens a space.</summary>
    /// <exception cref="InvalidOperationException">There is one of that name already.</exception>
    public ICache Open(CacheSpace space)
    {
        var own = _own.Open(space);
        return _shared is null ? own : new NearCache(new BrokenCircuit(_shared.Open(space), _breaker, _time), own, _time);
    }

    /// <summary>Opens the limits: in the process' own memory, or those that all share.</summary>
    /// <param name="bytes">What they may take in the process' own memory, which also others count in who take this process for their shared cache.</param>
    /// <exception cref="InvalidOperationException">They are open already.</exception>
    public ILimitStore OpenLimits(long bytes)
    {
        var own = _own.OpenLimits(bytes);
        return _shared is null ? own : new BrokenLimits(_shared.OpenLimits(), new Breaker(FailuresToOpen, OpenTicks), _time);
    }
}
