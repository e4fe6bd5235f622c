using Groundwork.Broker.Protocol;
using Groundwork.Broker.Storage;
using Groundwork.Broker.Tests.Logs;
using Groundwork.Broker.Tests.Protocol;

namespace Groundwork.Broker.Tests.Serving;

public sealed class StopTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_stops_under_long_polls_and_producers_and_what_it_acknowledged_is_there_afterwards()
    {
        var disk = new MemoryDisk();
        var acknowledged = new List<long>();
        var stopping = await RunningBroker.StartAsync(disk: disk);
        stopping.Create("t");
        var poller = await stopping.ConnectAsync();
        _ = await poller.SendAsync(Requests.Fetch("t", 0, long.MaxValue / 2, maxWaitMs: int.MaxValue), Requests.FetchByName, Cancellation);
        var producers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () => await ProduceAsync(await stopping.ConnectAsync(), acknowledged), Cancellation)).ToList();
        while (stopping.Node.Topics.Find("t")!.Partitions[0].HighWatermark < 50)
            await Task.Delay(1, Cancellation);

        await stopping.Server.DisposeAsync();
        await Task.WhenAll(producers);
        Assert.Equal((0, 0), (stopping.Server.Connected, stopping.Node.Topics.Find("t")!.Partitions[0].Watchers.Count));
        await stopping.DisposeAsync();

        await using var again = await RunningBroker.StartAsync(disk: disk);
        var end = again.Node.Topics.Find("t")!.Partitions[0].HighWatermark;
        Assert.All(acknowledged, offset => Assert.InRange(offset, 0, end - 1));
        Assert.Equal(acknowledged.Count, acknowledged.Distinct().Count());
    }

    [Fact]
    public async Task Topics_settings_offsets_and_numbers_of_producers_outlast_a_restart()
    {
        var disk = new MemoryDisk();
        long producer;
        string cluster;
        await using (var broker = await RunningBroker.StartAsync(disk: disk))
        {
            broker.Create("t", 3, ("retention.ms", "5000000"));
            var client = await broker.ConnectAsync();
            cluster = broker.Node.ClusterId;
            producer = (await client.AskAsync(new InitProducerIdRequest { TransactionalId = null }, Cancellation)).ProducerId;
            _ = await client.AskAsync(Commit(42), Cancellation);
        }

        await using var again = await RunningBroker.StartAsync(disk: disk);
        var second = await again.ConnectAsync();
        Assert.Equal((3, 5_000_000L), (again.Node.Topics.Find("t")!.Partitions.Length, again.Node.Topics.Find("t")!.Partitions[0].Settings.RetentionMs));
        Assert.Equal(cluster, again.Node.ClusterId);
        Assert.True((await second.AskAsync(new InitProducerIdRequest { TransactionalId = null }, Cancellation)).ProducerId > producer);
        var offsets = await second.AskAsync(new OffsetFetchRequest { GroupId = "g", Topics = [new() { Name = "t", PartitionIndexes = [0] }] }, 7, Cancellation);
        Assert.Equal(42, offsets.Topics[0].Partitions[0].CommittedOffset);
    }

    private static OffsetCommitRequest Commit(long offset) => new()
    {
        GroupId = "g",
        Topics = [new() { Name = "t", Partitions = [new() { CommittedOffset = offset }] }],
    };

    private static async Task ProduceAsync(WireClient client, List<long> acknowledged)
    {
        try
        {
            while (true)
            {
                var answer = (await client.AskAsync(Requests.Produce("t", 0, TestBatches.Of(["x"], DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())), Cancellation)).One();
                if (answer.ErrorCode != ErrorCode.None)
                    return;
                lock (acknowledged)
                    acknowledged.Add(answer.BaseOffset);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The broker has stopped.
        }
    }
}
