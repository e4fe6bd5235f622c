using Groundwork.Primitives;

namespace Groundwork.RateLimits.Near;

/// <summary>How many takes were answered without the store. Safe for concurrent use.</summary>
internal sealed class NearCounts
{
    private readonly StripedCounter _refused = new();
    private readonly StripedCounter _lent = new();

    /// <summary>Refused, since that was sure.</summary>
    public long Refused => _refused.Value;

    /// <summary>Allowed from what had been taken ahead.</summary>
    public long Lent => _lent.Value;

    /// <summary>Counts one that was allowed or refused.</summary>
    public void Add(bool isAllowed) => (isAllowed ? _lent : _refused).Increment();
}
