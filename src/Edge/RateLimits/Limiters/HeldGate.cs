using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Limiters;

/// <summary>
/// So many at once: a lease gives its permits back when it is disposed. In one process nobody vanishes without its lease, so that
/// permits have no life here.
/// </summary>
internal struct HeldGate(long permits) : IGate
{
    private long _free = permits;

    public long MaxCost { get; } = permits;

    public LimitDecision Take(long now, long cost)
    {
        var decision = Peek(now, cost);
        if (decision.IsAllowed)
            _free -= cost;
        return decision;
    }

    public readonly LimitDecision Peek(long now, long cost)
    {
        var isAllowed = cost <= _free;
        var left = isAllowed ? _free - cost : _free;

        // When somebody gives back is not known.
        return new LimitDecision(isAllowed, left, isAllowed ? 0 : LimitDecision.Never, left == MaxCost ? 0 : long.MaxValue, 0);
    }

    public void Return(long cost) => _free += cost;
}
