using Groundwork.Platform.Data;
using Groundwork.Platform.Http;
using Groundwork.Platform.Messaging.Api;
using Groundwork.Platform.Messaging.Drills;
using Groundwork.Platform.Messaging.Readers;
using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Messaging;

/// <summary>
/// The Broker port of the running program, as the service <see cref="IBroker"/>: this program's own log, or the engine that serves <c>Broker:Connection</c>.
/// What the program's own log holds is served by HTTP, and to the command line.
/// </summary>
/// <remarks>The service can be asked for once the modules before this one have started. A broker that is down is no reason not to start: calls fail until it is there.</remarks>
public sealed class MessagingModule(params IBrokerEngine[] engines) : Module, IRoutedModule, IControlledModule
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(10);

    private ISharedBroker? _shared;
    private RecordReaders? _readers;
    private PeriodicSweep? _sweep;

    /// <inheritdoc/>
    public override string Name => "Messaging";

    /// <inheritdoc/>
    public override string Summary => "What modules tell one another: in this program's log, or at a Kafka.";

    /// <inheritdoc/>
    public override bool IsFoundation => true;

    /// <inheritdoc/>
    public override ModuleLayer Layer => ModuleLayer.Ports;

    /// <inheritdoc/>
    public override DatabaseSchema? Schema => MessagingRequests.Schema;

    /// <inheritdoc/>
    public override IReadOnlyList<Drill> Drills { get; } = [new OutboxDrill(engines)];

    /// <inheritdoc/>
    public IReadOnlyList<Problem> Problems => BrokerProblems.All;

    /// <inheritdoc/>
    public override IEnumerable<SettingError> Validate(SettingValues settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Get(BrokerSettings.Connection) is { Length: > 0 } connection && Engine(connection) is null)
        {
            yield return new SettingError(
                BrokerSettings.Connection.Name,
                engines.Select(engine => engine.Fault(connection)).FirstOrDefault() ?? "is no address of a broker that can be reached from here",
                "Write host:port,… and, where it is to be entered, ;security=…;user=…;password=…, or leave it empty for this program's own log.");
        }
    }

    /// <inheritdoc/>
    public override void Register(IServiceCollection services, SettingValues settings)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(settings);
        services.AddSingleton(provider => Choose(provider, settings));
        services.AddSingleton<MessagingRequests>();
        services.AddSingleton<MessagingTelemetry>();
        services.AddSingleton(provider => _readers = new RecordReaders(
            provider.GetRequiredKeyedService<IBroker>(BrokerSettings.Embedded), provider.GetRequiredService<TimeProvider>()));
    }

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes)
    {
        if (HasInspector(routes))
            BrokerEndpoints.Map(routes);
    }

    /// <inheritdoc/>
    public void MapControl(IEndpointRouteBuilder routes)
    {
        if (HasInspector(routes))
            BrokerEndpoints.MapControl(routes);
    }

    /// <inheritdoc/>
    public override Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        // Only what is at another place has to be got hold of: it connects from now on.
        if (services.GetRequiredService<SettingValues>().Get(BrokerSettings.Connection).Length > 0)
            services.GetRequiredService<IBroker>();
        _sweep = new PeriodicSweep(
            SweepInterval, services.GetRequiredService<MessagingRequests>().Store.SweepAsync, services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<PeriodicSweep>>());
        return Task.CompletedTask;
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
        catch (BrokerException e)
        {
            // What is told waits with its teller, and the rest goes on.
            return new ModuleHealth(HealthState.Degraded, e.Message);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_readers is not null)
            await _readers.DisposeAsync();
        if (_sweep is not null)
            await _sweep.DisposeAsync();
        if (_shared is not null)
            await _shared.DisposeAsync();
    }

    // The Broker module may be left out, and a stand-in for the engine may have nothing to look into.
    private static bool HasInspector(IEndpointRouteBuilder routes) =>
        routes.ServiceProvider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IBrokerInspector));

    private IBroker Choose(IServiceProvider provider, SettingValues settings)
    {
        if (settings.Get(BrokerSettings.Connection) is not { Length: > 0 } connection)
        {
            return provider.GetKeyedService<IBroker>(BrokerSettings.Embedded) ?? throw new InvalidOperationException(
                $"The Broker module is left out by Modules, and {BrokerSettings.Connection.Name} names no other broker: a module asked for one.");
        }

        var context = new BrokerContext(settings, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>());
        return _shared = Engine(connection)!.Create(context);
    }

    private IBrokerEngine? Engine(string connection) => engines.FirstOrDefault(engine => engine.Fault(connection) is null);
}
