using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Groundwork.Platform.Http;
using Groundwork.Ports.Caching.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Caching.Api;

/// <summary>Which key is asked for.</summary>
/// <param name="Key">The key, percent-encoded, or in base64url.</param>
/// <param name="Encoding">base64url, where the key is sent so; nothing where it is percent-encoded.</param>
/// <param name="Database">In which database: 0, the default, to 15; 0 in all spaces but the clients'.</param>
internal readonly record struct KeyRequest(
    [property: FromRoute(Name = "key")] string Key, [property: FromQuery(Name = "encoding")] string? Encoding, [property: FromQuery(Name = "database")] int? Database)
{
    /// <summary>Understands it.</summary>
    /// <param name="http">The request: the framework has decoded the route's value already, and lost which bytes were there.</param>
    /// <param name="space">Where it is asked for.</param>
    /// <param name="key">The key's bytes.</param>
    /// <param name="database">Its database.</param>
    /// <param name="problem">What is wrong, when false is returned.</param>
    public bool TryRead(
        HttpContext http, ISpaceInspector space, [NotNullWhen(true)] out byte[]? key, out int database, [NotNullWhen(false)] out ProblemResult? problem)
    {
        key = null;
        if (!DatabaseNumber.TryRead(Database, space, out database, out problem))
            return false;
        switch (Encoding)
        {
            case null or "":
                key = Decode(LastSegment(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget));
                problem = key is null ? CacheProblems.Invalid("key", "key must be percent-encoded: a % stands before two hexadecimal digits, and is written %25 itself.") : null;
                break;
            case "base64url" when Base64Url.IsValid(Key):
                key = Base64Url.DecodeFromChars(Key);
                break;
            case "base64url":
                problem = CacheProblems.Invalid("key", "key must be base64url, as encoding says: letters, digits, - and _.");
                break;
            default:
                problem = CacheProblems.Invalid("encoding", $"encoding must be base64url, or be left out for a key that is percent-encoded, not '{Encoding}'.");
                break;
        }

        return key is not null && problem is null;
    }

    private static ReadOnlySpan<char> LastSegment(string target)
    {
        var path = target.AsSpan();
        if (path.IndexOf('?') is >= 0 and var query)
            path = path[..query];
        path = path.TrimEnd('/');
        return path[(path.LastIndexOf('/') + 1)..];
    }

    private static byte[]? Decode(ReadOnlySpan<char> segment)
    {
        var bytes = new byte[System.Text.Encoding.UTF8.GetMaxByteCount(segment.Length)];
        var length = 0;
        while (!segment.IsEmpty)
        {
            var percent = segment.IndexOf('%');
            length += System.Text.Encoding.UTF8.GetBytes(percent < 0 ? segment : segment[..percent], bytes.AsSpan(length));
            if (percent < 0)
                break;
            segment = segment[percent..];
            if (segment.Length < 3 || !byte.TryParse(segment[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length++]))
                return null;
            segment = segment[3..];
        }

        return bytes[..length];
    }
}
