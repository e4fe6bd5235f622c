using Groundwork.Platform.Http;
using Groundwork.Ports.Caching.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Caching.Api;

/// <summary><c>GET /v1/cache/spaces</c>, and of each its counts, its hot keys and its miss-ratio curve.</summary>
internal static class SpaceEndpoints
{
    private const int DefaultHotKeys = 20;
    private const int MaxHotKeys = 64;

    public static IResult List([FromServices] ICacheInspector cache) =>
        Results.Ok(new Page<SpaceView>([.. cache.Spaces.Select(SpaceView.Of)], null));

    public static IResult Read(string space, [FromServices] ICacheInspector cache) =>
        cache.Find(space) is { } found ? Results.Ok(SpaceView.Of(found)) : CacheProblems.NoSpace(space);

    public static IResult ReadHotKeys(string space, [FromQuery(Name = "limit")] int? limit, [FromServices] ICacheInspector cache)
    {
        if (limit is < 1 or > MaxHotKeys)
            return CacheProblems.Invalid("limit", $"limit must be a whole number from 1 to {MaxHotKeys}, not {limit}.");
        return cache.Find(space) is { } found
            ? Results.Ok(HotKeysView.Of(found.ReadHotKeys(limit ?? DefaultHotKeys)))
            : CacheProblems.NoSpace(space);
    }

    public static IResult ReadMissRatio(string space, [FromServices] ICacheInspector cache) =>
        cache.Find(space) is { } found ? Results.Ok(MissRatioView.Of(found.ReadMissRatio())) : CacheProblems.NoSpace(space);
}
