using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Groundwork.Platform.Serving;

/// <summary>
/// Refuses bodies in encodings that endpoints do not read (another charset, compressed) with 415, where the reader itself
/// would fail or take them for broken JSON. Requests without a body, or with the usual header, pass at the cost of one check.
/// </summary>
internal sealed class JsonBodyGuard(RequestDelegate next)
{
    private static readonly ProblemResult NotUtf8 = Problem.UnsupportedMediaType.Result("This endpoint reads JSON in UTF-8, not in another charset.");

    private static readonly ProblemResult Encoded =
        Problem.UnsupportedMediaType.Result("This endpoint does not read compressed bodies; leave Content-Encoding out.");

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        var type = headers.ContentType;
        if (type.Count == 0 || (type.Count == 1 && type[0] == "application/json" && headers.ContentEncoding.Count == 0))
            return next(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is null)
            return next(context);

        if (MediaTypeHeaderValue.TryParse(type.ToString(), out var parsed) && parsed.Charset.HasValue)
        {
            if (!IsUtf8(parsed))
                return NotUtf8.ExecuteAsync(context);

            // The reader takes no quotes around it, and UTF-8 goes without saying.
            headers.ContentType = parsed.MediaType.ToString();
        }

        return headers.ContentEncoding.Count > 0 && !headers.ContentEncoding.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase)
            ? Encoded.ExecuteAsync(context)
            : next(context);
    }

    private static bool IsUtf8(MediaTypeHeaderValue type) =>
        HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}
