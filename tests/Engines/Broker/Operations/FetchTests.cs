using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Broker.Tests.Operations;

public sealed class FetchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(12)]
    public async Task Batches_come_from_the_offset_on_with_where_the_log_begins_and_ends(short version)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        _ = await broker.AppendAsync("t", 0, "a");
        _ = await broker.AppendAsync("t", 0, "b");
        var client = await broker.ConnectAsync();

        var read = (await client.AskAsync(Requests.Fetch("t", 0, 1), version, Cancellation)).One();

        Assert.Equal((ErrorCode.None, 2L, 2L), (read.ErrorCode, read.HighWatermark, read.LastStableOffset));
        Assert.Equal(["b"], read.Values());
        Assert.Equal(version >= 5 ? 0 : -1, read.LogStartOffset);
    }

    [Fact]
    public async Task Topics_have_ids_from_version_13_on()
    {
        await using var broker = await RunningBroker.StartAsync();
        var id = broker.Create("t").Id;
        _ = await broker.AppendAsync("t", 0, "a");
        var client = await broker.ConnectAsync();

        foreach (var version in new short[] { 13, 17 })
        {
            var read = await client.AskAsync(ById(id), version, Cancellation);
            Assert.Equal(id, read.Responses[0].TopicId);
            Assert.Equal(["a"], read.One().Values());
            Assert.Equal(ErrorCode.UnknownTopicId, (await client.AskAsync(ById(Guid.NewGuid()), version, Cancellation)).One().ErrorCode);
        }
    }

    [Fact]
    public async Task What_is_not_there_is_said_at_once()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        _ = await broker.AppendAsync("t", 0, "a");
        var client = await broker.ConnectAsync();
        async Task<ErrorCode> AskAsync(FetchRequest request) => (await client.AskAsync(request, Requests.FetchByName, Cancellation)).One().ErrorCode;

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await AskAsync(Requests.Fetch("none", 0, 0, maxWaitMs: int.MaxValue)));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await AskAsync(Requests.Fetch("t", 1, 0, maxWaitMs: int.MaxValue)));
        Assert.Equal(ErrorCode.OffsetOutOfRange, await AskAsync(Requests.Fetch("t", 0, 2, maxWaitMs: int.MaxValue)));
        Assert.Equal(ErrorCode.OffsetOutOfRange, await AskAsync(Requests.Fetch("t", 0, -1, maxWaitMs: int.MaxValue)));
        var ahead = Requests.Fetch("t", 0, 0, maxWaitMs: int.MaxValue);
        ahead.Topics[0].Partitions[0].CurrentLeaderEpoch = 7;
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, await AskAsync(ahead));
    }

    [Fact]
    public async Task A_reader_of_records_that_another_leader_wrote_is_told_where_the_logs_part()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        _ = await broker.AppendAsync("t", 0, "a");
        var client = await broker.ConnectAsync();
        var request = Requests.Fetch("t", 0, 1, maxWaitMs: int.MaxValue);
        (request.Topics[0].Partitions[0].FetchOffset, request.Topics[0].Partitions[0].LastFetchedEpoch) = (2, 0);

        var read = (await client.AskAsync(request, Requests.FetchByName, Cancellation)).One();
        request.Topics[0].Partitions[0].LastFetchedEpoch = 5;
        var unknown = (await client.AskAsync(request, Requests.FetchByName, Cancellation)).One();

        Assert.Equal((0, 1L), (read.DivergingEpoch!.Epoch, read.DivergingEpoch.EndOffset));
        Assert.Equal(ErrorCode.OffsetOutOfRange, unknown.ErrorCode);
    }

    [Fact]
    public async Task A_long_poll_ends_with_the_append_that_it_waits_for()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 2);
        var client = await broker.ConnectAsync();

        var id = await client.SendAsync(Requests.Fetch("t", 1, 0, maxWaitMs: int.MaxValue), Requests.FetchByName, Cancellation);
        await WaitForWatcherAsync(broker, 1);
        _ = await broker.AppendAsync("t", 1, "a");

        var read = (await client.ReceiveAsync<FetchResponse>(id, ApiKey.Fetch, Requests.FetchByName, Cancellation)).One();
        Assert.Equal(["a"], read.Values());
        Assert.Equal(0, broker.Node.Topics.Find("t")!.Partitions[1].Watchers.Count);
    }

    [Fact]
    public async Task Min_bytes_are_waited_for_but_not_longer_than_max_wait()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var broker = await RunningBroker.StartAsync(
            time: time, server: RunningBroker.Loopback with { Idle = TimeSpan.MaxValue, Stall = TimeSpan.MaxValue });
        broker.Create("t");
        var client = await broker.ConnectAsync();

        var id = await client.SendAsync(Requests.Fetch("t", 0, 0, maxWaitMs: 1000, minBytes: 1000), Requests.FetchByName, Cancellation);
        var answer = client.ReceiveAsync<FetchResponse>(id, ApiKey.Fetch, Requests.FetchByName, Cancellation);
        await WaitForWatcherAsync(broker, 0);
        _ = await broker.AppendAsync("t", 0, "too little");
        while (!answer.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1, Cancellation);
        }

        Assert.Equal(["too little"], (await answer).One().Values());

        id = await client.SendAsync(Requests.Fetch("t", 0, 1, maxWaitMs: 1000, minBytes: 1000), Requests.FetchByName, Cancellation);
        await WaitForWatcherAsync(broker, 0);
        _ = await broker.AppendAsync("t", 0, new string('x', 1000));
        Assert.Single((await client.ReceiveAsync<FetchResponse>(id, ApiKey.Fetch, Requests.FetchByName, Cancellation)).One().Values());
    }

    [Fact]
    public async Task An_answer_keeps_to_max_bytes_but_for_a_first_batch_that_is_longer()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 2);
        for (var i = 0; i < 4; i++)
        {
            _ = await broker.AppendAsync("t", 0, new string('x', 1000));
            _ = await broker.AppendAsync("t", 1, new string('y', 1000));
        }

        var client = await broker.ConnectAsync();
        async Task<List<int>> AskAsync(int maxBytes, int partitionBytes)
        {
            var request = Requests.Fetch("t", 0, 0, maxBytes: maxBytes, partitionBytes: partitionBytes);
            request.Topics[0].Partitions.Add(new() { Partition = 1, PartitionMaxBytes = partitionBytes });
            return [.. (await client.AskAsync(request, Requests.FetchByName, Cancellation)).Responses[0].Partitions.Select(p => p.Values().Count())];
        }

        Assert.Equal([4, 4], await AskAsync(1 << 20, 1 << 20));
        Assert.Equal([2, 2], await AskAsync(1 << 20, 2500));
        Assert.Equal([3, 0], await AskAsync(3500, 1 << 20));
        Assert.Equal([2, 1], await AskAsync(3500, 2500));
        Assert.Equal([1, 0], await AskAsync(0, 1 << 20));
        Assert.Equal([1, 0], await AskAsync(1 << 20, 0));
        Assert.Equal([1, 0], await AskAsync(int.MinValue, int.MinValue));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Without_transactions_both_isolations_read_the_same(sbyte isolation)
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        _ = await broker.AppendAsync("t", 0, "a");
        var client = await broker.ConnectAsync();
        var request = Requests.Fetch("t", 0, 0);
        request.IsolationLevel = isolation;

        Assert.Equal(["a"], (await client.AskAsync(request, Requests.FetchByName, Cancellation)).One().Values());
    }

    [Fact]
    public async Task What_an_answer_took_of_the_memory_is_given_back()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t");
        _ = await broker.AppendAsync("t", 0, "a");
        var client = await broker.ConnectAsync();

        for (var i = 0; i < 3; i++)
            _ = await client.AskAsync(Requests.Fetch("t", 0, 0), Requests.FetchByName, Cancellation);
        while (broker.Node.AnswerMemory.Taken > 0)
            await Task.Yield();
    }

    [Fact]
    public async Task More_readers_than_the_memory_has_answers_for_take_turns()
    {
        await using var broker = await RunningBroker.StartAsync(new NodeOptions { RequestMemory = 1 << 20, MaxFetchBytes = 1 << 20 });
        broker.Create("t");
        _ = await broker.AppendAsync("t", 0, "a");
        var clients = new List<Task<FetchResponse>>();
        for (var i = 0; i < 10; i++)
            clients.Add((await broker.ConnectAsync()).AskAsync(Requests.Fetch("t", 0, 0), Requests.FetchByName, Cancellation));

        foreach (var client in clients)
            Assert.Equal(["a"], (await client).One().Values());
    }

    private static FetchRequest ById(Guid id) => new()
    {
        MinBytes = 1,
        Topics = [new() { TopicId = id, Partitions = [new() { Partition = 0, PartitionMaxBytes = 1 << 20 }] }],
    };

    private static async Task WaitForWatcherAsync(RunningBroker broker, int partition)
    {
        while (broker.Node.Topics.Find("t")!.Partitions[partition].Watchers.Count == 0)
            await Task.Delay(1, Cancellation);
    }
}
