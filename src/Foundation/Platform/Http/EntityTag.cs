using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Groundwork.Platform.Http;

/// <summary>
/// A resource's strong entity tag (RFC 9110, 8.8.3): it changes whenever the resource's representation does.
/// </summary>
/// <param name="Value">Without its quotes; of visible ASCII without quotes.</param>
public readonly record struct EntityTag(string Value)
{
    private const int HashBytes = 16;

    /// <summary>The tag of a resource that counts its versions.</summary>
    public static EntityTag OfVersion(long version) => new(version.ToString("x", CultureInfo.InvariantCulture));

    /// <summary>The tag of a content: 128 bits of its SHA-256.</summary>
    public static EntityTag OfContent(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return new(System.Buffers.Text.Base64Url.EncodeToString(hash[..HashBytes]));
    }

    /// <summary>As the header carries it.</summary>
    public override string ToString() => $"\"{Value}\"";

    /// <summary>
    /// Answers a read with the resource and its tag, or with 304 where <c>If-None-Match</c> names the tag.
    /// </summary>
    public IResult Ok<T>(T resource) => new TaggedResult(this, Results.Ok(resource));

    /// <summary>Any answer about the resource, with its tag: 201 for one that was made, 200 for one that was changed.</summary>
    public IResult On(IResult answer) => new TaggedResult(this, answer);

    /// <summary>
    /// Checks what a change demands of the resource: <c>If-Match</c> (strong comparison) and <c>If-None-Match</c>.
    /// </summary>
    /// <param name="request">The request that would change it.</param>
    /// <param name="current">The resource's tag; null where it is not there.</param>
    /// <returns>Null where the change may go on; otherwise the answer: 412, or 400 for a header that cannot be read. The change
    /// itself must still be made conditional on the version that was checked.</returns>
    public static ProblemResult? Refuse(HttpRequest request, EntityTag? current)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Headers.IfMatch is { Count: > 0 } ifMatch)
        {
            if (!TryMatch(ifMatch, current, strong: true, out var matches))
                return Unreadable(HeaderNames.IfMatch);
            if (!matches)
                return Problem.PreconditionFailed.Result(current is null ? "If-Match was sent, and there is no such resource." : "The resource has changed since its ETag was read.");
        }

        if (request.Headers.IfNoneMatch is { Count: > 0 } ifNoneMatch)
        {
            if (!TryMatch(ifNoneMatch, current, strong: false, out var matches))
                return Unreadable(HeaderNames.IfNoneMatch);
            if (matches)
                return Problem.PreconditionFailed.Result("If-None-Match was sent, and there is such a resource.");
        }

        return null;
    }

    /// <summary>Reads a list of tags, or <c>*</c>, and finds one among them.</summary>
    internal static bool TryMatch(StringValues header, EntityTag? current, bool strong, out bool matches)
    {
        matches = false;
        if (!EntityTagHeaderValue.TryParseStrictList([.. header.OfType<string>()], out var tags) || tags.Count == 0)
            return false;
        if (current is not { } tag)
            return true;

        var own = new EntityTagHeaderValue(tag.ToString());
        foreach (var candidate in tags)
            matches |= candidate.Equals(EntityTagHeaderValue.Any) || own.Compare(candidate, strong);
        return true;
    }

    private static ProblemResult Unreadable(string header) =>
        Problem.InvalidRequest.Result($"{header} must be * or a list of entity tags in double quotes.") with { Member = header };

    private sealed class TaggedResult(EntityTag tag, IResult answer) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.ETag = tag.ToString();
            var request = httpContext.Request;
            if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            {
                // A read's If-Match is for ranges, which no resource of ours has; an unreadable If-None-Match is no condition.
                if (request.Headers.IfNoneMatch is { Count: > 0 } known && TryMatch(known, tag, strong: false, out var matches) && matches)
                {
                    httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
                    return Task.CompletedTask;
                }
            }

            return answer.ExecuteAsync(httpContext);
        }
    }
}
