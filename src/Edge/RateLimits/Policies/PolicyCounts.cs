using Groundwork.Primitives;
using Groundwork.RateLimits.Traffic;

namespace Groundwork.RateLimits.Policies;

/// <summary>What was counted of a policy since the program began. Safe for concurrent use.</summary>
internal sealed class PolicyCounts
{
    private readonly StripedCounter _allowed = new();
    private readonly StripedCounter _refused = new();
    private readonly StripedCounter _shadowed = new();
    private readonly StripedCounter _uncounted = new();

    /// <summary>Requests that went on.</summary>
    public long Allowed => _allowed.Value;

    /// <summary>Requests that were refused.</summary>
    public long Refused => _refused.Value;

    /// <summary>Requests that would have been refused, if it were not a shadow.</summary>
    public long Shadowed => _shadowed.Value;

    /// <summary>Requests that nobody could count, since the store was down.</summary>
    public long Uncounted => _uncounted.Value;

    /// <summary>All of them.</summary>
    public OutcomeCounts Read() => new(Allowed, Refused, Shadowed, Uncounted);

    public void Allow() => _allowed.Increment();

    public void Refuse() => _refused.Increment();

    public void Shadow() => _shadowed.Increment();

    public void Miss() => _uncounted.Increment();
}
