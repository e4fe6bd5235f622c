namespace Groundwork.Ports.Caching.Inspection;

/// <summary>What a space holds, and what was counted of it since the start. Counts are of about the same moment.</summary>
/// <param name="Keys">How many keys are there, in all of its databases.</param>
/// <param name="Expiring">How many of them have a time to live.</param>
/// <param name="HeldBytes">The memory that is held for keys, values and the index to them.</param>
/// <param name="LimitBytes">What that may be; 0 for no bound.</param>
/// <param name="Policy">Who leaves when it is reached, as Redis names it: <c>allkeys-lru</c>.</param>
/// <param name="Hits">Lookups that found their key.</param>
/// <param name="Misses">Lookups that did not.</param>
/// <param name="Evictions">Keys that had to leave for others.</param>
/// <param name="Expirations">Keys whose time was over.</param>
public sealed record SpaceState(
    long Keys, long Expiring, long HeldBytes, long LimitBytes, string Policy, long Hits, long Misses, long Evictions, long Expirations);
