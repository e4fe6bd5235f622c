using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Groundwork.Broker.Tests.Clients;

/// <summary>Confluent.Kafka, the client of most .NET programs.</summary>
public sealed class ConfluentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<CompressionType> Codecs => [.. Enum.GetValues<CompressionType>()];

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task Records_come_back_with_key_headers_and_time_in_their_order(CompressionType codec)
    {
        await using var broker = await RunningBroker.StartAsync();
        using var producer = ConfluentClient.Producer(broker, c => (c.CompressionType, c.EnableIdempotence) = (codec, true));
        using var consumer = ConfluentClient.Consumer(broker, "g");
        var time = new Timestamp(DateTimeOffset.UtcNow.AddMinutes(-5));
        var sent = Enumerable.Range(0, 300).Select(i => new Message<string?, string>
        {
            Key = i % 3 == 0 ? null : $"k{i}",
            Value = $"{i} {new string('v', i)}",
            Timestamp = time,
            Headers = [new Header("n", Encoding.UTF8.GetBytes($"{i}")), new Header("none", null)],
        }).ToList();

        await Task.WhenAll(sent.Select(message => producer.ProduceAsync("t", message, Cancellation)));
        consumer.Assign(new TopicPartitionOffset("t", 0, 0));
        foreach (var message in sent)
        {
            var read = consumer.Consume(Cancellation).Message;
            Assert.Equal((message.Key, message.Value, time.UnixTimestampMs), (read.Key, read.Value, read.Timestamp.UnixTimestampMs));
            Assert.Equal(message.Headers[0].GetValueBytes(), read.Headers[0].GetValueBytes());
            Assert.Null(read.Headers[1].GetValueBytes());
        }
    }

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.RoundRobin)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Two_consumers_share_a_topic_and_the_one_that_stays_takes_over(PartitionAssignmentStrategy strategy)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 4);
        using var first = ConfluentClient.Consumer(broker, "g", c => c.PartitionAssignmentStrategy = strategy);
        using var second = ConfluentClient.Consumer(broker, "g", c => c.PartitionAssignmentStrategy = strategy);
        first.Subscribe("t");
        Poll(() => first.Assignment.Count == 4, first);
        second.Subscribe("t");

        Poll(() => first.Assignment.Count == 2 && second.Assignment.Count == 2, first, second);
        Assert.Empty(first.Assignment.Intersect(second.Assignment));
        second.Close();
        Poll(() => first.Assignment.Count == 4, first);
        first.Close();
    }

    [Fact]
    public async Task A_static_member_that_comes_back_has_what_it_had_and_nobody_is_disturbed()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 2);
        using var first = ConfluentClient.Consumer(broker, "g", c => c.GroupInstanceId = "one");
        var second = ConfluentClient.Consumer(broker, "g", c => c.GroupInstanceId = "two");
        first.Subscribe("t");
        second.Subscribe("t");
        Poll(() => first.Assignment.Count == 1 && second.Assignment.Count == 1, first, second);
        var (had, member) = (second.Assignment.Single(), first.MemberId);

        // A static member that closes stays in the group until its session is over.
        second.Close();
        second.Dispose();
        using var again = ConfluentClient.Consumer(broker, "g", c => c.GroupInstanceId = "two");
        again.Subscribe("t");
        Poll(() => again.Assignment.Count == 1, first, again);

        Assert.Equal(had, again.Assignment.Single());
        Assert.Equal((1, member), (first.Assignment.Count, first.MemberId));
    }

    [Fact]
    public async Task Committed_offsets_are_where_a_consumer_goes_on()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        _ = await broker.AppendAsync("t", 0, "a", "b", "c");
        using (var consumer = ConfluentClient.Consumer(broker, "g"))
        {
            consumer.Subscribe("t");
            Assert.Equal("a", consumer.Consume(Cancellation).Message.Value);
            consumer.Commit(consumer.Consume(Cancellation));
            consumer.Close();
        }

        using var next = ConfluentClient.Consumer(broker, "g");
        next.Subscribe("t");
        Assert.Equal("c", next.Consume(Cancellation).Message.Value);
        Assert.Equal(2, next.Committed([new TopicPartition("t", 0)], TimeSpan.FromSeconds(30)).Single().Offset.Value);
        next.Close();
    }

    [Fact]
    public async Task A_consumer_seeks_by_time_and_to_both_ends()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        foreach (var (value, age) in new[] { ("a", 3000), ("b", 2000), ("c", 1000) })
            await broker.Node.Topics.Find("t")!.Partitions[0].Append(Logs.TestBatches.Of([value], now - age)).Round!.Durable;
        using var consumer = ConfluentClient.Consumer(broker, "g");
        var wait = TimeSpan.FromSeconds(30);

        var found = consumer.OffsetsForTimes([new TopicPartitionTimestamp("t", 0, new Timestamp(now - 2500, TimestampType.CreateTime))], wait).Single();
        var ends = consumer.QueryWatermarkOffsets(new TopicPartition("t", 0), wait);

        Assert.Equal((1, 0, 3), (found.Offset.Value, ends.Low.Value, ends.High.Value));
        consumer.Assign(found);
        Assert.Equal("b", consumer.Consume(Cancellation).Message.Value);
    }

    [Fact]
    public async Task An_administrator_makes_describes_changes_empties_and_deletes_topics()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var admin = ConfluentClient.Admin(broker);
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = "t" };

        await admin.CreateTopicsAsync([new TopicSpecification { Name = "t", NumPartitions = 2, ReplicationFactor = 1, Configs = new() { ["retention.ms"] = "7000000" } }]);
        Assert.Equal("7000000", (await admin.DescribeConfigsAsync([resource])).Single().Entries["retention.ms"].Value);
        await admin.AlterConfigsAsync(new() { [resource] = [new ConfigEntry { Name = "segment.ms", Value = "5000" }] });
        Assert.Equal("5000", (await admin.DescribeConfigsAsync([resource])).Single().Entries["segment.ms"].Value);
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "t", IncreaseTo = 3 }]);
        Assert.Equal(3, admin.GetMetadata("t", TimeSpan.FromSeconds(30)).Topics.Single().Partitions.Count);
        _ = await broker.AppendAsync("t", 0, "a", "b");
        Assert.Equal(1, (await admin.DeleteRecordsAsync([new TopicPartitionOffset("t", 0, 1)])).Single().Offset.Value);
        await admin.DeleteTopicsAsync(["t"]);
        Assert.Empty(broker.Node.Topics.All);
        var refused = await Assert.ThrowsAsync<CreateTopicsException>(
            () => admin.CreateTopicsAsync([new TopicSpecification { Name = "t", NumPartitions = 1, ReplicationFactor = 3 }]));
        Assert.Contains("one replica", refused.Results[0].Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_sees_groups_and_removes_them()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        using var admin = ConfluentClient.Admin(broker);
        using var consumer = ConfluentClient.Consumer(broker, "g");
        consumer.Subscribe("t");
        Poll(() => consumer.Assignment.Count == 1, consumer);

        var described = (await admin.DescribeConsumerGroupsAsync(["g"])).ConsumerGroupDescriptions.Single();
        Assert.Equal((ConsumerGroupState.Stable, "range"), (described.State, described.PartitionAssignor));
        Assert.Equal("g", (await admin.ListConsumerGroupsAsync()).Valid.Single().GroupId);
        consumer.Close();
        await admin.DeleteGroupsAsync(["g"]);
        Assert.Empty((await admin.ListConsumerGroupsAsync()).Valid);
    }

    [Fact]
    public async Task A_producer_that_wants_transactions_is_told_so_and_does_not_try_on()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var producer = ConfluentClient.Producer(broker, c => c.TransactionalId = "mine");

        var refused = Assert.Throws<KafkaException>(() => producer.InitTransactions(TimeSpan.FromSeconds(30)));

        Assert.True(refused.Error.IsFatal);
        Assert.Contains("not offered", refused.Error.Reason, StringComparison.Ordinal);
    }

    // Consumers do their part of a rebalance while they are polled; one thread polls them in turn.
    private static void Poll(Func<bool> until, params IConsumer<string?, string>[] consumers)
    {
        while (!until())
        {
            Cancellation.ThrowIfCancellationRequested();
            foreach (var consumer in consumers)
                _ = consumer.Consume(TimeSpan.FromMilliseconds(20));
        }
    }
}
