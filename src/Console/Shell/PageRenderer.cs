using System.IO.Compression;
using System.Text;
using Groundwork.Console.Assets;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Groundwork.Console.Shell;

/// <summary>
/// Renders a page into the shell and sends it whole: the page first, so that it can name its title and status, then the shell
/// around it.
/// </summary>
/// <remarks>
/// <para>The framework's own endpoints for components are not used: they find pages by scanning, want their assets in a folder
/// beside the program, and send a page's beginning before its end is known, so that an error in it could not be told.</para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
internal sealed class PageRenderer(ILoggerFactory loggers)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        + "base-uri 'self'; frame-ancestors 'none'";

    private const int LeastToCompress = 1 << 10;

    private readonly ILogger _logger = loggers.CreateLogger<PageRenderer>();

    /// <summary>Sends a page.</summary>
    /// <param name="http">The request.</param>
    /// <param name="page">The page's component.</param>
    /// <param name="title">Its title, unless it makes it more exact.</param>
    /// <param name="parameters">The component's.</param>
    /// <param name="status">Its status, unless it says otherwise.</param>
    public async Task ShowAsync(
        HttpContext http, Type page, string title, IReadOnlyDictionary<string, object?>? parameters = null, int status = StatusCodes.Status200OK)
    {
        var viewer = new Viewer(http, title) { Status = status };
        await using var renderer = new HtmlRenderer(http.RequestServices, loggers);
        string body;
        try
        {
            body = await RenderAsync(renderer, viewer, page, parameters);
        }
        catch (ProblemException e)
        {
            body = await ProblemAsync(renderer, viewer, e.Result);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            PageLog.Failed(_logger, viewer.Path, ProblemResult.TraceId(http), e);
            body = await ProblemAsync(renderer, viewer, Problem.InternalError.Result("The page could not be made; the log says why."));
        }

        var html = await RenderAsync(renderer, viewer, typeof(Shell), new Dictionary<string, object?> { ["Body"] = body });
        await SendAsync(http, viewer.Status, "<!doctype html>\n" + html);
    }

    private static Task<string> ProblemAsync(HtmlRenderer renderer, Viewer viewer, ProblemResult problem)
    {
        viewer.Title = problem.Kind.Title;
        viewer.Status = problem.Kind.Status;
        return RenderAsync(renderer, viewer, typeof(ProblemPage), new Dictionary<string, object?> { ["Problem"] = problem });
    }

    private static Task<string> RenderAsync(HtmlRenderer renderer, Viewer viewer, Type component, IReadOnlyDictionary<string, object?>? parameters) =>
        renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync<Cascade>(ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(Cascade.Viewer)] = viewer,
                [nameof(Cascade.Component)] = component,
                [nameof(Cascade.Parameters)] = parameters?.ToDictionary(p => p.Key, p => p.Value!) ?? [],
            }));
            return root.ToHtmlString();
        });

    private static async Task SendAsync(HttpContext http, int status, string html)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        headers.Vary = "Accept-Encoding";
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";

        // The framework's script asks so, and takes a page that doesn't answer so for another site's.
        if (http.Request.Headers[HeaderNames.Accept].ToString().Contains("blazor-enhanced-nav=on", StringComparison.Ordinal))
            headers["blazor-enhanced-nav"] = "allow";

        var bytes = Encoding.UTF8.GetBytes(html);
        if (bytes.Length >= LeastToCompress && ConsoleAssets.Accepts(http.Request, "br"))
        {
            headers.ContentEncoding = "br";
            bytes = Compress(bytes, s => new BrotliStream(s, CompressionLevel.Fastest));
        }
        else if (bytes.Length >= LeastToCompress && ConsoleAssets.Accepts(http.Request, "gzip"))
        {
            headers.ContentEncoding = "gzip";
            bytes = Compress(bytes, s => new GZipStream(s, CompressionLevel.Fastest));
        }

        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> over)
    {
        var target = new MemoryStream(bytes.Length / 3);
        using (var stream = over(target))
            stream.Write(bytes);
        return target.ToArray();
    }
}

internal static partial class PageLog
{
    [LoggerMessage(1, LogLevel.Error, "The page {Path} could not be made, trace id {TraceId}.")]
    public static partial void Failed(ILogger logger, string path, string traceId, Exception exception);
}
