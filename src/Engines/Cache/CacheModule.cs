using Groundwork.Cache.Benchmarks;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Drills;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Inspection;
using Groundwork.Cache.Serving;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Caching.Inspection;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Listening;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Cache;

/// <summary>The cache: what is asked for often, kept in memory within an exact bound, served in Redis' protocol.</summary>
public sealed class CacheModule : Module
{
    private CacheEngine? _engine;
    private RespServer? _server;
    private CacheUpkeep? _upkeep;
    private CacheTelemetry? _telemetry;
    private ListenFailure? _failure;

    /// <inheritdoc/>
    public override string Name => "Cache";

    /// <inheritdoc/>
    public override string Summary => "A cache in Redis' protocol whose memory is exact.";

    // Modules keep what they read often in its spaces, also where no client does.
    /// <inheritdoc/>
    public override bool IsFoundation => true;

    /// <inheritdoc/>
    public override ModuleLayer Layer => ModuleLayer.Ports;

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings => [.. CacheOptions.All, .. CacheSettings.All];

    /// <inheritdoc/>
    public override IReadOnlyList<Scope> Scopes => CacheScopes.All;

    /// <inheritdoc/>
    public override IReadOnlyList<Benchmark> Benchmarks { get; } =
    [
        .. CommandBenchmark.All, .. MemcachedBenchmark.All, .. LoadLatencyBenchmark.All, new ExpiryBenchmark(),
        new EntryMemoryBenchmark(), new MemoryBoundBenchmark(), new CollectionPauseBenchmark(),
        .. EmbeddedBenchmark.All, .. HitRatioBenchmark.All,
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Drill> Drills { get; } = [new StaleFillDrill(), new ScanDrill()];

    /// <inheritdoc/>
    public override ModulePage? Page { get; } = new("Cache",
    [
        new("Keep something for a minute", "redis-cli -u redis://{cache} set greeting hello ex 60"),
        new("Ask for it", "redis-cli -u redis://{cache} get greeting"),
    ]);

    /// <inheritdoc/>
    public override string? Authority => _server?.Addresses is [var address, ..] ? (_engine!.NeedsPassword ? "default:$CACHE_PASSWORD@" : "") + address : null;

    /// <inheritdoc/>
    public override ModulePulse? Pulse { get; } = new(
        "Commands", "groundwork_cache_commands_total", new PulseShare("Found", "groundwork_cache_lookups_total", "result", "hit"));

    /// <inheritdoc/>
    public override IEnumerable<SettingError> Validate(SettingValues settings) => CacheOptions.Validate(settings);

    /// <inheritdoc/>
    public override void Register(IServiceCollection services, SettingValues settings)
    {
        services.AddSingleton(provider => new CacheEngine(
            CacheOptions.Keyspace(settings), provider.GetRequiredService<TimeProvider>(), Random.Shared)
        {
            Password = settings.Get(CacheOptions.Password),
            Debug = settings.Get(CacheOptions.Debug),
        });
        services.AddSingleton<ICacheServer>(provider => new EmbeddedServer(provider.GetRequiredService<CacheEngine>()));
        services.AddSingleton<ICacheInspector>(provider => new CacheInspector(provider.GetRequiredService<CacheEngine>()));
        services.AddSingleton(provider =>
        {
            var engine = provider.GetRequiredService<CacheEngine>();
            var log = provider.GetRequiredService<ILogger<CacheModule>>();
            return new RespServer(
                CacheOptions.Server(settings, failure => CacheLog.CommandFailed(log, failure)),
                connection => new Session(engine, connection), engine.Time);
        });
    }

    /// <inheritdoc/>
    public override Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var settings = services.GetRequiredService<SettingValues>();
        var log = services.GetRequiredService<ILogger<CacheModule>>();
        _engine = services.GetRequiredService<CacheEngine>();
        _upkeep = new CacheUpkeep(_engine, _engine.Time);
        _server = settings.Get(CacheOptions.Listen) is null ? null : services.GetRequiredService<RespServer>();
        _telemetry = new CacheTelemetry(_engine, _server);
        if (_server is null)
            return Task.CompletedTask;
        _engine.Server = _server;
        _failure = _server.Start();
        if (_failure is null)
            CacheLog.Listens(log, string.Join(", ", _server.Addresses));
        else if (settings.IsSet(CacheOptions.Listen))
            throw new StartRefusedException($"The cache cannot listen: {_failure.Message} Set {CacheOptions.Listen.Name} to another address, or end the other program.");
        else
            CacheLog.DoesNotListen(log, _failure.Message);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask<ModuleHealth> CheckHealthAsync(CancellationToken cancellationToken) => new(_failure is null
        ? ModuleHealth.Healthy
        : new ModuleHealth(HealthState.Degraded, $"Clients cannot reach the cache: {_failure.Message} Set {CacheOptions.Listen.Name} to another address."));

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
            await _server.StopAsync(cancellationToken);
        if (_upkeep is not null)
            await _upkeep.DisposeAsync();
        _telemetry?.Dispose();
    }
}
