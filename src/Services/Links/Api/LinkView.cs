using System.Text.Json;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Links;

/// <summary>A link as the API shows it.</summary>
/// <param name="Code">What stands behind the host in its short address.</param>
/// <param name="ShortUrl">The short address.</param>
/// <param name="LongUrl">Where it leads, in the form that a header carries.</param>
/// <param name="Status">Whether it leads there now.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it stops leading there; absent for never.</param>
/// <param name="Redirect">The status of the redirect.</param>
/// <param name="ForwardQuery">Whether the follower's query string is added to the address.</param>
/// <param name="Owner">A label to find it by.</param>
/// <param name="Tags">Labels to find it by.</param>
/// <param name="Title">What people call it.</param>
internal sealed record LinkView(
    string Code,
    string ShortUrl,
    string LongUrl,
    LinkStatus Status,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    int Redirect,
    bool ForwardQuery,
    string? Owner,
    IReadOnlyList<string> Tags,
    string? Title)
{
    public static LinkView Of(Link link, HttpRequest request, LinksOptions options, DateTimeOffset now) => new(
        link.Code,
        ShortAddress.Of(link.Code, request, options),
        link.Content.LongUrl,
        link.StatusAt(now),
        link.CreatedAt,
        link.Content.ExpiresAt,
        link.Content.Redirect,
        link.Content.ForwardQuery,
        link.Content.Owner,
        link.Content.Tags,
        link.Content.Title);

    /// <summary>What the link was made of, as this shows it.</summary>
    public LinkContent ToContent() => new(LongUrl)
    {
        ExpiresAt = ExpiresAt,
        Redirect = Redirect,
        ForwardQuery = ForwardQuery,
        Owner = Owner,
        Tags = Tags,
        Title = Title,
    };

    /// <summary>Changes with whatever a reader of the link sees.</summary>
    public EntityTag Tag() => EntityTag.OfContent(JsonSerializer.SerializeToUtf8Bytes(this, HttpJson.Options));
}

/// <summary>Short addresses as people write them.</summary>
internal static class ShortAddress
{
    public static string Of(string code, HttpRequest request, LinksOptions options)
    {
        var root = options.BaseUrl?.ToString() ?? $"{request.Scheme}://{request.Host}/";
        return $"{(root.EndsWith('/') ? root : root + "/")}{code}";
    }
}
