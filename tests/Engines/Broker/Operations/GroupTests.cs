using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Tests.Operations;

/// <summary>Consumer groups over the wire; what groups do in all cases is told in Groups.</summary>
public sealed class GroupTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(9)]
    public async Task A_member_joins_is_assigned_beats_commits_and_leaves(short joinVersion)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var client = await broker.ConnectAsync();
        short Version(ApiKey api) => joinVersion == 0 ? ApiCatalog.Get(api).Served!.Value.From : ApiCatalog.Get(api).Served!.Value.To;

        var join = Join();
        var joined = await client.AskAsync(join, joinVersion, Cancellation);
        if (joinVersion >= 4)
        {
            Assert.Equal(ErrorCode.MemberIdRequired, joined.ErrorCode);
            join.MemberId = joined.MemberId;
            joined = await client.AskAsync(join, joinVersion, Cancellation);
        }

        Assert.Equal((ErrorCode.None, 1, "range"), (joined.ErrorCode, joined.GenerationId, joined.ProtocolName));
        Assert.Equal(joined.MemberId, joined.Leader);
        var synced = await client.AskAsync(
            new SyncGroupRequest { GroupId = "g", GenerationId = 1, MemberId = joined.MemberId, Assignments = [new() { MemberId = joined.MemberId, Assignment = new byte[] { 7 } }] },
            0, Cancellation);
        Assert.Equal([7], synced.Assignment.ToArray());
        Assert.Equal(ErrorCode.None, (await client.AskAsync(
            new HeartbeatRequest { GroupId = "g", GenerationId = 1, MemberId = joined.MemberId }, Version(ApiKey.Heartbeat), Cancellation)).ErrorCode);
        Assert.Equal(ErrorCode.IllegalGeneration, (await client.AskAsync(
            new HeartbeatRequest { GroupId = "g", GenerationId = 9, MemberId = joined.MemberId }, Version(ApiKey.Heartbeat), Cancellation)).ErrorCode);
        Assert.Equal(ErrorCode.None, await CommitAsync(client, Math.Max((short)1, Version(ApiKey.OffsetCommit)), 5, joined.MemberId, 1));
        Assert.Equal(5, (await client.AskAsync(
            new OffsetFetchRequest { GroupId = "g", Topics = [new() { Name = "t", PartitionIndexes = [0] }] }, 1, Cancellation)).Topics[0].Partitions[0].CommittedOffset);
        Assert.Equal(ErrorCode.None, (await client.AskAsync(new LeaveGroupRequest { GroupId = "g", MemberId = joined.MemberId }, 0, Cancellation)).ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, (await client.AskAsync(new LeaveGroupRequest { GroupId = "g", MemberId = joined.MemberId }, 0, Cancellation)).ErrorCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public async Task Who_is_no_member_commits_and_reads_offsets(short version)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var client = await broker.ConnectAsync();

        Assert.Equal(ErrorCode.None, await CommitAsync(client, version, 42));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await CommitAsync(client, version, 42, topic: "none"));
        if (version < 8)
        {
            var one = await client.AskAsync(new OffsetFetchRequest { GroupId = "g", Topics = [new() { Name = "t", PartitionIndexes = [0, 1] }] }, version, Cancellation);
            Assert.Equal([42, -1], one.Topics[0].Partitions.Select(p => p.CommittedOffset));
            return;
        }

        var several = await client.AskAsync(
            new OffsetFetchRequest { Groups = [new() { GroupId = "g", Topics = null }, new() { GroupId = "h", Topics = [new() { Name = "t", PartitionIndexes = [0] }] }] }, version, Cancellation);
        Assert.Equal([42L, -1], several.Groups.Select(g => g.Topics[0].Partitions[0].CommittedOffset));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public async Task Groups_are_found_on_this_node_and_transactions_nowhere(short version)
    {
        await using var broker = await RunningBroker.StartAsync();
        var client = await broker.ConnectAsync();

        var answer = await client.AskAsync(new FindCoordinatorRequest { Key = version < 4 ? "g" : "", CoordinatorKeys = version < 4 ? [] : ["g", "h"] }, version, Cancellation);
        if (version < 4)
        {
            Assert.Equal((ErrorCode.None, 1, broker.Address.Port), (answer.ErrorCode, answer.NodeId, answer.Port));
            return;
        }

        Assert.Equal([("g", 1), ("h", 1)], answer.Coordinators.Select(c => (c.Key, c.NodeId)));
        async Task<ErrorCode> AskAsync(sbyte type) =>
            (await client.AskAsync(new FindCoordinatorRequest { KeyType = type, CoordinatorKeys = ["x"] }, version, Cancellation)).Coordinators[0].ErrorCode;
        Assert.Equal(ErrorCode.TransactionalIdAuthorizationFailed, await AskAsync(1));
        Assert.Equal(ErrorCode.InvalidRequest, await AskAsync(2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Groups_are_listed_described_and_deleted(short listVersion)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        var client = await broker.ConnectAsync();
        _ = await CommitAsync(client, 2, 42);
        var describeVersion = listVersion == 0 ? (short)0 : (short)6;

        Assert.Equal(["g"], (await client.AskAsync(new ListGroupsRequest(), listVersion, Cancellation)).Groups.Select(g => g.GroupId));
        var described = await client.AskAsync(new DescribeGroupsRequest { Groups = ["g", "none"] }, describeVersion, Cancellation);
        Assert.Equal([("Empty", ErrorCode.None), ("Dead", listVersion == 0 ? ErrorCode.None : ErrorCode.GroupIdNotFound)], described.Groups.Select(g => (g.GroupState, g.ErrorCode)));
        if (listVersion == 5)
        {
            Assert.Single((await client.AskAsync(new ListGroupsRequest { StatesFilter = ["empty"], TypesFilter = ["classic"] }, 5, Cancellation)).Groups);
            Assert.Empty((await client.AskAsync(new ListGroupsRequest { StatesFilter = ["Stable"] }, 5, Cancellation)).Groups);
            Assert.Empty((await client.AskAsync(new ListGroupsRequest { StatesFilter = ["Odd"] }, 5, Cancellation)).Groups);
            Assert.Empty((await client.AskAsync(new ListGroupsRequest { TypesFilter = ["consumer"] }, 5, Cancellation)).Groups);
        }

        var deleted = await client.AskAsync(new OffsetDeleteRequest { GroupId = "g", Topics = [new() { Name = "t", Partitions = [new()] }] }, Cancellation);
        Assert.Equal((ErrorCode.None, ErrorCode.None), (deleted.ErrorCode, deleted.Topics[0].Partitions[0].ErrorCode));
        Assert.Equal(ErrorCode.GroupIdNotFound, (await client.AskAsync(new OffsetDeleteRequest { GroupId = "none" }, Cancellation)).ErrorCode);
        _ = await CommitAsync(client, 2, 42);
        var gone = await client.AskAsync(new DeleteGroupsRequest { GroupsNames = ["g", "none"] }, listVersion == 0 ? (short)0 : (short)2, Cancellation);
        Assert.Equal([ErrorCode.None, ErrorCode.GroupIdNotFound], gone.Results.Select(r => r.ErrorCode));
    }

    [Fact]
    public async Task A_member_that_joins_on_a_connection_that_breaks_holds_up_nobody()
    {
        await using var broker = await RunningBroker.StartAsync();
        var first = await broker.ConnectAsync();
        _ = await first.SendAsync(Join(), 3, Cancellation);
        _ = await first.ReceiveFrameAsync(Cancellation);

        // The second waits for the first to join again, and goes away meanwhile.
        var second = await broker.ConnectAsync();
        _ = await second.SendAsync(Join(), 3, Cancellation);
        second.Dispose();
        while (broker.Server.Connected > 1)
            await Task.Delay(1, Cancellation);
    }

    private static JoinGroupRequest Join() => new()
    {
        GroupId = "g",
        SessionTimeoutMs = 10_000,
        RebalanceTimeoutMs = 60_000,
        ProtocolType = "consumer",
        Protocols = [new() { Name = "range", Metadata = new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 } }],
    };

    private static async Task<ErrorCode> CommitAsync(Protocol.WireClient client, short version, long offset, string member = "", int generation = -1, string topic = "t") => (await client.AskAsync(
        new OffsetCommitRequest
        {
            GroupId = "g",
            MemberId = member,
            GenerationIdOrMemberEpoch = generation,
            Topics = [new() { Name = topic, Partitions = [new() { CommittedOffset = offset }] }],
        },
        version, Cancellation)).Topics[0].Partitions[0].ErrorCode;
}
