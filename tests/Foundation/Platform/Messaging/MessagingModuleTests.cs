using System.Data.Common;
using System.Runtime.CompilerServices;
using Groundwork.Platform.Messaging;
using Groundwork.Ports.Database;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Tests.Messaging;

public sealed class MessagingModuleTests : IAsyncDisposable
{
    private readonly StandIn _own = new();
    private readonly StandIn _elsewhere = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _own.DisposeAsync();
        await _elsewhere.DisposeAsync();
    }

    [Fact]
    public async Task Modules_get_the_programs_own_log_where_no_other_is_named()
    {
        var (module, services) = Make("");
        await module.StartAsync(services, Token);

        Assert.Same(_own, services.GetRequiredService<IBroker>());
        Assert.Equal(HealthState.Healthy, (await module.CheckHealthAsync(Token)).State);
        await module.StopAsync(Token);
        Assert.False(_own.IsDisposed);
    }

    [Fact]
    public async Task Modules_get_the_broker_that_is_named()
    {
        var (module, services) = Make("kafka:9092");
        await module.StartAsync(services, Token);

        Assert.Same(_elsewhere, services.GetRequiredService<IBroker>());
        await module.StopAsync(Token);
        Assert.True(_elsewhere.IsDisposed);
    }

    [Fact]
    public async Task A_broker_that_is_down_is_told_by_health_and_stops_no_start()
    {
        _elsewhere.Failure = new BrokerException(BrokerFault.Unavailable, "It cannot be reached.");
        var (module, services) = Make("kafka:9092");

        await module.StartAsync(services, Token);

        var health = await module.CheckHealthAsync(Token);
        Assert.Equal((HealthState.Degraded, "It cannot be reached."), (health.State, health.Detail));
    }

    [Fact]
    public void An_address_that_cannot_be_read_is_an_error_of_its_setting()
    {
        var error = Assert.Single(new MessagingModule(new Engine(_elsewhere)).Validate(SettingValues.Of((BrokerSettings.Connection, "nonsense"))));

        Assert.Equal(("Broker:Connection", "is nonsense"), (error.Name, error.Problem));
    }

    private (MessagingModule Module, ServiceProvider Services) Make(string connection)
    {
        var module = new MessagingModule(new Engine(_elsewhere));
        var settings = SettingValues.Of((BrokerSettings.Connection, connection));
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(TimeProvider.System).AddSingleton(settings).AddKeyedSingleton<IBroker>(BrokerSettings.Embedded, _own).AddKeyedSingleton<IDatabase>("messaging", new NothingKept());
        module.Register(services, settings);
        return (module, services.BuildServiceProvider());
    }

    private sealed class Engine(StandIn broker) : IBrokerEngine
    {
        public string Name => "Stand-in";

        public string? Fault(string connection) => connection == "nonsense" ? "is nonsense" : null;

        public ISharedBroker Create(BrokerContext context) => broker;
    }

    // Nothing is asked of it but how it is.
    private sealed class StandIn : ISharedBroker
    {
        public BrokerException? Failure { get; set; }

        public bool IsDisposed { get; private set; }

        public ValueTask CheckAsync(CancellationToken cancellationToken = default) => Failure is { } failure ? ValueTask.FromException(failure) : default;

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return default;
        }

        public ValueTask<BrokerTopic> EnsureTopicAsync(TopicSpec topic, CancellationToken cancellationToken = default) => throw Asked();

        public ValueTask<BrokerTopic?> FindTopicAsync(string name, CancellationToken cancellationToken = default) => throw Asked();

        public ValueTask<PartitionChange> PlanPartitionsAsync(string topic, int total, CancellationToken cancellationToken = default) => throw Asked();

        public ValueTask<BrokerTopic> AddPartitionsAsync(PartitionChange change, CancellationToken cancellationToken = default) => throw Asked();

        public ValueTask<IReadOnlyList<RecordPlace>> AppendAsync(string topic, IReadOnlyList<OutgoingRecord> records, CancellationToken cancellationToken = default) => throw Asked();

        public ValueTask<OffsetRange> RangeAsync(string topic, int partition, CancellationToken cancellationToken = default) => throw Asked();

        public IAsyncEnumerable<IncomingRecord> ReadAsync(
            string topic, int partition, ReadStart start, ReadOptions? options = null, CancellationToken cancellationToken = default) => throw Asked();

        public ValueTask<IGroupMember> JoinAsync(
            string group, IReadOnlyCollection<string> topics, MemberOptions? options = null, CancellationToken cancellationToken = default) => throw Asked();

        public ValueTask<IReadOnlyList<PartitionLag>> LagAsync(string group, CancellationToken cancellationToken = default) => throw Asked();

        private static InvalidOperationException Asked([CallerMemberName] string member = "") => new($"Nobody asks for {member}.");
    }

    // Of requests that may be sent again; none are.
    private sealed class NothingKept : IDatabase
    {
        public string Name => "messaging";

        public bool IsShared => false;

        public Task<IReadOnlyList<T>> WriteAsync<T>(Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<T>>([]);

        public Task<int> WriteAsync(Command command, CancellationToken cancellationToken = default) => Task.FromResult(0);

        public Task<IReadOnlyList<T>> ReadAsync<T>(
            Command command, Func<DbDataReader, T> map, Freshness freshness = Freshness.Latest, CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<T>>([]);

        public Task<T> TransactAsync<T>(string key, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("Nobody changes anything.");
    }
}
