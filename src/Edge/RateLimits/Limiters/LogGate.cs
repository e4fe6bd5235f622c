using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Limiters;

/// <summary>A sliding log: its memory is that of a full one, from the first take on.</summary>
internal struct LogGate(Limit limit) : IGate
{
    private readonly Limit _limit = limit;
    private readonly byte[] _state = new byte[LimitState.MaxLength(limit)];
    private int _length;

    public readonly long MaxCost => _limit.MaxCost;

    public LimitDecision Take(long now, long cost) => SlidingLog.Take(_limit, _state, ref _length, now, cost);

    public readonly LimitDecision Peek(long now, long cost) => SlidingLog.Peek(_limit, _state.AsSpan(0, _length), now, cost);

    public readonly void Return(long cost) => throw new NotSupportedException("What was spent comes back with time.");
}
