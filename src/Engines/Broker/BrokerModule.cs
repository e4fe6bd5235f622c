using Groundwork.Broker.Benchmarks;
using Groundwork.Broker.Drills;
using Groundwork.Broker.Embedded;
using Groundwork.Broker.Inspection;
using Groundwork.Broker.Node;
using Groundwork.Broker.Node.Loads;
using Groundwork.Broker.Serving;
using Groundwork.Broker.Storage;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Files;
using Groundwork.Ports.Listening;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Broker;

/// <summary>The broker: a durable log in partitions, served in Kafka's protocol.</summary>
public sealed class BrokerModule : Module
{
    // Of the data folder.
    private const string Folder = "broker";

    private BrokerNode? _node;
    private EmbeddedBroker? _embedded;
    private KafkaServer? _server;
    private LoadSampler? _loads;
    private BrokerTelemetry? _telemetry;
    private ListenFailure? _failure;

    /// <inheritdoc/>
    public override string Name => "Broker";

    /// <inheritdoc/>
    public override string Summary => "A durable log that any Kafka client can use.";

    /// <inheritdoc/>
    public override ModuleLayer Layer => ModuleLayer.Ports;

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings => [.. BrokerOptions.All, .. BrokerSettings.All];

    /// <inheritdoc/>
    public override IReadOnlyList<Scope> Scopes => BrokerScopes.All;

    /// <inheritdoc/>
    public override IReadOnlyList<Benchmark> Benchmarks { get; } = BrokerBenchmarks.All;

    /// <inheritdoc/>
    public override IReadOnlyList<Drill> Drills { get; } = [new PowerLossDrill(), new TornTailDrill(), new BitRotDrill(), new DiskFullDrill(), new ZombieProducerDrill(), new SlowConsumerDrill(), new RebalanceStormDrill()];

    /// <inheritdoc/>
    public override ModulePage? Page { get; } = new("Broker",
    [
        new("Write a record", "echo hello | kcat -b {broker} -P -t greetings"),
        new("Read what was written", "kcat -b {broker} -C -t greetings -e"),
    ]);

    /// <inheritdoc/>
    public override string? Authority => _server?.Address?.ToString();

    /// <inheritdoc/>
    public override ModulePulse? Pulse { get; } = new("Requests", "groundwork_broker_requests_total");

    /// <inheritdoc/>
    public override IEnumerable<SettingError> Validate(SettingValues settings) => BrokerOptions.Validate(settings);

    // It is there once the node is: modules that come later ask for it when they start, or afterwards.
    /// <inheritdoc/>
    public override void Register(IServiceCollection services, SettingValues settings)
    {
        services.AddKeyedSingleton<IBroker>(BrokerSettings.Embedded, (_, _) => _embedded ?? throw NotStarted());
        services.AddSingleton<IBrokerInspector>(_ => new BrokerInspector(_node ?? throw NotStarted(), _embedded ?? throw NotStarted(), _server));
    }

    /// <inheritdoc/>
    public override async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var settings = services.GetRequiredService<SettingValues>();
        var log = services.GetRequiredService<ILogger<BrokerModule>>();
        try
        {
            _node = await BrokerNode.OpenAsync(
                new SystemDisk(Path.Combine(services.GetRequiredService<InstancePaths>().Data, Folder)),
                BrokerOptions.Node(settings, (place, reason) => BrokerLog.LogReported(log, place.Name, reason)),
                services.GetRequiredService<TimeProvider>(), cancellationToken);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The broker's log cannot be opened: {e.Message}");
        }

        _embedded = new EmbeddedBroker(_node);
        if (settings.Get(BrokerOptions.Listen) is { } listen)
        {
            _server = new KafkaServer(_node, BrokerOptions.Server(settings, listen) with
            {
                OnClosed = (client, reason) => BrokerLog.ClosedConnection(log, client, reason),
                OnFailure = failure => BrokerLog.RequestFailed(log, failure),
            });
            _failure = _server.Start();
            if (_failure is null)
                BrokerLog.Listens(log, _server.Address);
            else if (settings.IsSet(BrokerOptions.Listen))
                throw new StartRefusedException($"The broker cannot listen: {_failure.Message} Set {BrokerOptions.Listen.Name} to another address, or end the other program.");
            else
                BrokerLog.DoesNotListen(log, _failure.Message);
        }

        _node.Loads.OnHot = (topic, partition, heat) => BrokerLog.PartitionIsHot(log, topic, partition, heat);
        _loads = new LoadSampler(_node.Loads, services.GetRequiredService<TimeProvider>());
        _telemetry = new BrokerTelemetry(_node, _server);
    }

    /// <inheritdoc/>
    public override ValueTask<ModuleHealth> CheckHealthAsync(CancellationToken cancellationToken)
    {
        if (_node?.Logs.Committer.Failure is { } failure)
            return new(new ModuleHealth(HealthState.Unhealthy, $"Nothing more is written to the log: {failure.Message} See to the disk, and start again."));
        if (_node?.Logs.Logs.FirstOrDefault(log => log.Stopped is not null) is { } stopped)
            return new(new ModuleHealth(HealthState.Degraded, $"Nothing more is written to {stopped.Place.Name}: {stopped.Stopped!.Message}"));
        return new(_failure is null
            ? ModuleHealth.Healthy
            : new ModuleHealth(HealthState.Degraded, $"Clients cannot reach the broker: {_failure.Message} Set {BrokerOptions.Listen.Name} to another address."));
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_loads is not null)
            await _loads.DisposeAsync();
        if (_embedded is not null)
            await _embedded.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        if (_node is not null)
            await _node.DisposeAsync();
        _telemetry?.Dispose();
    }

    private static InvalidOperationException NotStarted() => new("The broker has not started yet, or has not at all.");
}
