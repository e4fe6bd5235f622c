using Groundwork.Platform.Caching;
using Groundwork.Platform.Http;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Limiting;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Groundwork.RateLimits.Benchmarks;
using Groundwork.RateLimits.Drills;
using Groundwork.RateLimits.Envoy;
using Groundwork.RateLimits.Near;
using Groundwork.RateLimits.Policies;
using Groundwork.RateLimits.Requests;
using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.RateLimits;

/// <summary>Rate limits: who may ask how much, the same in every copy.</summary>
public sealed class RateLimitsModule : Module, IRoutedModule
{
    private PolicyBook? _book;
    private LimitCounter? _counter;
    private RateLimitsTelemetry? _telemetry;

    /// <inheritdoc/>
    public override string Name => "RateLimits";

    /// <inheritdoc/>
    public override string Summary => "Who may ask how much, counted once for all copies.";

    /// <inheritdoc/>
    public override ModuleLayer Layer => ModuleLayer.Edge;

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings => RateLimitsOptions.All;

    /// <inheritdoc/>
    public override IReadOnlyList<Scope> Scopes => RateLimitsScopes.All;

    /// <inheritdoc/>
    public override IReadOnlyList<Drill> Drills { get; } = [new LimitsRaceDrill(), new LimitsSkewDrill(), new LimitsStoreDownDrill(), new LimitsHotKeyDrill()];

    /// <inheritdoc/>
    public override IReadOnlyList<Benchmark> Benchmarks { get; } =
        [.. LimiterBenchmark.All, new KeysBenchmark(), .. SharedBenchmark.All, new AddedBenchmark(), new EnvoyBenchmark(), .. ErrorBenchmark.All];

    /// <inheritdoc/>
    public override ModulePage? Page { get; } = new("Rate limits",
    [
        new("See who may ask how much", "curl -s{key} {base}v1/limits"),
        new("Limit by redis-cell's command", "redis-cli -u redis://{cache} cl.throttle user123 15 30 60"),
    ]);

    /// <inheritdoc/>
    public override void Register(IServiceCollection services, SettingValues settings)
    {
        services.AddSingleton(RateLimitsOptions.From(settings));
        services.AddSingleton(provider => new PolicyBook(
            provider.GetRequiredService<RateLimitsOptions>(), provider.GetRequiredService<TimeProvider>(), Random.Shared,
            provider.GetRequiredService<ILogger<PolicyBook>>()));
        services.AddSingleton(provider => new LimitCounter(OpenStore(provider), provider.GetRequiredService<ILogger<LimitCounter>>()));
        services.AddSingleton<PolicyTaker>();
        services.AddSingleton<IRequestLimiter, RequestLimiter>();
        services.AddSingleton<RateLimitsTelemetry>();
        AddEnvoy(services);
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) => RateLimitsEndpoints.Map(routes);

    /// <inheritdoc/>
    public override async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        _book = services.GetRequiredService<PolicyBook>();
        _counter = services.GetRequiredService<LimitCounter>();
        _telemetry = services.GetRequiredService<RateLimitsTelemetry>();
        await _book.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<ModuleHealth> CheckHealthAsync(CancellationToken cancellationToken) => new((_book, _counter) switch
    {
        ({ Problem: { } problem }, _) => new ModuleHealth(
            HealthState.Degraded, $"The file of policies cannot be used: {problem.TrimEnd('.')}. Those before stay in force until it is corrected."),
        (_, { Failure: { } failure }) => new ModuleHealth(HealthState.Degraded, $"Limits cannot be counted: {failure}"),
        _ => ModuleHealth.Healthy,
    });

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_book is not null)
            await _book.DisposeAsync();
        _telemetry?.Dispose();
    }

    // What is at no route is answered as everywhere.
    private static void AddEnvoy(IServiceCollection services)
    {
        services.AddGrpc(grpc =>
        {
            grpc.IgnoreUnknownServices = true;
            grpc.MaxReceiveMessageSize = RequestChecks.MaxMessageBytes;
        });
        services.AddSingleton<IServiceMethodProvider<EnvoyRateLimits>, EnvoyMethods>();
        services.AddSingleton<EnvoyRateLimits>();
    }

    // The process' own memory is as near as can be.
    private static ILimitStore OpenStore(IServiceProvider services)
    {
        var spaces = services.GetRequiredService<CacheSpaces>();
        var store = spaces.OpenLimits(services.GetRequiredService<RateLimitsOptions>().Memory);
        return spaces.AreShared ? new NearLimits(store, services.GetRequiredService<TimeProvider>()) : store;
    }
}
