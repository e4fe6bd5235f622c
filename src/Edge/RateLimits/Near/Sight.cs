using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Near;

/// <summary>What the store last said is there. As old as <see cref="Refusal.Memory"/> at most, which others may have taken from since.</summary>
internal struct Sight
{
    private long _remaining;
    private long _resetAt;
    private long _endsAt;

    /// <summary>Whether it is known still.</summary>
    public readonly bool IsIn(long now) => now < _endsAt;

    /// <summary>How many permits were left; none where it is not known.</summary>
    public readonly long Remaining(long now) => IsIn(now) ? _remaining : 0;

    /// <summary>How long until all is back.</summary>
    public readonly long ResetAfter(long now) => Math.Max(0, _resetAt - now);

    /// <summary>Remembers what a decision said.</summary>
    public void Note(in LimitDecision decision, long sentAt)
    {
        _remaining = decision.Remaining;
        _resetAt = sentAt + decision.ResetAfter;
        _endsAt = sentAt + Refusal.Memory;
    }
}
