using Confluent.Kafka;
using Groundwork.Broker;
using Groundwork.Ports.Messaging;
using Groundwork.Testing;

namespace Groundwork.Kafka.Tests;

/// <summary>A broker that a test suite starts for itself, as its own clients see it.</summary>
public sealed class TestBrokerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public TestBrokerTests() => Driver.Ensure();

    [Fact]
    public async Task Confluents_client_writes_and_reads_and_the_process_sees_the_same()
    {
        await using var broker = await TestBroker.StartAsync(cancellationToken: Token);
        await broker.Broker.EnsureTopicAsync(new TopicSpec("orders", 2), Token);
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = broker.BootstrapServers, EnableIdempotence = true }).Build();
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            GroupId = "billing",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
        }).Build();

        var written = await producer.ProduceAsync("orders", new Message<string, string> { Key = "order-1", Value = "placed" }, Token);
        consumer.Subscribe("orders");
        var read = consumer.Consume(Token);
        consumer.Commit(read);

        Assert.Equal(("order-1", "placed", written.TopicPartitionOffset), (read.Message.Key, read.Message.Value, read.TopicPartitionOffset));
        Assert.Equal(new PartitionLag("orders", written.Partition, 1, 1), Assert.Single(await broker.Broker.LagAsync("billing", Token)));
        consumer.Close();
    }

    [Fact]
    public async Task On_a_folder_it_has_what_it_had_when_it_is_started_again()
    {
        using var folder = new TempFolder();
        await using (var first = await TestBroker.StartAsync(folder["broker"], cancellationToken: Token))
        {
            await first.Broker.EnsureTopicAsync(new TopicSpec("orders"), Token);
            await first.Broker.AppendAsync("orders", [new(null, new byte[] { 1 })], Token);
        }

        await using var second = await TestBroker.StartAsync(folder["broker"], cancellationToken: Token);

        Assert.Equal(new OffsetRange(0, 1), await second.Broker.RangeAsync("orders", 0, Token));
    }

    [Fact]
    public async Task In_memory_each_has_its_own()
    {
        await using var first = await TestBroker.StartAsync(cancellationToken: Token);
        await using var second = await TestBroker.StartAsync(cancellationToken: Token);
        await first.Broker.EnsureTopicAsync(new TopicSpec("orders"), Token);

        Assert.NotEqual(first.BootstrapServers, second.BootstrapServers);
        Assert.Null(await second.Broker.FindTopicAsync("orders", Token));
    }
}
