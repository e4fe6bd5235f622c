using Groundwork.Platform.Http;
using Groundwork.Ports.Caching.Inspection;

namespace Groundwork.Platform.Caching.Api;

/// <summary>A space as the API shows it; counts since the start.</summary>
/// <param name="Name">Its name; <c>clients</c> for what clients reach by Redis' protocol without choosing a space.</param>
/// <param name="Databases">How many databases it has.</param>
/// <param name="Keys">How many keys are there.</param>
/// <param name="Expiring">How many of them have a time to live.</param>
/// <param name="HeldBytes">The memory that is held for keys, values and index.</param>
/// <param name="LimitBytes">What that may be; absent for no bound.</param>
/// <param name="Policy">Who leaves when it is reached.</param>
/// <param name="Hits">Lookups that found their key.</param>
/// <param name="Misses">Lookups that did not.</param>
/// <param name="HitRatio">The hits' share of both; absent where there were none.</param>
/// <param name="Evictions">Keys that had to leave for others.</param>
/// <param name="Expirations">Keys whose time was over.</param>
internal sealed record SpaceView(
    string Name,
    int Databases,
    long Keys,
    long Expiring,
    long HeldBytes,
    long? LimitBytes,
    string Policy,
    long Hits,
    long Misses,
    double? HitRatio,
    long Evictions,
    long Expirations)
{
    public static SpaceView Of(ISpaceInspector space)
    {
        var state = space.Read();
        var lookups = state.Hits + state.Misses;
        return new SpaceView(
            RedisNames.Of(space),
            space.Databases,
            state.Keys,
            state.Expiring,
            state.HeldBytes,
            state.LimitBytes == 0 ? null : state.LimitBytes,
            state.Policy,
            state.Hits,
            state.Misses,
            lookups == 0 ? null : (double)state.Hits / lookups,
            state.Evictions,
            state.Expirations);
    }
}

/// <summary>The keys that are read most.</summary>
/// <param name="Items">The most read first.</param>
/// <param name="ReadsPerSecond">How many reads of the space there are a second, about.</param>
/// <param name="Kept">What share of the keys that were hot a while ago still are; absent where that is not known yet.</param>
internal sealed record HotKeysView(IReadOnlyList<HotKeyView> Items, double ReadsPerSecond, double? Kept)
{
    public static HotKeysView Of(HotKeys keys) => new([.. keys.Keys.Select(HotKeyView.Of)], keys.ReadsPerSecond, keys.Kept);
}

/// <summary>A key that is read often.</summary>
/// <param name="Database">Its database.</param>
/// <param name="Key">Its name, where it is UTF-8.</param>
/// <param name="KeyBase64">Its name, where it is not.</param>
/// <param name="PerSecond">How often it is read, about.</param>
/// <param name="Share">Its share of all reads, 0 to 1.</param>
/// <param name="ErrorShare">By how much that may be too high.</param>
internal sealed record HotKeyView(int Database, string? Key, string? KeyBase64, double PerSecond, double Share, double ErrorShare)
{
    public static HotKeyView Of(HotKey key)
    {
        var name = BytesView.Of(key.Key);
        return new HotKeyView(key.Database, name.Text, name.Base64, key.PerSecond, key.Share, key.ErrorShare);
    }
}

/// <summary>What share of lookups would miss with other bounds of memory.</summary>
/// <param name="Points">From the smallest bound to the largest; none where too little was looked up to know.</param>
/// <param name="Lookups">On how many sampled lookups it rests, of late: below 8,192 it is a hint and no more.</param>
/// <param name="Policy">Who would leave: <c>tinylfu</c>, the least useful, or <c>lru</c>, the least recently used.</param>
internal sealed record MissRatioView(IReadOnlyList<MissRatioPointView> Points, long Lookups, string Policy)
{
    public static MissRatioView Of(MissRatioCurve curve) =>
        new([.. curve.Points.Select(p => new MissRatioPointView(p.LimitBytes, p.Scale, p.MissRatio))], curve.Lookups, curve.Policy);
}

/// <summary>What one bound would give.</summary>
/// <param name="LimitBytes">The bound.</param>
/// <param name="Scale">As a multiple of the bound that the space has.</param>
/// <param name="MissRatio">The share of lookups that would miss, 0 to 1.</param>
internal sealed record MissRatioPointView(long LimitBytes, double Scale, double MissRatio);
