using Groundwork.Ports.Modules;

namespace Groundwork.RateLimits;

/// <summary>What a caller may be permitted to do with limits.</summary>
public static class RateLimitsScopes
{
    /// <summary>See policies and what is left of a key's limits.</summary>
    public static readonly Scope Read = new("ratelimits:read", "See policies, and what is left of a key's limits.");

    /// <summary>Take from limits, for others.</summary>
    public static readonly Scope Take = new("ratelimits:take", "Take from a key's limits, and give back.");

    /// <summary>Forget what was taken.</summary>
    public static readonly Scope Write = new("ratelimits:write", "Forget what was taken from a key's limits.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scope> All { get; } = [Read, Take, Write];
}
