using System.Net;

namespace Groundwork.RateLimits.Policies;

/// <summary>Who a policy does not limit: networks, and callers by their ids. Immutable.</summary>
internal sealed record Exemptions(IReadOnlyList<IPNetwork> Networks, IReadOnlySet<string> Callers)
{
    /// <summary>Nobody.</summary>
    public static Exemptions None { get; } = new([], new HashSet<string>());

    /// <summary>Whether another exempts the same.</summary>
    public bool Equals(Exemptions? other) => other is not null && Networks.SequenceEqual(other.Networks) && Callers.SetEquals(other.Callers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Networks.Count, Callers.Count);

    /// <summary>Whether somebody is among them.</summary>
    public bool Has(IPAddress? address, string? caller)
    {
        if (caller is not null && Callers.Contains(caller))
            return true;
        if (address is null || Networks.Count == 0)
            return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Networks.Any(n => n.Contains(plain));
    }
}
