using Confluent.Kafka;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Storage;
using Groundwork.Testing;

namespace Groundwork.Broker.Tests.Clients;

/// <summary>Clients that live on while their broker ends and comes back on its folder and port.</summary>
public sealed class RestartTests
{
    private static readonly NodeOptions Small = new() { Logs = new LogStoreOptions { JournalBytes = 4 << 20 } };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Producer_and_consumer_go_on_where_they_were()
    {
        using var folder = new TempFolder();
        var broker = await RunningBroker.StartAsync(Small, disk: new SystemDisk(folder.Path));
        var address = broker.Address;
        using var producer = ConfluentClient.Producer(broker, c => (c.EnableIdempotence, c.ReconnectBackoffMaxMs) = (true, 100));
        using var consumer = ConfluentClient.Consumer(broker, "g", c => c.ReconnectBackoffMaxMs = 100);
        _ = await producer.ProduceAsync("t", new Message<string?, string> { Value = "a" }, Cancellation);
        consumer.Subscribe("t");
        consumer.Commit(consumer.Consume(Cancellation));
        await broker.DisposeAsync();

        broker = await RunningBroker.StartAsync(Small, RunningBroker.Loopback with { Listen = address }, new SystemDisk(folder.Path));
        await using var again = broker;
        _ = await producer.ProduceAsync("t", new Message<string?, string> { Value = "b" }, Cancellation);

        Assert.Equal("b", consumer.Consume(Cancellation).Message.Value);
        using var fresh = ConfluentClient.Consumer(broker, "g");
        Assert.Equal(1, fresh.Committed([new TopicPartition("t", 0)], TimeSpan.FromSeconds(30)).Single().Offset.Value);
        consumer.Close();
    }
}
