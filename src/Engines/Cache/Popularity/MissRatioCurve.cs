namespace Groundwork.Cache.Popularity;

/// <summary>What part of uses would find nothing in a cache of another size.</summary>
/// <param name="IsLeastUseful">Whether it lets go whoever is least useful, and otherwise who was not used for the longest time.</param>
/// <param name="Samples">How many uses of watched keys it rests on: below 8,192 it says little.</param>
/// <param name="Points">From the smallest to the largest.</param>
internal sealed record MissRatioCurve(bool IsLeastUseful, long Samples, IReadOnlyList<MissRatio> Points)
{
    /// <summary>The policy's name.</summary>
    public string Policy => IsLeastUseful ? "tinylfu" : "lru";
}

/// <summary>A point of the curve.</summary>
/// <param name="Times">How many times as large as now.</param>
/// <param name="Entries">How many entries would fit.</param>
/// <param name="Ratio">The part of uses that would find nothing, 0 to 1.</param>
internal readonly record struct MissRatio(double Times, long Entries, double Ratio);
