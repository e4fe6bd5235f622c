using Groundwork.Links.Clicks;
using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Platform.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links;

/// <summary>The HTTP contract of Links, in one table; each operation is a file in <c>Api/</c>.</summary>
internal static class LinksEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var urls = routes.MapGroup("/v1/urls").WithTags("Links");
        urls.MapPost("/", CreateEndpoint.HandleAsync)
            .WithSummary("Make a short link. With an Idempotency-Key, sending it again makes no second one.")
            .Produces<LinkView>(StatusCodes.Status201Created)
            .Produces<LinkView>()
            .RequireScope(LinksScopes.Write);
        routes.MapPost("/v1/urls:import", (HttpContext http, ImportEndpoint import) => import.HandleAsync(http))
            .WithTags("Links")
            .WithSummary("Make a link of every row of a file.")
            .WithDescription(ImportEndpoint.Description)
            .WithBodyLimit(long.MaxValue)
            .Produces(StatusCodes.Status200OK, contentType: ImportEndpoint.JsonLines)
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                ImportEndpoint.Describe(operation);
                return Task.CompletedTask;
            })
            .RequireScope(LinksScopes.Write);
        urls.MapGet("/", ListEndpoint.HandleAsync)
            .WithSummary("List links.")
            .WithDescription(ListEndpoint.Description)
            .Produces<Page<LinkView>>()
            .RequireScope(LinksScopes.Read);
        urls.MapGet("/{code}", ReadEndpoint.HandleAsync)
            .WithSummary("See a link.")
            .Produces<LinkView>()
            .RequireScope(LinksScopes.Read);
        urls.MapPatch("/{code}", EditEndpoint.EditAsync)
            .WithSummary("Change a link, by a JSON merge patch. If-Match makes it conditional.")
            .Accepts<EditLink>("application/merge-patch+json", "application/json")
            .Produces<LinkView>()
            .RequireScope(LinksScopes.Write);
        urls.MapDelete("/{code}", EditEndpoint.DeleteAsync)
            .WithSummary("Delete a link. Its code is never used again.")
            .Produces(StatusCodes.Status204NoContent)
            .RequireScope(LinksScopes.Write);

        urls.MapGet("/{code}/stats", StatsEndpoint.HandleAsync)
            .WithSummary("See how often a link was followed, and from where. A click shows at once in the copy that served it, within ten seconds in others.")
            .Produces<StatsView>()
            .RequireScope(LinksScopes.Read);
        urls.MapGet("/{code}/qr.svg", QrEndpoint.HandleAsync)
            .WithSummary("Get the short address as a QR code in SVG.")
            .Produces(StatusCodes.Status200OK, contentType: QrEndpoint.MediaType)
            .RequireScope(LinksScopes.Read);

        // Found at the first request: routes are mapped before the database is open.
        Follower? follower = null;
        routes.MapGet("/{code}", http => (follower ??= http.RequestServices.GetRequiredService<Follower>()).FollowAsync(http))
            .WithTags("Links")
            .WithSummary("Follow a link.")
            .WithMetadata(typeof(Follower).GetMethod(nameof(Follower.FollowAsync))!, new ProducesResponseTypeMetadata(StatusCodes.Status302Found))
            .Public("A short link is there to be followed by anyone.");
    }
}
