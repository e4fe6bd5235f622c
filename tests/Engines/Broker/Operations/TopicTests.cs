using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Operations;

/// <summary>Topics made, found, made larger and deleted over the wire.</summary>
public sealed class TopicTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    public async Task A_topic_is_made_when_it_is_first_named(short version)
    {
        await using var broker = await RunningBroker.StartAsync(new NodeOptions { DefaultPartitions = 3 });
        var client = await broker.ConnectAsync();

        var answer = await client.AskAsync(Named("new"), version, Cancellation);

        Assert.Equal(ErrorCode.None, answer.Topics[0].ErrorCode);
        Assert.Equal([0, 1, 2], answer.Topics[0].Partitions.Select(p => p.PartitionIndex));
        Assert.All(answer.Topics[0].Partitions, p => Assert.Equal((1, 1), (p.LeaderId, Assert.Single(p.IsrNodes))));
        Assert.Equal((1, "127.0.0.1", broker.Address.Port), (answer.Brokers[0].NodeId, answer.Brokers[0].Host, answer.Brokers[0].Port));
    }

    [Fact]
    public async Task It_is_not_made_where_broker_or_client_does_not_want_it()
    {
        await using var willing = await RunningBroker.StartAsync();
        await using var unwilling = await RunningBroker.StartAsync(new NodeOptions { CreatesTopics = false });
        var refusing = Named("new");
        refusing.AllowAutoTopicCreation = false;

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await (await willing.ConnectAsync()).AskAsync(refusing, Cancellation)).Topics[0].ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await (await unwilling.ConnectAsync()).AskAsync(Named("new"), Cancellation)).Topics[0].ErrorCode);
        Assert.Empty(willing.Node.Topics.All);
    }

    [Theory]
    [InlineData("a/b", (short)ErrorCode.InvalidTopicException)]
    [InlineData("..", (short)ErrorCode.InvalidTopicException)]
    [InlineData("", (short)ErrorCode.InvalidTopicException)]
    [InlineData("__consumer_offsets", (short)ErrorCode.UnknownTopicOrPartition)]
    public async Task Not_every_name_makes_a_topic(string name, short expected)
    {
        await using var broker = await RunningBroker.StartAsync();

        Assert.Equal((ErrorCode)expected, (await (await broker.ConnectAsync()).AskAsync(Named(name), Cancellation)).Topics[0].ErrorCode);
        Assert.Empty(broker.Node.Topics.All);
    }

    [Fact]
    public async Task All_topics_are_an_empty_list_in_version_0_and_no_list_later()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("a");
        broker.Create("b");
        var client = await broker.ConnectAsync();

        Assert.Equal(["a", "b"], (await client.AskAsync(new MetadataRequest(), 0, Cancellation)).Topics.Select(t => t.Name).Order());
        Assert.Empty((await client.AskAsync(new MetadataRequest(), 1, Cancellation)).Topics);
        Assert.Equal(["a", "b"], (await client.AskAsync(new MetadataRequest { Topics = null }, 1, Cancellation)).Topics.Select(t => t.Name).Order());
    }

    [Fact]
    public async Task Topics_are_found_by_their_ids()
    {
        await using var broker = await RunningBroker.StartAsync();
        var id = broker.Create("a").Id;
        var client = await broker.ConnectAsync();

        var answer = await client.AskAsync(new MetadataRequest { Topics = [new() { Name = null, TopicId = id }, new() { Name = null, TopicId = Guid.NewGuid() }] }, Cancellation);

        Assert.Equal([("a", ErrorCode.None), (null, ErrorCode.UnknownTopicId)], answer.Topics.Select(t => (t.Name, t.ErrorCode)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task Topics_are_made_with_partitions_and_settings(short version)
    {
        await using var broker = await RunningBroker.StartAsync();
        var client = await broker.ConnectAsync();
        var request = new CreateTopicsRequest
        {
            Topics = [new() { Name = "a", NumPartitions = 4, ReplicationFactor = 1, Configs = [new() { Name = "retention.ms", Value = "5000" }] }],
        };

        Assert.Equal(ErrorCode.None, (await client.AskAsync(request, version, Cancellation)).Topics[0].ErrorCode);
        Assert.Equal((4, 5000L), (broker.Node.Topics.Find("a")!.Partitions.Length, broker.Node.Topics.Find("a")!.Partitions[0].Settings.RetentionMs));
        Assert.Equal(ErrorCode.TopicAlreadyExists, (await client.AskAsync(request, version, Cancellation)).Topics[0].ErrorCode);
    }

    [Fact]
    public async Task What_cannot_be_made_is_refused_with_a_sentence()
    {
        await using var broker = await RunningBroker.StartAsync(new NodeOptions { MaxPartitions = 10 });
        var client = await broker.ConnectAsync();
        async Task<ErrorCode> MakeAsync(CreateTopicsRequest.CreatableTopic topic)
        {
            var answer = (await client.AskAsync(new CreateTopicsRequest { Topics = [topic] }, Cancellation)).Topics[0];
            Assert.False(string.IsNullOrEmpty(answer.ErrorMessage));
            return answer.ErrorCode;
        }

        Assert.Equal(ErrorCode.InvalidTopicException, await MakeAsync(new() { Name = "a b", NumPartitions = 1, ReplicationFactor = 1 }));
        Assert.Equal(ErrorCode.InvalidTopicException, await MakeAsync(new() { Name = "__consumer_offsets", NumPartitions = 1, ReplicationFactor = 1 }));
        Assert.Equal(ErrorCode.InvalidPartitions, await MakeAsync(new() { Name = "a", NumPartitions = 0, ReplicationFactor = 1 }));
        Assert.Equal(ErrorCode.InvalidReplicationFactor, await MakeAsync(new() { Name = "a", NumPartitions = 1, ReplicationFactor = 3 }));
        Assert.Equal(ErrorCode.PolicyViolation, await MakeAsync(new() { Name = "a", NumPartitions = 11, ReplicationFactor = 1 }));
        Assert.Equal(ErrorCode.InvalidConfig, await MakeAsync(new() { Name = "a", NumPartitions = 1, ReplicationFactor = 1, Configs = [new() { Name = "no.such", Value = "1" }] }));
        Assert.Equal(ErrorCode.InvalidConfig, await MakeAsync(new() { Name = "a", NumPartitions = 1, ReplicationFactor = 1, Configs = [new() { Name = "retention.ms", Value = "soon" }] }));
        Assert.Equal(ErrorCode.InvalidRequest, await MakeAsync(new() { Name = "a", NumPartitions = 1, ReplicationFactor = 1, Assignments = [new() { PartitionIndex = 0, BrokerIds = [1] }] }));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, await MakeAsync(new() { Name = "a", NumPartitions = -1, ReplicationFactor = -1, Assignments = [new() { PartitionIndex = 0, BrokerIds = [2] }] }));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, await MakeAsync(new() { Name = "a", NumPartitions = -1, ReplicationFactor = -1, Assignments = [new() { PartitionIndex = 1, BrokerIds = [1] }] }));
        Assert.Empty(broker.Node.Topics.All);
    }

    [Fact]
    public async Task A_request_that_only_asks_makes_nothing_and_one_that_names_a_topic_twice_is_refused()
    {
        await using var broker = await RunningBroker.StartAsync(new NodeOptions { DefaultPartitions = 3 });
        var client = await broker.ConnectAsync();
        CreateTopicsRequest.CreatableTopic Topic() => new() { Name = "a", NumPartitions = -1, ReplicationFactor = -1 };

        var asked = (await client.AskAsync(new CreateTopicsRequest { ValidateOnly = true, Topics = [Topic()] }, Cancellation)).Topics[0];
        Assert.Equal((ErrorCode.None, 3), (asked.ErrorCode, asked.NumPartitions));
        Assert.Equal(ErrorCode.InvalidRequest, Assert.Single((await client.AskAsync(new CreateTopicsRequest { Topics = [Topic(), Topic()] }, Cancellation)).Topics).ErrorCode);
        Assert.Empty(broker.Node.Topics.All);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_topic_gets_more_partitions_and_never_fewer(short version)
    {
        await using var broker = await RunningBroker.StartAsync(new NodeOptions { MaxPartitions = 10 });
        broker.Create("a", 2);
        var client = await broker.ConnectAsync();
        async Task<ErrorCode> AskAsync(string name, int count, bool validateOnly = false, params int[] nodes) => (await client.AskAsync(
            new CreatePartitionsRequest
            {
                ValidateOnly = validateOnly,
                Topics = [new() { Name = name, Count = count, Assignments = nodes.Length == 0 ? null : [new() { BrokerIds = [.. nodes] }] }],
            },
            version, Cancellation)).Results[0].ErrorCode;

        Assert.Equal(ErrorCode.None, await AskAsync("a", 5, validateOnly: true));
        Assert.Equal(2, broker.Node.Topics.Find("a")!.Partitions.Length);
        Assert.Equal(ErrorCode.None, await AskAsync("a", 3, false, 1));
        Assert.Equal(3, broker.Node.Topics.Find("a")!.Partitions.Length);
        Assert.Equal(ErrorCode.InvalidPartitions, await AskAsync("a", 3));
        Assert.Equal(ErrorCode.InvalidPartitions, await AskAsync("a", 2));
        Assert.Equal(ErrorCode.PolicyViolation, await AskAsync("a", 11));
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, await AskAsync("a", 4, false, 9));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await AskAsync("b", 4));
        Assert.Equal(ErrorCode.InvalidTopicException, await AskAsync("__consumer_offsets", 40));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task A_deleted_topic_is_gone_and_a_new_one_of_its_name_is_empty(short version)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("a");
        _ = await broker.AppendAsync("a", 0, "old");
        var client = await broker.ConnectAsync();

        var answer = await client.AskAsync(new DeleteTopicsRequest { TopicNames = ["a", "b"] }, version, Cancellation);

        Assert.Equal([ErrorCode.None, ErrorCode.UnknownTopicOrPartition], answer.Responses.Select(r => r.ErrorCode));
        broker.Create("a");
        Assert.Empty((await client.AskAsync(Requests.Fetch("a", 0, 0), Requests.FetchByName, Cancellation)).One().Values());
    }

    [Fact]
    public async Task Topics_are_deleted_by_id_and_the_brokers_own_never()
    {
        await using var broker = await RunningBroker.StartAsync();
        var id = broker.Create("a").Id;
        broker.Create("__consumer_offsets");
        var client = await broker.ConnectAsync();

        var answer = await client.AskAsync(
            new DeleteTopicsRequest { Topics = [new() { TopicId = id }, new() { TopicId = Guid.NewGuid() }, new() { Name = "__consumer_offsets" }] }, Cancellation);

        Assert.Equal([ErrorCode.None, ErrorCode.UnknownTopicId, ErrorCode.InvalidTopicException], answer.Responses.Select(r => r.ErrorCode));
        Assert.Equal("a", answer.Responses[0].Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task The_folder_says_how_large_partitions_are(short version)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("a", 2);
        broker.Create("b");
        _ = await broker.AppendAsync("a", 1, "x");
        var client = await broker.ConnectAsync();

        var all = (await client.AskAsync(new DescribeLogDirsRequest { Topics = null }, version, Cancellation)).Results[0];
        var one = (await client.AskAsync(new DescribeLogDirsRequest { Topics = [new() { Topic = "a", Partitions = [1] }] }, version, Cancellation)).Results[0];

        Assert.Equal(["a", "b"], all.Topics.Select(t => t.Name).Order());
        Assert.True(Assert.Single(Assert.Single(one.Topics).Partitions).PartitionSize > 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task The_cluster_is_one_node_which_is_its_controller(short version)
    {
        await using var broker = await RunningBroker.StartAsync(new NodeOptions { NodeId = 7 });
        var client = await broker.ConnectAsync();

        var answer = await client.AskAsync(new DescribeClusterRequest(), version, Cancellation);
        Assert.Equal((ErrorCode.None, 7, broker.Address.Port), (answer.ErrorCode, answer.ControllerId, Assert.Single(answer.Brokers).Port));
        Assert.Equal(22, answer.ClusterId.Length);
        if (version > 0)
            Assert.Equal(ErrorCode.MismatchedEndpointType, (await client.AskAsync(new DescribeClusterRequest { EndpointType = 2 }, version, Cancellation)).ErrorCode);
    }

    private static MetadataRequest Named(string name) => new() { Topics = [new() { Name = name }] };
}
