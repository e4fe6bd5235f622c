using Groundwork.Console.Live;
using Groundwork.Console.Shell;
using Groundwork.Platform.Access;
using Groundwork.Ports.Caching.Inspection;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Console.Pages.Cache;

/// <summary>The pages of the embedded cache: its spaces, their keys and what those hold, who is asked for most, what more memory would give.</summary>
internal sealed class CacheArea : ConsoleArea
{
    public override string Title => "Cache";

    public override string Address => "/_/cache";

    public override Scope Scope => CacheScopes.Read;

    public override string Module => "Cache";

    public override IEnumerable<PaletteEntry> PaletteOf(IServiceProvider services) =>
    [
        new("Keys of the cache", "page", "/_/cache/clients#keys", "browse, find, remove, redis"),
        new("Hot keys", "page", "/_/cache/clients#hot", "cache, most read"),
        new("What more memory would give the cache", "page", "/_/cache/clients#curve", "miss ratio, hit ratio"),
        new("Slow commands of the cache", "page", "/_/cache#slow", "slow log"),
    ];

    public override IEnumerable<LiveRegion> Regions =>
    [
        new("cache", typeof(CacheNow), CacheScopes.Read),
        new("cache-slow", typeof(SlowNow), CacheScopes.Read),
        new("cache-space", typeof(SpaceNow), CacheScopes.Read, (_, name) => SpaceName.Is(name)),
        new("cache-hot", typeof(HotNow), CacheScopes.Read, (_, name) => SpaceName.Is(name)),
        new("cache-curve", typeof(CurveNow), CacheScopes.Read, (_, name) => SpaceName.Is(name)),
        new("cache-key", typeof(KeyNow), CacheScopes.Read, (_, argument) => KeyName.Is(argument)),
    ];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage<CachePage>("/_/cache", "Cache").RequireScope(CacheScopes.Read);
        routes.MapPage<SpacePage>("/_/cache/{space}", "Cache").RequireScope(CacheScopes.Read);
        routes.MapPage<KeyPage>("/_/cache/{space}/key", "Key").RequireScope(CacheScopes.Read);
        routes.MapAction("/_/cache/{space}/key/remove", KeyActions.RemoveAsync).RequireScope(CacheScopes.Write);
    }
}
