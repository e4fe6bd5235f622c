using System.Text.Json;
using Groundwork.Platform.Access;
using Groundwork.Platform.Data;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Links;

/// <summary>The HTTP contract of Links.</summary>
internal static class LinksEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var urls = routes.MapGroup("/v1/urls").WithTags("Links");
        urls.MapPost("/", CreateAsync)
            .WithSummary("Make a short link. With an Idempotency-Key, sending it again makes no second one.")
            .Produces<LinkView>(StatusCodes.Status201Created)
            .RequireScope(LinksScopes.Write);
        urls.MapGet("/{code}", GetAsync)
            .WithSummary("See a link.")
            .Produces<LinkView>()
            .RequireScope(LinksScopes.Read);
        routes.MapGet("/{code}", FollowAsync)
            .WithTags("Links")
            .WithSummary("Follow a link.")
            .Produces(StatusCodes.Status302Found)
            .Public("A short link is there to be followed by anyone.");
    }

    private static async Task<IResult> CreateAsync(
        CreateLink body,
        HttpContext http,
        Shortener shortener,
        LinkStore store,
        LinksOptions options,
        CancellationToken cancellationToken)
    {
        if (!LongUrl.TryNormalize(body.LongUrl, out var longUrl, out var error))
            return Problem.InvalidRequest.Result(error) with { Member = "long_url" };

        // A link is spread by its number, which is ours to choose, and the request by its key: decided first, stored then.
        return await Idempotent.DecideAsync(
            http,
            store.Requests,
            body,
            async () =>
            {
                var link = await shortener.DraftAsync(longUrl, cancellationToken);
                var view = LinkView.Of(link, http.Request, options);
                return StoredAnswer.Created($"/v1/urls/{link.Code}", view.Tag(), view);
            },
            answer =>
            {
                var view = JsonSerializer.Deserialize<LinkView>(answer.Body, HttpJson.Options)!;
                return shortener.StoreAsync(shortener.Redraft(view.Code, view.LongUrl, view.CreatedAt), cancellationToken);
            });
    }

    private static async Task<IResult> GetAsync(
        string code, HttpContext http, Shortener shortener, LinksOptions options, CancellationToken cancellationToken)
    {
        if (await shortener.FindAsync(code, cancellationToken) is not { } link)
            return NoLink(code);
        var view = LinkView.Of(link, http.Request, options);
        return view.Tag().Ok(view);
    }

    private static async Task<IResult> FollowAsync(string code, HttpContext http, Shortener shortener, CancellationToken cancellationToken)
    {
        if (await shortener.FindAsync(code, cancellationToken) is not { } link)
            return NoLink(code);

        // Not kept by browsers and proxies, so that every use of the link is seen.
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Location = link.LongUrl;
        return Results.StatusCode(StatusCodes.Status302Found);
    }

    private static ProblemResult NoLink(string code) => Problem.NotFound.Result($"There is no link with the code '{code}'.");
}

/// <summary>The body that makes a link.</summary>
/// <param name="LongUrl">Where it leads: an absolute http or https URL of at most 2,048 characters.</param>
internal sealed record CreateLink(string? LongUrl);

/// <summary>A link as the API shows it.</summary>
/// <param name="Code">What stands behind the host in its short address.</param>
/// <param name="ShortUrl">The short address.</param>
/// <param name="LongUrl">Where it leads, in the form that a header carries.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record LinkView(string Code, string ShortUrl, string LongUrl, DateTimeOffset CreatedAt)
{
    public static LinkView Of(Link link, HttpRequest request, LinksOptions options)
    {
        var root = options.BaseUrl?.ToString() ?? $"{request.Scheme}://{request.Host}/";
        return new(link.Code, $"{(root.EndsWith('/') ? root : root + "/")}{link.Code}", link.LongUrl, link.CreatedAt);
    }

    /// <summary>Changes with whatever a reader of the link sees.</summary>
    public EntityTag Tag() => EntityTag.OfContent(JsonSerializer.SerializeToUtf8Bytes(this, HttpJson.Options));
}
