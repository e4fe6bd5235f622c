using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Groundwork.RateLimits.Policies;

/// <summary>The policies in force at a time, and which endpoint is under which. Safe for concurrent use.</summary>
internal sealed class PolicySet
{
    private readonly Dictionary<string, Policy> _byName;
    private readonly Dictionary<string, Policy[]> _ofDomains;
    private readonly ConcurrentDictionary<Endpoint, Policy[]> _ofEndpoints = new();

    public PolicySet(IReadOnlyList<Policy> policies)
    {
        All = policies;
        _byName = policies.ToDictionary(p => p.Name, StringComparer.Ordinal);
        _ofDomains = policies.Where(p => p.Descriptor is not null)
            .GroupBy(p => p.Descriptor!.Domain, StringComparer.Ordinal)
            .ToDictionary(d => d.Key, d => d.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>None.</summary>
    public static PolicySet Empty { get; } = new([]);

    /// <summary>All of them, in the order in which they are written.</summary>
    public IReadOnlyList<Policy> All { get; }

    /// <summary>The policy of a name; null where there is none.</summary>
    public Policy? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Those that are for descriptors of a domain, in the order in which they are written.</summary>
    public Policy[] OfDomain(string domain) => _ofDomains.GetValueOrDefault(domain) ?? [];

    /// <summary>Those that an endpoint is under, whatever the method; there are as many endpoints as routes.</summary>
    public Policy[] Of(Endpoint endpoint) =>
        All.Count == 0 ? [] : _ofEndpoints.GetOrAdd(endpoint, static (e, set) => [.. set.All.Where(p => p.Routes.Has(e, p.Name))], this);
}
