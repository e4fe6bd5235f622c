using Groundwork.Broker.Embedded;
using Groundwork.Broker.Inspection;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Operations;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Tests.Logs;
using Groundwork.Broker.Tests.Storage;
using Groundwork.Ports.Messaging;
using Groundwork.Testing;

namespace Groundwork.Broker.Tests.Operations;

/// <summary>Where logs begin and end, in time and by leaders; their start moved.</summary>
public sealed class OffsetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static long Now { get; } = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task An_offset_is_found_by_where_the_log_begins_and_ends_and_by_time(short version)
    {
        await using var broker = await ThreeAsync();
        var client = await broker.ConnectAsync();
        async Task<(long Timestamp, long Offset)> AskAsync(long time)
        {
            var answer = (await client.AskAsync(Ask("t", 0, time), version, Cancellation)).Topics[0].Partitions[0];
            Assert.Equal(ErrorCode.None, answer.ErrorCode);
            return (answer.Timestamp, answer.Offset);
        }

        Assert.Equal((-1, 3), await AskAsync(-1));
        Assert.Equal((-1, 0), await AskAsync(-2));
        Assert.Equal((Now - 10, 1), await AskAsync(-3));
        Assert.Equal((-1, 0), await AskAsync(-4));
        Assert.Equal((-1, -1), await AskAsync(-5));
        Assert.Equal((Now - 30, 0), await AskAsync(0));
        Assert.Equal((Now - 10, 1), await AskAsync(Now - 29));
        Assert.Equal((-1, -1), await AskAsync(Now));
    }

    [Fact]
    public async Task What_acks_1_acknowledged_counts_and_can_be_deleted_before_the_disk_has_it()
    {
        using var folder = new TempFolder();
        var disk = new FailingLogDisk(folder.Path);
        await using var broker = await RunningBroker.StartAsync(new NodeOptions { Logs = new LogStoreOptions { JournalBytes = 4 << 20 } }, disk: disk);
        broker.Create("t");
        var client = await broker.ConnectAsync();
        ValueTask<IResponse?> Run(IRequest request) => OperationTable.Find(request.Api)!.RunAsync(
            request, new Call(broker.Node, new RequestHeader((short)request.Api, 2, 0, null), broker.Address, broker.Address, Cancellation));

        disk.SyncGate.Reset();
        Assert.Equal(ErrorCode.None, (await client.AskAsync(Requests.Produce("t", 0, TestBatches.Of(["a"], Now), acks: 1), Cancellation)).One().ErrorCode);
        var asked = Run(Ask("t", 0, -1));
        var deleted = Run(new DeleteRecordsRequest { Topics = [new() { Name = "t", Partitions = [new() { Offset = 1 }] }] });
        var planned = new BrokerInspector(broker.Node, new EmbeddedBroker(broker.Node), server: null).PlanDeletionAsync("t", 0, ReadStart.At(1), Cancellation);
        var answered = asked.IsCompleted || deleted.IsCompleted || planned.IsCompleted;
        disk.SyncGate.Set();

        Assert.Equal((false, 1L), (answered, ((ListOffsetsResponse)(await asked)!).Topics[0].Partitions[0].Offset));
        Assert.Equal(1, ((DeleteRecordsResponse)(await deleted)!).Topics[0].Partitions[0].LowWatermark);
        Assert.Equal(1, (await planned).Before);
    }

    [Fact]
    public async Task Version_0_answers_with_a_list()
    {
        await using var broker = await ThreeAsync();
        var client = await broker.ConnectAsync();

        Assert.Equal([3], (await client.AskAsync(Ask("t", 0, -1), 0, Cancellation)).Topics[0].Partitions[0].OldStyleOffsets);
        Assert.Equal([0], (await client.AskAsync(Ask("t", 0, -2), 0, Cancellation)).Topics[0].Partitions[0].OldStyleOffsets);
        Assert.Empty((await client.AskAsync(Ask("t", 0, Now), 0, Cancellation)).Topics[0].Partitions[0].OldStyleOffsets);
    }

    [Fact]
    public async Task What_cannot_be_found_is_said_of_each_partition()
    {
        await using var broker = await ThreeAsync();
        var client = await broker.ConnectAsync();
        async Task<ErrorCode> AskAsync(string topic, int partition, long time, int epoch = -1)
        {
            var request = Ask(topic, partition, time);
            request.Topics[0].Partitions[0].CurrentLeaderEpoch = epoch;
            return (await client.AskAsync(request, Cancellation)).Topics[0].Partitions[0].ErrorCode;
        }

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await AskAsync("none", 0, -1));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await AskAsync("t", 1, -1));
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, await AskAsync("t", 0, -1, epoch: 1));
        Assert.Equal(ErrorCode.None, await AskAsync("t", 0, -1, epoch: 0));
        Assert.Equal(ErrorCode.UnsupportedVersion, await AskAsync("t", 0, -6));
        Assert.Equal(ErrorCode.UnsupportedVersion, await AskAsync("t", 0, long.MinValue));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task A_leaders_records_end_where_the_log_does(short version)
    {
        await using var broker = await ThreeAsync();
        var client = await broker.ConnectAsync();
        async Task<(ErrorCode, int, long)> AskAsync(string topic, int epoch, int current = -1)
        {
            var answer = (await client.AskAsync(
                new OffsetForLeaderEpochRequest { Topics = [new() { Topic = topic, Partitions = [new() { LeaderEpoch = epoch, CurrentLeaderEpoch = current }] }] },
                version, Cancellation)).Topics[0].Partitions[0];
            return (answer.ErrorCode, version == 0 ? 0 : answer.LeaderEpoch, answer.EndOffset);
        }

        Assert.Equal((ErrorCode.None, 0, 3), await AskAsync("t", 0));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await AskAsync("none", 0)).Item1);
        if (version >= 2)
            Assert.Equal(ErrorCode.UnknownLeaderEpoch, (await AskAsync("t", 0, current: 3)).Item1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task The_start_of_a_log_moves_forward_only(short version)
    {
        await using var broker = await ThreeAsync();
        var client = await broker.ConnectAsync();
        async Task<(ErrorCode, long)> AskAsync(string topic, long offset)
        {
            var answer = (await client.AskAsync(
                new DeleteRecordsRequest { Topics = [new() { Name = topic, Partitions = [new() { Offset = offset }] }] }, version, Cancellation)).Topics[0].Partitions[0];
            return (answer.ErrorCode, answer.LowWatermark);
        }

        Assert.Equal((ErrorCode.None, 2), await AskAsync("t", 2));
        Assert.Equal((ErrorCode.None, 2), await AskAsync("t", 1));
        Assert.Equal((ErrorCode.OffsetOutOfRange, -1), await AskAsync("t", 4));
        Assert.Equal((ErrorCode.OffsetOutOfRange, -1), await AskAsync("t", -2));
        Assert.Equal((ErrorCode.UnknownTopicOrPartition, -1), await AskAsync("none", 0));
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await client.AskAsync(Requests.Fetch("t", 0, 1), Requests.FetchByName, Cancellation)).One().ErrorCode);
        Assert.Equal(["c"], (await client.AskAsync(Requests.Fetch("t", 0, 2), Requests.FetchByName, Cancellation)).One().Values());
        Assert.Equal((ErrorCode.None, 3), await AskAsync("t", -1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Every_producer_gets_a_number_of_its_own_and_transactions_are_refused(short version)
    {
        await using var broker = await RunningBroker.StartAsync();
        var client = await broker.ConnectAsync();
        var numbers = new HashSet<long>();

        for (var i = 0; i < 20; i++)
        {
            var answer = await client.AskAsync(new InitProducerIdRequest { TransactionalId = null }, version, Cancellation);
            Assert.Equal((ErrorCode.None, (short)0), (answer.ErrorCode, answer.ProducerEpoch));
            Assert.True(numbers.Add(answer.ProducerId));
        }

        Assert.Equal(ErrorCode.InvalidRequest, (await client.AskAsync(new InitProducerIdRequest { TransactionalId = "" }, version, Cancellation)).ErrorCode);
        Assert.Equal(ErrorCode.TransactionalIdAuthorizationFailed, (await client.AskAsync(new InitProducerIdRequest { TransactionalId = "x" }, version, Cancellation)).ErrorCode);
    }

    private static async Task<RunningBroker> ThreeAsync()
    {
        var broker = await RunningBroker.StartAsync();
        var log = broker.Create("t").Partitions[0];
        foreach (var (value, time) in new[] { ("a", Now - 30), ("b", Now - 10), ("c", Now - 20) })
            await log.Append(TestBatches.Of([value], time)).Round!.Durable;
        return broker;
    }

    private static ListOffsetsRequest Ask(string topic, int partition, long time) => new()
    {
        ReplicaId = -1,
        Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = partition, Timestamp = time }] }],
    };
}
