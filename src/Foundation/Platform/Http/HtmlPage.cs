using System.Net;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Http;

/// <summary>
/// A small page made on the server: no script, nothing loaded from anywhere, light or dark as the system is, readable on a
/// narrow screen.
/// </summary>
public static class HtmlPage
{
    private const string Policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private const string Style = """
        :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 7%, transparent) }
        body { font: 1rem/1.55 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 4rem }
        h1 { font-size: 1.5rem; margin: 0 0 .25rem } h2 { font-size: 1.05rem; margin: 0 }
        nav a { margin-right: 1.25rem } section { border-top: 1px solid var(--line); padding: 1rem 0 } p { margin: .35rem 0 }
        pre { background: var(--soft); padding: .6rem .75rem; border-radius: .4rem; white-space: pre-wrap; overflow-wrap: anywhere; margin: .35rem 0 .75rem }
        code { font: .9em ui-monospace, monospace } table { border-collapse: collapse; width: 100% }
        td, th { text-align: left; padding: .35rem .75rem .35rem 0; border-top: 1px solid var(--line); vertical-align: top }
        .notice { max-width: 34rem; margin: clamp(1rem, 14vh, 9rem) auto 0 } .notice h1 { font-size: 1.75rem; line-height: 1.25; margin-bottom: .75rem } .notice p { margin: .75rem 0 }
        .status { font-size: .85rem; border-top: 1px solid var(--line); padding-top: .75rem; color: color-mix(in srgb, currentColor 75%, transparent) }
        .state { font-size: .85rem; font-weight: 600; border: 1px solid var(--line); border-radius: 1rem; padding: .05rem .6rem; margin-left: .5rem }
        .healthy::before { content: "● "; color: #1a9a4b } .degraded::before { content: "▲ "; color: #c98500 } .unhealthy::before { content: "■ "; color: #d33 }
        """;

    /// <summary>The answer.</summary>
    /// <param name="title">Plain text.</param>
    /// <param name="body">
    /// HTML; whatever is put into it goes through <see cref="Text"/>. What is only a few sentences long stands in an element of
    /// class <c>notice</c>.
    /// </param>
    /// <param name="status">The HTTP status.</param>
    public static IResult Of(string title, string body, int status = StatusCodes.Status200OK) => new PageResult(status, $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Text(title)}</title><link rel="icon" href="/favicon.ico"><style>{Style}</style></head>
        <body>
        <main>
        {body}
        </main>
        </body>
        </html>
        """);

    /// <summary>
    /// Whether whoever asks would rather see a page than read JSON: a browser that somebody looks at. Who takes anything, as
    /// programs do, wouldn't.
    /// </summary>
    public static bool IsPreferred(HttpRequest request)
    {
        var (page, json) = (0.0, 0.0);
        foreach (var accepted in request.GetTypedHeaders().Accept)
        {
            var quality = accepted.Quality ?? 1;
            if (accepted.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase))
                page = quality;
            else if (accepted.MediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase))
                json = Math.Max(json, quality);
        }

        return page > json;
    }

    /// <summary>Whether an address is one that people visit, and whoever asks would rather see a page: not the API's, where who tries it
    /// with a browser wants to see what a program would.</summary>
    public static bool IsForPeople(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        foreach (var api in (ReadOnlySpan<string>)["/v1", "/openapi", "/metrics", "/health"])
        {
            if (request.Path.StartsWithSegments(api, StringComparison.OrdinalIgnoreCase))
                return false;
        }

        return IsPreferred(request);
    }

    /// <summary>Plain text as HTML.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    private sealed class PageResult(int status, string html) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-cache";
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "text/html; charset=utf-8";
            return httpContext.Response.WriteAsync(html, httpContext.RequestAborted);
        }
    }
}
