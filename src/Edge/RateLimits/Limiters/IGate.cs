using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Limiters;

/// <summary>
/// What a <see cref="GateLimiter{TGate}"/> asks whether somebody may go now: one key under one limit, in memory. A struct, so that
/// it is compiled into the limiter. Not for concurrent use.
/// </summary>
internal interface IGate
{
    /// <summary>The most that one can take.</summary>
    long MaxCost { get; }

    /// <summary>Lets so many go, if it may be now; with leaky buckets, if they need not wait.</summary>
    /// <param name="cost">1 to <see cref="MaxCost"/>.</param>
    LimitDecision Take(long now, long cost);

    /// <summary>What <see cref="Take"/> would say; nothing is always allowed.</summary>
    LimitDecision Peek(long now, long cost);

    /// <summary>Takes back what a lease held, where it is held and not spent.</summary>
    void Return(long cost);
}
