using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Near;

/// <summary>
/// A refusal that is remembered: until its wait is over, whoever wants as much or more of the same key and limit would be refused too, since others
/// can only take more. Not for concurrent use.
/// </summary>
/// <remarks>
/// Its wait began at the store after it was asked: counted from then, it ends no later here than there, as far as both clocks run alike. What
/// makes it untrue before its time (a reset by another copy, a store that was started again or whose clock jumps) is seen
/// <see cref="Memory"/> late at most.
/// </remarks>
internal struct Refusal
{
    /// <summary>How long it is remembered at most, in microseconds.</summary>
    public const long Memory = 1_000_000;

    private long _cost;
    private long _retryAt;
    private long _endsAt;

    /// <summary>Whether it is remembered still.</summary>
    public readonly bool IsIn(long now) => _cost > 0 && now < _endsAt;

    /// <summary>Whether so much would be refused as well.</summary>
    public readonly bool Covers(long cost, long now) => IsIn(now) && cost >= _cost;

    /// <summary>How long to wait with a cost that it covers: exact for its own, else as <see cref="Waits.For"/> says.</summary>
    public readonly long RetryAfter(in Limit limit, long cost, long now) =>
        cost > limit.MaxCost ? LimitDecision.Never : Waits.For(limit, _retryAt - now, _cost, cost);

    /// <summary>Remembers one, unless one that covers more is remembered.</summary>
    /// <param name="cost">What was refused, above 0.</param>
    /// <param name="wait">For how long.</param>
    /// <param name="sentAt">When it was asked.</param>
    public void Note(long cost, long wait, long sentAt)
    {
        if (IsIn(sentAt) && cost > _cost)
            return;
        _cost = cost;
        _retryAt = sentAt + wait;
        _endsAt = sentAt + (wait == LimitDecision.Never ? Memory : Math.Min(wait, Memory));
    }
}
