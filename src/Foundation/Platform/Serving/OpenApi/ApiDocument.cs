using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Groundwork.Platform.Serving;

/// <summary>
/// The API's description at <c>/openapi/v1.json</c>, and the page at <c>/docs</c> to try it. Both are made when first asked
/// for, never at the start; the description is then kept.
/// </summary>
internal sealed class ApiDocument([FromKeyedServices(ApiDocument.Name)] IOpenApiDocumentProvider provider) : IDisposable
{
    public const string Name = "v1";

    // All that the page loads is served from here; the policy makes sure of it.
    private const string PagePolicy =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        + "font-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    private readonly SemaphoreSlim _making = new(1);
    private Description? _made;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/openapi/v1.json", async (ApiDocument document, CancellationToken cancellationToken) =>
                await document.AnswerAsync(cancellationToken))
            .Public("The description of the API; it holds no data.")
            .ExcludeFromDescription();

        var docs = routes.MapGroup("").Public("A page that shows the description of the API.").ExcludeFromDescription();
        docs.AddEndpointFilter(async (invocation, next) =>
        {
            invocation.HttpContext.Response.Headers.ContentSecurityPolicy = PagePolicy;
            invocation.HttpContext.Response.Headers.XContentTypeOptions = "nosniff";
            return await next(invocation);
        });
        docs.MapScalarApiReference("/docs", page =>
        {
            page.Title = "Groundwork API";
            page.OpenApiRoutePattern = "/openapi/{documentName}.json";
            page.DefaultFonts = false;
            page.Favicon = "/favicon.ico";
            page.Telemetry = false;
            page.DisableAgent();
            page.DisableMcp();
            page.HideClientButton = true;
            page.ShowDeveloperTools = DeveloperToolsVisibility.Never;
        });
    }

    public void Dispose() => _making.Dispose();

    private async Task<IResult> AnswerAsync(CancellationToken cancellationToken)
    {
        var description = _made ?? await MakeAsync(cancellationToken);
        return description.Tag.On(Results.Bytes(description.Json, "application/json"));
    }

    private async Task<Description> MakeAsync(CancellationToken cancellationToken)
    {
        await _making.WaitAsync(cancellationToken);
        try
        {
            if (_made is null)
            {
                var document = await provider.GetOpenApiDocumentAsync(cancellationToken);
                var json = System.Text.Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken));
                _made = new Description(json, EntityTag.OfContent(json));
            }

            return _made;
        }
        finally
        {
            _making.Release();
        }
    }

    private sealed record Description(byte[] Json, EntityTag Tag);
}
