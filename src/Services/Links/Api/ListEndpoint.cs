using System.Diagnostics.CodeAnalysis;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Links;

/// <summary><c>GET /v1/urls</c>.</summary>
internal static class ListEndpoint
{
    public const string Description =
        "Newest first; deleted links are not shown. owner and tag match exactly, q anything in long_url (as it is shown), title or code, in "
        + "whatever case; what is sent together must all match. A request looks at 20,000 links at most: where few of them match, a page may be "
        + "short or even empty and still have a next_cursor, with which to go on. Only a page without next_cursor is the last.";

    private const int MaxTextLength = 256;

    public static async Task<IResult> HandleAsync(
        [AsParameters] PageRequest page,
        [AsParameters] ListRequest request,
        HttpContext http,
        LinkListing listing,
        LinksOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!page.TryRead<LinkPosition>(out var limit, out var after, out var problem) || !TryRead(request, out var filter, out problem))
            return problem;
        var (links, next) = await listing.ReadAsync(filter, limit, after ?? LinkPosition.First, cancellationToken);
        var now = time.GetUtcNow();
        return Results.Ok(new Page<LinkView>(
            [.. links.Select(link => LinkView.Of(link, http.Request, options, now))], next is null ? null : Cursor.Write(next)));
    }

    private static bool TryRead(ListRequest request, [NotNullWhen(true)] out LinkFilter? filter, [NotNullWhen(false)] out ProblemResult? problem)
    {
        filter = new LinkFilter(Sent(request.Owner), Sent(request.Tag), Sent(request.Q));
        problem = filter switch
        {
            { Owner: { } owner } when !LinkRules.IsLabel(owner, LinkRules.MaxOwnerLength) => LinksProblems.Invalid("owner", LinkRules.LabelError("owner", LinkRules.MaxOwnerLength)),
            { Tag: { } tag } when !LinkRules.IsTag(tag) =>
                LinksProblems.Invalid("tag", $"tag must be one tag: 1 to {LinkRules.MaxTagLength} characters, without commas, control characters and spaces around it."),
            { Text.Length: > MaxTextLength } => LinksProblems.Invalid("q", $"q has {filter.Text.Length} characters; {MaxTextLength} are allowed."),
            _ => null,
        };
        return problem is null;
    }

    private static string? Sent(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

/// <summary>Which links are asked for.</summary>
/// <param name="Owner">Whose they are, exactly.</param>
/// <param name="Tag">A tag that they have, exactly.</param>
/// <param name="Q">What is in their long_url, title or code, in whatever case; at most 256 characters.</param>
internal readonly record struct ListRequest(
    [property: FromQuery(Name = "owner")] string? Owner, [property: FromQuery(Name = "tag")] string? Tag, [property: FromQuery(Name = "q")] string? Q);
