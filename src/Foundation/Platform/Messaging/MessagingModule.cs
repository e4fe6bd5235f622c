using Groundwork.Ports.Messaging;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Messaging;

/// <summary>
/// The Broker port of the running program, as the service <see cref="IBroker"/>: this program's own log, or the engine that serves <c>Broker:Connection</c>.
/// </summary>
/// <remarks>The service can be asked for once the modules before this one have started. A broker that is down is no reason not to start: calls fail until it is there.</remarks>
public sealed class MessagingModule(params IBrokerEngine[] engines) : Module
{
    private ISharedBroker? _shared;

    /// <inheritdoc/>
    public override string Name => "Messaging";

    /// <inheritdoc/>
    public override string Summary => "What modules tell one another: in this program's log, or at a Kafka.";

    /// <inheritdoc/>
    public override bool IsFoundation => true;

    /// <inheritdoc/>
    public override ModuleLayer Layer => ModuleLayer.Ports;

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
        services.AddSingleton<MessagingTelemetry>();
    }

    /// <inheritdoc/>
    public override Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        // Only what is at another place has to be got hold of: it connects from now on.
        if (services.GetRequiredService<SettingValues>().Get(BrokerSettings.Connection).Length > 0)
            services.GetRequiredService<IBroker>();
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
        if (_shared is not null)
            await _shared.DisposeAsync();
    }

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
