using Groundwork.Broker;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Settings;
using Groundwork.Testing.Messaging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Kafka.Tests;

/// <summary>The adapter keeps the port's contract, at our own broker over the network.</summary>
public sealed class KafkaContractTests(SharedBroker shared) : BrokerContract, IClassFixture<SharedBroker>
{
    private ISharedBroker _kafka = null!;

    protected override IBroker Broker => _kafka;

    public override ValueTask InitializeAsync()
    {
        _kafka = Clients.Create(shared.Broker.BootstrapServers);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await _kafka.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override Task DeleteBeforeAsync(string topic, int partition, long offset) => shared.Broker.DeleteBeforeAsync(topic, partition, offset);

    [Fact]
    public async Task A_group_may_have_members_in_the_process_and_elsewhere()
    {
        var (topic, group) = (await NewTopicAsync(2), NewName());
        await using var here = await shared.Broker.Broker.JoinAsync(group, [topic], null, Token);
        await using var there = await Broker.JoinAsync(group, [topic], null, Token);

        await AppendAsync(topic, KeyIn(0, 2), "value");
        await AppendAsync(topic, KeyIn(1, 2), "value");

        var read = await Task.WhenAll(new[] { here, there }.Select(member => TakeAsync(member.ReadAsync(Token), 1).AsTask()));
        Assert.Equal([0, 1], read.Select(one => Assert.Single(one).Partition).Order());
    }

    [Fact]
    public async Task Keys_go_where_those_of_the_process_go()
    {
        var topic = await NewTopicAsync(5);
        OutgoingRecord[] records = [.. Enumerable.Range(0, 100).Select(i => Record($"key-{i}", "")), new(Bytes(""), Bytes(""))];

        var here = await shared.Broker.Broker.AppendAsync(topic, records, Token);
        var there = await Broker.AppendAsync(topic, records, Token);

        Assert.Equal(here.Select(place => place.Partition), there.Select(place => place.Partition));
    }
}

/// <summary>One broker for all tests that have topics of their own in it.</summary>
public sealed class SharedBroker : IAsyncLifetime
{
    /// <summary>The broker.</summary>
    public TestBroker Broker { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Broker = await TestBroker.StartAsync();

    public ValueTask DisposeAsync() => Broker.DisposeAsync();
}

/// <summary>Makes what the tests are about.</summary>
internal static class Clients
{
    /// <summary>The adapter at an address.</summary>
    public static ISharedBroker Create(string connection, string timeout = "30s") => new KafkaEngine().Create(new BrokerContext(
        SettingValues.Of((BrokerSettings.Connection, connection), (BrokerSettings.Timeout, timeout)), TimeProvider.System, NullLoggerFactory.Instance));
}
