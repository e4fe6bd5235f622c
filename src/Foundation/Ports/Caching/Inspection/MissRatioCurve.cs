namespace Groundwork.Ports.Caching.Inspection;

/// <summary>
/// What share of lookups would miss with other bounds of memory, estimated from a sample of the keys: by how many others are used between two uses
/// of one, where it is as if the least recently used left (C. Waldspurger et al., "Efficient MRC Construction with SHARDS", FAST 2015), and by
/// small copies of caches of those sizes where it is as if the least useful did (the same, "Cache Modeling and Optimization using Miniature
/// Simulations", USENIX ATC 2017).
/// </summary>
/// <param name="Points">From the smallest bound to the largest; none where too little was looked up to know.</param>
/// <param name="Lookups">On how many sampled lookups it rests, of late: below 8,192 it is a hint and no more.</param>
/// <param name="Policy">Who would leave: <c>tinylfu</c>, the least useful, where that is the space's policy; otherwise <c>lru</c>, the least recently
/// used, whatever its policy is.</param>
public sealed record MissRatioCurve(IReadOnlyList<MissRatioPoint> Points, long Lookups, string Policy);

/// <summary>What one bound would give.</summary>
/// <param name="LimitBytes">The bound.</param>
/// <param name="Scale">As a multiple of the bound that the space has.</param>
/// <param name="MissRatio">The share of lookups that would miss, 0 to 1.</param>
public readonly record struct MissRatioPoint(long LimitBytes, double Scale, double MissRatio);
