using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Console.Shell;

/// <summary>All that can be found, as a page and as a list for the palette's script; and what is said where nothing is.</summary>
internal static class FindRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage<FindPage>("/_/find", "Find").RequireScope(ConsoleScopes.View);
        routes.MapGet("/_/{**rest}", () => Problem.NotFound.Result("There is no such page. The navigation shows those there are."))
            .ExcludeFromDescription().RequireScope(ConsoleScopes.View);
        routes.MapGet("/_/find.json", List).ExcludeFromDescription().RequireScope(ConsoleScopes.View);
    }

    private static IResult List(HttpContext http, SiteMap map)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(map.PaletteFor(new Viewer(http, "")).ToList(), HttpJson.Options);
    }
}
