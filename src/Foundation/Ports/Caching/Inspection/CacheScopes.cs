using Groundwork.Ports.Modules;

namespace Groundwork.Ports.Caching.Inspection;

/// <summary>What a caller may be permitted to do with the embedded cache by HTTP. Redis' protocol has a password of its own.</summary>
public static class CacheScopes
{
    /// <summary>See keys, what they hold, and what is counted.</summary>
    public static readonly Scope Read = new("cache:read", "See the cache's keys, what they hold, and what is counted.");

    /// <summary>Remove keys.</summary>
    public static readonly Scope Write = new("cache:write", "Remove keys from the cache.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scope> All { get; } = [Read, Write];
}
