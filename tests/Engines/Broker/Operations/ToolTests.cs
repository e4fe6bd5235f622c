using Groundwork.Broker.Protocol;
using Groundwork.Broker.Tests.Logs;

namespace Groundwork.Broker.Tests.Operations;

/// <summary>What tools that show a cluster ask of it, beside topics, settings and groups.</summary>
public sealed class ToolTests
{
    private const short Version = 0;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static long Now { get; } = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    [Fact]
    public async Task Producers_of_a_partition_are_shown_with_how_far_they_have_come()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 2);
        var log = broker.Node.Topics.Find("t")!.Partitions[0];
        await log.Append(TestBatches.Of(["a", "b"], Now - 20, producer: 7, epoch: 3, sequence: 0)).Round!.Durable;
        await log.Append(TestBatches.Of(["c"], Now - 10, producer: 7, epoch: 3, sequence: 2)).Round!.Durable;
        _ = await broker.AppendAsync("t", 1, "of nobody");

        var partitions = await AskAsync(broker, ("t", [0, 1]));

        var producer = Assert.Single(partitions[0].ActiveProducers);
        Assert.Equal((7, 3, 2, Now - 10), (producer.ProducerId, producer.ProducerEpoch, producer.LastSequence, producer.LastTimestamp));
        Assert.Equal((-1, -1L), (producer.CoordinatorEpoch, producer.CurrentTxnStartOffset));
        Assert.Equal((ErrorCode.None, 0), (partitions[1].ErrorCode, partitions[1].ActiveProducers.Count));
    }

    [Fact]
    public async Task A_partition_that_does_not_exist_or_is_named_twice_shows_none()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");

        var partitions = await AskAsync(broker, ("t", [0, 1, 0]), ("none", [0]), ("t", [0]));

        Assert.Equal(
            [ErrorCode.None, ErrorCode.UnknownTopicOrPartition, ErrorCode.InvalidRequest, ErrorCode.UnknownTopicOrPartition, ErrorCode.InvalidRequest],
            partitions.Select(p => p.ErrorCode));
    }

    [Fact]
    public async Task No_partition_is_on_its_way_to_another_node()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var client = await broker.ConnectAsync();

        foreach (var topics in new List<ListPartitionReassignmentsRequest.TopicPartitions>?[] { null, [new() { Name = "t", PartitionIndexes = [0] }] })
        {
            var answer = await client.AskAsync(new ListPartitionReassignmentsRequest { Topics = topics }, Version, Cancellation);
            Assert.Equal((ErrorCode.None, 0), (answer.ErrorCode, answer.Topics.Count));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Whoever_asks_for_access_rules_is_told_that_there_is_no_access_control(short version)
    {
        await using var broker = await RunningBroker.StartAsync();
        var client = await broker.ConnectAsync();

        var answer = await client.AskAsync(new DescribeAclsRequest { ResourceTypeFilter = 1, Operation = 1, PermissionType = 1 }, version, Cancellation);

        Assert.Equal((ErrorCode.SecurityDisabled, 0), (answer.ErrorCode, answer.Resources.Count));
        Assert.Contains("no access control", answer.ErrorMessage, StringComparison.Ordinal);
    }

    private static async Task<List<DescribeProducersResponse.PartitionResponse>> AskAsync(RunningBroker broker, params (string Topic, int[] Partitions)[] asked)
    {
        var client = await broker.ConnectAsync();
        var request = new DescribeProducersRequest { Topics = [.. asked.Select(a => new DescribeProducersRequest.TopicRequest { Name = a.Topic, PartitionIndexes = [.. a.Partitions] })] };
        return [.. (await client.AskAsync(request, Version, Cancellation)).Topics.SelectMany(topic => topic.Partitions)];
    }
}
