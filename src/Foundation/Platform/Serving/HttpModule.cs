using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Serving;

/// <summary>HTTP for every module: the listener, the pipeline in front of their routes, and the house's conventions.</summary>
public sealed class HttpModule : Module
{
    /// <inheritdoc/>
    public override string Name => "Http";

    /// <inheritdoc/>
    public override string Summary => "One listener and one pipeline for every module's routes.";

    /// <inheritdoc/>
    public override bool IsFoundation => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings => HttpOptions.All;

    /// <inheritdoc/>
    public override IEnumerable<SettingError> Validate(SettingValues settings) => HttpOptions.Validate(settings);

    /// <inheritdoc/>
    public override void Register(IServiceCollection services, SettingValues settings)
    {
        services.AddRoutingCore();

        // It looks, at every request, for attributes of middlewares that the house does not have; access is checked at the start.
        services.Configure<RouteOptions>(routes => routes.SuppressCheckForUnhandledSecurityMetadata = true);
        services.ConfigureHttpJsonOptions(json => HttpJson.Apply(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddOpenApi(ApiDocument.Name, ApiConventions.Apply);
        services.AddSingleton<ApiDocument>();
        services.AddSingleton<HealthReports>();
        services.AddSingleton<HttpTelemetry>();
        services.AddSingleton<InProcessRequests>();
    }
}
