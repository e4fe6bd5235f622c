namespace Groundwork.Ports.Caching.Inspection;

/// <summary>
/// What share of lookups would miss with other bounds of memory, estimated from samples as if the least recently used left
/// (Waldspurger et al., "Efficient MRC Construction with SHARDS", FAST 2015).
/// </summary>
/// <param name="Points">From the smallest bound to the largest; none where too little was looked up to know.</param>
/// <param name="Lookups">On how many sampled lookups it rests, of late: below 8,192 it is a hint and no more.</param>
public sealed record MissRatioCurve(IReadOnlyList<MissRatioPoint> Points, long Lookups);

/// <summary>What one bound would give.</summary>
/// <param name="LimitBytes">The bound.</param>
/// <param name="Scale">As a multiple of the bound that the space has.</param>
/// <param name="MissRatio">The share of lookups that would miss, 0 to 1.</param>
public readonly record struct MissRatioPoint(long LimitBytes, double Scale, double MissRatio);
