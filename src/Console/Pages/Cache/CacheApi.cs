using System.Globalization;
using Groundwork.Console.Api;
using Microsoft.AspNetCore.WebUtilities;

namespace Groundwork.Console.Pages.Cache;

/// <summary>The requests that these pages make of the cache, by its public contract and no other way. Pure.</summary>
internal static class CacheApi
{
    /// <summary>How many keys a page of the list asks for at once.</summary>
    public const int KeysPerPage = 25;

    /// <summary>How many elements of a value a page shows.</summary>
    public const int ElementsPerPage = 100;

    /// <summary>How much of a string, or of an element, a page shows.</summary>
    public const int ShownBytes = 16 << 10;

    private const string Root = "/v1/cache";

    public static ApiRequest Server() => ApiRequest.Get(Root);

    public static ApiRequest SlowLog() => ApiRequest.Get($"{Root}/slow-log?limit=20");

    public static ApiRequest Spaces() => ApiRequest.Get($"{Root}/spaces");

    public static ApiRequest Space(string space) => ApiRequest.Get(Of(space));

    public static ApiRequest HotKeys(string space) => ApiRequest.Get($"{Of(space)}/hot-keys?limit=20");

    public static ApiRequest MissRatio(string space) => ApiRequest.Get($"{Of(space)}/miss-ratio");

    public static ApiRequest Keys(KeyListQuery query) => ApiRequest.Get(With($"{Of(query.Space)}/keys",
    [
        new("match", query.Pattern),
        new("type", query.Type),
        new("database", query.Database == 0 ? null : Text(query.Database)),
        new("limit", Text(KeysPerPage)),
        new("cursor", query.Cursor),
    ]));

    public static ApiRequest Key(KeyName key, string cursor = "") => ApiRequest.Get(With(Of(key, out var encoding),
    [
        new("encoding", encoding),
        new("database", key.Database == 0 ? null : Text(key.Database)),
        new("limit", Text(ElementsPerPage)),
        new("cursor", cursor),
    ]));

    public static ApiRequest Remove(KeyName key, string etag) =>
        ApiRequest.Delete(With(Of(key, out var encoding), [new("encoding", encoding), new("database", key.Database == 0 ? null : Text(key.Database))])) with
        {
            Headers = etag.Length == 0 ? [] : [new("if-match", etag)],
        };

    private static string Of(string space) => $"{Root}/spaces/{Uri.EscapeDataString(space)}";

    private static string Of(KeyName key, out string? encoding)
    {
        (var segment, encoding) = key.Segment;
        return $"{Of(key.Space)}/keys/{segment}";
    }

    private static string With(string path, IEnumerable<KeyValuePair<string, string?>> query) =>
        QueryHelpers.AddQueryString(path, query.Where(p => !string.IsNullOrEmpty(p.Value)));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
