using System.Globalization;
using Groundwork.Platform.Http;
using Groundwork.Ports.Caching.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Caching.Api;

/// <summary><c>GET</c> and <c>DELETE /v1/cache/spaces/{space}/keys/{key}</c>.</summary>
internal static class KeyEndpoints
{
    public const string KeyDescription =
        "A key is its bytes, percent-encoded. What an address cannot carry (the byte 0, a single or double dot) and whatever is easier so is sent in "
        + "base64url, with encoding=base64url. A key of no bytes has no address.";

    public const string Description =
        KeyDescription + " Small hashes and sets come whole, in one page. The ETag changes with what the key holds and with its time to live, not with its "
        + "use; values of more than 64 KiB have none.";

    private const int DefaultBytes = 16 << 10;

    public static IResult Read(
        string space, [AsParameters] KeyRequest asked, [AsParameters] PageRequest page, [FromQuery(Name = "bytes")] int? bytes, HttpContext http,
        [FromServices] ICacheInspector cache)
    {
        if (cache.Find(space) is not { } found)
            return CacheProblems.NoSpace(space);
        if (!asked.TryRead(http, found, out var key, out var database, out var problem) || !page.TryRead<CachePosition>(out var limit, out var after, out problem))
            return problem;
        if (bytes is < 1 or > ElementQuery.MaxPageBytes)
            return CacheProblems.Invalid("bytes", $"bytes must be a whole number from 1 to {ElementQuery.MaxPageBytes}, not {bytes}.");
        var query = new ElementQuery { Cursor = after?.At ?? 0, Count = limit, Bytes = bytes ?? DefaultBytes };
        if (found.ReadKey(database, key, query) is not { } detail)
            return CacheProblems.NoKey(BytesView.Of(key), database);
        var view = ViewOf(space, database, detail, query.Cursor);
        return TagOf(detail.Version) is { } tag ? tag.Ok(view) : Results.Ok(view);
    }

    public static IResult Remove(string space, [AsParameters] KeyRequest asked, HttpContext http, [FromServices] ICacheInspector cache)
    {
        if (cache.Find(space) is not { } found)
            return CacheProblems.NoSpace(space);
        if (!asked.TryRead(http, found, out var key, out var database, out var problem))
            return problem;
        ulong? version = null;
        if (http.Request.Headers.IfMatch.Count + http.Request.Headers.IfNoneMatch.Count > 0)
        {
            var present = found.ReadKey(database, key, new ElementQuery { Count = 1, Bytes = 1 });
            var tag = present is null ? (EntityTag?)null : TagOf(present.Version) ?? new EntityTag("untagged");
            if (EntityTag.Refuse(http.Request, tag) is { } refusal)
                return refusal;
            version = present?.Version;
        }

        return found.RemoveKey(database, key, version) switch
        {
            KeyRemoval.Removed => Results.NoContent(),
            KeyRemoval.Changed => Problem.PreconditionFailed.With("The key has changed since its ETag was read."),
            _ => CacheProblems.NoKey(BytesView.Of(key), database),
        };
    }

    private static EntityTag? TagOf(ulong? version) => version is { } known ? new EntityTag(known.ToString("x16", CultureInfo.InvariantCulture)) : null;

    private static KeyView ViewOf(string space, int database, KeyDetail detail, ulong cursor)
    {
        var (key, type, next) = (BytesView.Of(detail.Summary.Key), detail.Summary.Type, detail.Next);
        IReadOnlyList<ElementView> elements;
        if (type == CachedType.String)
        {
            // A page must not end within a character: the next one begins with it.
            var part = BytesView.Of(detail.Elements[0].Value.Shown, isCut: next is not null);
            var isWhole = part.Length == detail.Length;
            elements = [new ElementView(null, null, part.Text, part.Base64, isWhole ? null : detail.Length, null)];
            if (next is not null && part.Length > 0)
                next = cursor + (ulong)part.Length;
        }
        else
        {
            elements = [.. detail.Elements.Select(e => ElementView.Of(e, type))];
        }

        return new KeyView(
            space,
            database,
            key.Text,
            key.Base64,
            RedisNames.Of(type),
            detail.Summary.Encoding,
            detail.Summary.Bytes,
            detail.Summary.ExpiresAt,
            detail.Idle?.TotalSeconds,
            detail.Frequency,
            detail.Length,
            elements,
            next is { } at ? Cursor.Write(new CachePosition(at)) : null);
    }
}
