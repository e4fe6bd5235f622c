using Groundwork.Platform.Caching.Api;
using Groundwork.Platform.Caching.Drills;
using Groundwork.Platform.Http;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Caching.Inspection;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Caching;

/// <summary>
/// The Cache port of the running program: the process' own memory, or the engine that serves <c>Cache:Connection</c>, with a near cache
/// before it. What the process' own memory holds is served by HTTP.
/// </summary>
public sealed class CachingModule(params ISharedCacheEngine[] engines) : Module, IRoutedModule
{
    // How long a start waits for a shared cache. Who is there answers in a hundredth of that.
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(1);

    private ISharedCacheServer? _shared;

    /// <inheritdoc/>
    public override string Name => "Caching";

    /// <inheritdoc/>
    public override string Summary => "What modules keep of their stores: in memory, or in a cache that copies share.";

    /// <inheritdoc/>
    public override bool IsFoundation => true;

    /// <inheritdoc/>
    public override ModuleLayer Layer => ModuleLayer.Ports;

    /// <inheritdoc/>
    public override IReadOnlyList<Drill> Drills { get; } = [new CacheStampedeDrill(), new CacheHotKeyDrill(), new CacheColdDrill(), new CacheDownDrill(), new CacheKillDrill()];

    /// <inheritdoc/>
    public override IEnumerable<SettingError> Validate(SettingValues settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Get(CacheSettings.Connection).Length > 0 && EngineOf(settings) is null)
        {
            yield return new SettingError(
                CacheSettings.Connection.Name, "is no address of a cache that can be reached from here",
                $"These can: {string.Join(", ", engines.Select(e => e.Name).DefaultIfEmpty("none"))}. Leave it empty to keep values in memory.");
        }
    }

    /// <inheritdoc/>
    public override void Register(IServiceCollection services, SettingValues settings)
    {
        // For drills, which share caches of their own.
        foreach (var engine in engines)
            services.AddSingleton(engine);
        services.AddSingleton(provider =>
        {
            var time = provider.GetRequiredService<TimeProvider>();
            _shared = EngineOf(settings)?.Create(new CacheServerContext(settings, time, provider.GetRequiredService<ILoggerFactory>()));
            return new CacheSpaces(provider.GetRequiredService<ICacheServer>(), _shared, time);
        });
        services.AddDotNetCaches();
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);

        // A stand-in for the engine may have nothing to look into.
        if (routes.ServiceProvider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(ICacheInspector)))
            CacheEndpoints.Map(routes);
    }

    /// <inheritdoc/>
    public override async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        services.GetRequiredService<CacheSpaces>();
        if (_shared is null)
            return;

        // Otherwise connecting would count against the first calls, which would fail though the server is there.
        using var patience = new CancellationTokenSource(ConnectPatience, services.GetRequiredService<TimeProvider>());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _shared.ConnectAsync(either.Token);
        }
        catch (Exception e) when (e is CacheException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // All starts without it, and it is tried on; the server itself has reported it.
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<ModuleHealth> CheckHealthAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_shared is not null)
                await _shared.CheckAsync(cancellationToken);
            return ModuleHealth.Healthy;
        }
        catch (CacheException e)
        {
            // All goes on without it, from the stores.
            return new ModuleHealth(HealthState.Degraded, e.Message);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_shared is not null)
            await _shared.DisposeAsync();
    }

    private ISharedCacheEngine? EngineOf(SettingValues settings) => settings.Get(CacheSettings.Connection) is { Length: > 0 } connection
        ? engines.FirstOrDefault(engine => engine.Serves(connection))
        : null;
}
