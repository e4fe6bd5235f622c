using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Limiters;

/// <summary>An algorithm whose state is of a fixed size.</summary>
internal struct StateGate<TState>(Limit limit, long now) : IGate
    where TState : struct, ILimitState<TState>
{
    private readonly Limit _limit = limit;
    private TState _state = TState.Fresh(limit, now);

    public readonly long MaxCost => _limit.MaxCost;

    public LimitDecision Take(long now, long cost) => _state.Take(_limit, now, cost);

    public readonly LimitDecision Peek(long now, long cost) => _state.Peek(_limit, now, cost);

    public readonly void Return(long cost) => throw new NotSupportedException("What was spent comes back with time.");
}
