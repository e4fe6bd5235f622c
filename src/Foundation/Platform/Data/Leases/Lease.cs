namespace Groundwork.Platform.Data;

/// <summary>The sole right to something, until it ends.</summary>
/// <param name="Kind">What sort of right, as the store was named.</param>
/// <param name="Name">To what; the distribution key of the rows that it guards.</param>
/// <param name="Epoch">Higher than that of every earlier lease of the name. Every guarded write carries it.</param>
/// <param name="Until">From when on others may acquire it, by the clock of whoever does.</param>
public sealed record Lease(string Kind, string Name, long Epoch, DateTimeOffset Until);
