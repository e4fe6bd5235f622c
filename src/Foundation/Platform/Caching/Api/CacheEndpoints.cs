using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Ports.Caching.Inspection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Caching.Api;

/// <summary>The HTTP contract of the embedded cache, in one table.</summary>
internal static class CacheEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var cache = routes.MapGroup("/v1/cache").WithTags("Cache");
        cache.MapGet("/", ServerEndpoints.Read)
            .WithSummary("See how the embedded cache's server is.")
            .Produces<ServerView>()
            .RequireScope(CacheScopes.Read);
        cache.MapGet("/slow-log", ServerEndpoints.ReadSlowLog)
            .WithSummary("List the commands that took long, the newest first.")
            .Produces<Page<SlowLogView>>()
            .RequireScope(CacheScopes.Read);
        cache.MapGet("/spaces", SpaceEndpoints.List)
            .WithSummary("List the spaces of the embedded cache: the clients' databases, and what modules keep.")
            .Produces<Page<SpaceView>>()
            .RequireScope(CacheScopes.Read);

        var space = cache.MapGroup("/spaces/{space}");
        space.MapGet("/", SpaceEndpoints.Read)
            .WithSummary("See a space: what it holds and what was counted.")
            .Produces<SpaceView>()
            .RequireScope(CacheScopes.Read);
        space.MapGet("/hot-keys", SpaceEndpoints.ReadHotKeys)
            .WithSummary("See the keys that clients read most, by samples.")
            .Produces<HotKeysView>()
            .RequireScope(CacheScopes.Read);
        space.MapGet("/miss-ratio", SpaceEndpoints.ReadMissRatio)
            .WithSummary("See what share of lookups would miss with less memory, or with more.")
            .Produces<MissRatioView>()
            .RequireScope(CacheScopes.Read);
        space.MapGet("/keys", KeyListEndpoint.Read)
            .WithSummary("List keys.")
            .WithDescription(KeyListEndpoint.Description)
            .Produces<Page<KeyItemView>>()
            .RequireScope(CacheScopes.Read);
        space.MapGet("/keys/{key}", KeyEndpoints.Read)
            .WithSummary("See a key and what it holds.")
            .WithDescription(KeyEndpoints.Description)
            .Produces<KeyView>()
            .RequireScope(CacheScopes.Read);
        space.MapDelete("/keys/{key}", KeyEndpoints.Remove)
            .WithSummary("Remove a key, as DEL does. If-Match makes it conditional.")
            .WithDescription(KeyEndpoints.KeyDescription)
            .Produces(StatusCodes.Status204NoContent)
            .RequireScope(CacheScopes.Write);
    }
}
