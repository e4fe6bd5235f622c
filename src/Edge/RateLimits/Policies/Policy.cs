using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Traffic;

namespace Groundwork.RateLimits.Policies;

/// <summary>Who is limited, by what, and what happens otherwise. Immutable.</summary>
/// <param name="Name">How it is called: in addresses, headers, metrics.</param>
/// <param name="Routes">Which endpoints it is for.</param>
/// <param name="Descriptor">Which descriptors of Envoy's; null for none.</param>
/// <param name="By">What tells callers apart, in this order; none where all share.</param>
/// <param name="Limits">All of them have to allow a request, or it takes from none.</param>
/// <param name="Cost">What a request costs that says nothing else.</param>
/// <param name="Exempt">Who is not limited.</param>
/// <param name="IsShadow">Whether it only counts, and refuses nobody.</param>
/// <param name="WhenStoreIsDown">What happens where nobody can count.</param>
/// <param name="Batch">How many permits a copy takes at once of a store that copies share, for a key that is asked for often; 0 for no more than it needs.</param>
internal sealed record Policy(
    string Name,
    RouteFilter Routes,
    DescriptorFilter? Descriptor,
    IReadOnlyList<KeyPart> By,
    IReadOnlyList<Limit> Limits,
    long Cost,
    Exemptions Exempt,
    bool IsShadow,
    StoreDown WhenStoreIsDown,
    int Batch)
{
    /// <summary>The most limits of one policy: a few are asked at once.</summary>
    public const int MaxLimits = 4;

    /// <summary>The largest batch.</summary>
    public const int MaxBatch = 1000;

    /// <summary>What each limit is called in headers: the first as the policy, the others with their number.</summary>
    public IReadOnlyList<string> LimitNames { get; } =
        [.. Enumerable.Range(0, Limits.Count).Select(i => i == 0 ? Name : $"{Name}-{i + 1}")];

    /// <summary>What is counted of it, and of those of its name before it.</summary>
    public PolicyCounts Counts { get; init; } = new();

    /// <summary>What was seen of it lately; null where nobody has put it into force.</summary>
    public PolicyTraffic? Traffic { get; init; }

    /// <summary>Whether the same traffic is counted under the same keys and costs, whatever the limits are.</summary>
    public bool CountsAs(Policy other) =>
        Cost == other.Cost && By.SequenceEqual(other.By) && Routes.Equals(other.Routes) && Equals(Descriptor, other.Descriptor) && Exempt.Equals(other.Exempt);
}

/// <summary>What happens where the store cannot be asked.</summary>
internal enum StoreDown
{
    /// <summary>Requests go on: for limits that protect from too much of what is welcome.</summary>
    Allow,

    /// <summary>Requests are refused: for what must not be asked unlimited.</summary>
    Refuse,
}
