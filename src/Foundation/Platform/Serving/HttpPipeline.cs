using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Serving;

/// <summary>
/// What a request passes through, in order, on its way to a module's route.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>it is counted among those under way;</item>
/// <item>whatever goes wrong further in becomes a problem;</item>
/// <item>the control socket's requests are served by its own routes, which no other connection reaches;</item>
/// <item>while the instance stops, new requests are turned away;</item>
/// <item>hosts and origins are checked;</item>
/// <item>routing finds the endpoint, and sets its body limit;</item>
/// <item>the endpoint's access is checked, and the principal found;</item>
/// <item>the limiter is asked, where there is one;</item>
/// <item>bodies in encodings that nobody reads are refused;</item>
/// <item>the endpoint runs.</item>
/// </list>
/// </remarks>
internal static class HttpPipeline
{
    public static void Map(WebApplication app, IReadOnlyList<Module> modules)
    {
        // 1
        app.UseMiddleware<ActiveRequests>();

        // What the program asks of itself enters here: it is no load on the server.
        app.Services.GetRequiredService<InProcessRequests>().Enter(app);

        // 2
        app.UseMiddleware<FailureMiddleware>(app.Services.GetRequiredService<IInstanceStatus>());

        // 3
        app.UseWhen(
            ControlConnection.Brought,
            control => control.UseRouting().UseEndpoints(endpoints =>
            {
                var routes = endpoints.MapGroup("").WithMetadata(ControlOnly.Instance);
                ((IEndpointConventionBuilder)routes).Finally(OptionalParameters.Check);
                foreach (var module in modules.OfType<IControlledModule>())
                    module.MapControl(routes);
            }));

        // 4
        app.UseMiddleware<StoppingGate>(app.Services.GetRequiredService<IInstanceStatus>());

        // 5
        app.UseMiddleware<RequestGuard>();

        // 6
        app.UseRouting();

        // 7
        app.UseMiddleware<AccessMiddleware>();

        // 8
        if (app.Services.GetService<IRequestLimiter>() is { } limiter)
            app.UseMiddleware<LimiterMiddleware>(limiter);

        // 9
        app.UseMiddleware<JsonBodyGuard>();

        // 10
        app.UseEndpoints(_ => { });
        MapRoutes(app, [.. modules.OfType<IRoutedModule>()]);
    }

    private static void MapRoutes(WebApplication app, IReadOnlyList<IRoutedModule> modules)
    {
        var routes = app.MapGroup("");
        ((IEndpointConventionBuilder)routes).Finally(AnswerHeadLikeGet);
        ((IEndpointConventionBuilder)routes).Finally(OptionalParameters.Check);
        BrowserFiles.Map(routes, modules.OfType<IFrontPage>().FirstOrDefault());
        HealthEndpoints.Map(routes);
        ProblemPages.Map(routes, modules);
        ApiDocument.Map(routes);
        foreach (var module in modules)
            module.Map(routes.MapGroup("").WithTags(((Module)module).Name));
    }

    // RFC 9110, 9.1: whatever answers GET answers HEAD; the server leaves the body out.
    private static void AnswerHeadLikeGet(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] } get)
        {
            endpoint.Metadata.Remove(get);
            endpoint.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
        }
    }
}
