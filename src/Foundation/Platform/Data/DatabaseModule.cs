using Groundwork.Platform.Data.Backup;
using Groundwork.Platform.Data.Drills;
using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Files;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Data;

/// <summary>
/// The Database port of the running program: picks the engine that serves <c>Database:Connection</c>, the first of them
/// being the embedded one.
/// </summary>
public sealed class DatabaseModule(params IDatabaseEngine[] engines) : Module
{
    private IDatabaseServer? _server;

    /// <inheritdoc/>
    public override string Name => "Database";

    /// <inheritdoc/>
    public override string Summary => "Every module's tables: SQLite embedded, or PostgreSQL by its address.";

    /// <inheritdoc/>
    public override bool IsFoundation => true;

    /// <inheritdoc/>
    public override ModuleLayer Layer => ModuleLayer.Ports;

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings =>
    [
        DatabaseSettings.Connection, DatabaseSettings.QueueLength, DatabaseSettings.BatchSize, .. engines.SelectMany(e => e.Settings),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<Drill> Drills => [new DatabaseCrashDrill()];

    /// <inheritdoc/>
    public override IReadOnlyList<Benchmark> Benchmarks => [.. engines.SelectMany(e => e.Benchmarks)];

    /// <summary>The engine that these settings choose.</summary>
    public IDatabaseEngine EngineOf(SettingValues settings) => engines.First(e => e.Serves(settings.Get(DatabaseSettings.Connection)));

    /// <inheritdoc/>
    public override void Register(IServiceCollection services, SettingValues settings)
    {
        var engine = EngineOf(settings);
        services.AddSingleton(provider => engine.Create(new DatabaseServerContext(
            provider.GetRequiredService<InstancePaths>().Data,
            settings,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>())));
        services.AddSingleton<OpenDatabases>();
        services.AddSingleton<BackupWriter>();
        foreach (var local in engines.Select(e => e.LocalServers).OfType<ILocalDatabaseServers>())
            services.AddSingleton(local);
    }

    /// <inheritdoc/>
    public override Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        BackupRestorer.RequireWhole(services.GetRequiredService<InstancePaths>().Data);
        _server = services.GetRequiredService<IDatabaseServer>();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <inheritdoc/>
    public override async ValueTask<ModuleHealth> CheckHealthAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _server!.CheckAsync(cancellationToken);
            return ModuleHealth.Healthy;
        }
        catch (DatabaseException e)
        {
            // Reads go on where the disk is full, so requests should still come here.
            return new ModuleHealth(e.Failure == DatabaseFailure.DiskFull ? HealthState.Degraded : HealthState.Unhealthy, e.Message);
        }
    }
}
