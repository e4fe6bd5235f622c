using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Platform.Telemetry.Recent;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Telemetry;

/// <summary>
/// How the program is seen from outside: logs on standard error, metrics at <c>/metrics</c>, traces where they are asked for.
/// First in the list of modules, so that it is there before anything can go wrong and goes last.
/// </summary>
public sealed class TelemetryModule : Module, IRoutedModule
{
    private readonly Func<LogOutput> _output;
    private RecentSampler? _sampler;

    /// <summary>Logs to standard error.</summary>
    public TelemetryModule()
        : this(LogOutput.StandardError)
    {
    }

    internal TelemetryModule(Func<LogOutput> output) => _output = output;

    /// <inheritdoc/>
    public override string Name => "Telemetry";

    /// <inheritdoc/>
    public override string Summary => "Logs, metrics and traces.";

    /// <inheritdoc/>
    public override bool IsFoundation => true;

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings => TelemetryOptions.All;

    /// <inheritdoc/>
    public override IReadOnlyList<Scope> Scopes { get; } = [TelemetryScopes.Read];

    /// <inheritdoc/>
    public override void Register(IServiceCollection services, SettingValues settings)
    {
        services.AddSingleton(provider => new LogQueue(_output(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new RecentLogs(settings.Get(TelemetryOptions.RecentLogs), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ILoggerProvider, LogProvider>();
        services.AddLogging(logging => LogLevels.Apply(logging, settings));
        services.AddExporters(settings);

        // Where a request is traced, the server itself says what for: method, route, status. Read when the server is built.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        services.AddSingleton<Onlookers>();
        services.AddSingleton(provider => new RecentMetrics(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new GoldenSignals(provider.GetRequiredService<RecentMetrics>()));
        services.AddSingleton(provider => new RecentTraces(
            (int)settings.Get(TelemetryOptions.RecentTraces), provider.GetRequiredService<Onlookers>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RecentSampler>();
    }

    /// <inheritdoc/>
    public override Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        _sampler = services.GetRequiredService<RecentSampler>();
        _sampler.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_sampler is not null)
            await _sampler.DisposeAsync();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) => routes.MapPrometheusScrapingEndpoint("/metrics")
        .WithMetadata(new HttpMethodMetadata(["GET"]))
        .WithTags("Telemetry")
        .RequireScope(TelemetryScopes.Read);
}
