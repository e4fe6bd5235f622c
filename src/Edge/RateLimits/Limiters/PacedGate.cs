using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Limiters;

/// <summary>
/// A leaky bucket, whose queue is the limiter's own: nobody is let in ahead of its time, so that whoever gives up waiting leaves no
/// hole in the pace.
/// </summary>
internal struct PacedGate(Limit limit, long now) : IGate
{
    private readonly Limit _limit = limit;
    private LeakyBucket _state = LeakyBucket.Fresh(limit, now);

    public readonly long MaxCost => _limit.MaxCost;

    public LimitDecision Take(long now, long cost)
    {
        var decision = Peek(now, cost);
        return decision.IsAllowed ? _state.Take(_limit, now, cost) : decision;
    }

    public readonly LimitDecision Peek(long now, long cost)
    {
        // Once it is free all may go at once, and what they took is paced after them; until then nobody may.
        var free = _state.Peek(_limit, now, 0);
        if (free.Delay == 0)
            return _state.Peek(_limit, now, cost);
        return new LimitDecision(cost == 0, 0, cost == 0 ? 0 : free.Delay, free.ResetAfter, 0);
    }

    public readonly void Return(long cost) => throw new NotSupportedException("What was spent comes back with time.");
}
