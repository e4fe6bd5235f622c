using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Serving;

/// <summary>
/// The files that browsers and crawlers ask for by themselves, and the house's other first segments where they stand alone:
/// answered here, so that none is ever taken for a short link's code.
/// </summary>
internal static class BrowserFiles
{
    private const string ADay = "public, max-age=86400";

    private const string Icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2b5c8a"/><path d="M7 23h18M9 17h14M12 11h8" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>
        """;

    // Crawlers may follow links and read the documentation, and have no business in the API.
    private const string Robots = "User-agent: *\nDisallow: /v1/\nDisallow: /_/\nDisallow: /metrics\nDisallow: /health/\n";

    // Those that have a page of their own at this very address.
    private static readonly string[] Served = ["docs", "metrics", "favicon.ico", "robots.txt"];

    /// <param name="routes">Where they are mapped.</param>
    /// <param name="front">The page to which the root leads; null where no module brings one: then the API's page is.</param>
    public static void Map(IEndpointRouteBuilder routes, IFrontPage? front)
    {
        var first = front?.Address ?? "/docs";
        routes.MapGet("/", () => Results.LocalRedirect(first)).Public("It leads to the first page.").ExcludeFromDescription();

        var served = front is null ? Served : [.. Served, front.Address.Trim('/')];
        var files = routes.MapGroup("").Public("Browsers ask for them by themselves.").ExcludeFromDescription();
        files.MapGet("/favicon.ico", (HttpContext context) => Text(context, Icon, "image/svg+xml"));
        files.MapGet("/robots.txt", (HttpContext context) => Text(context, Robots, "text/plain"));
        foreach (var segment in ReservedSegments.All.Except(served, StringComparer.OrdinalIgnoreCase))
            files.Map("/" + segment, () => Problem.NotFound.Result("There is nothing at this address. /docs lists what there is."));
    }

    private static IResult Text(HttpContext context, string text, string type)
    {
        context.Response.Headers.CacheControl = ADay;
        return Results.Text(text, type);
    }
}
