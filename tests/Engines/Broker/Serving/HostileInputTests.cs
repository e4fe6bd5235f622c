using System.Text;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Tests.Logs;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Broker.Tests.Serving;

/// <summary>What is not Kafka's protocol, or never comes to its end, costs its own connection and nobody else's.</summary>
public sealed class HostileInputTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("00000000", "claims 0 bytes")]
    [InlineData("00000007", "claims 7 bytes")]
    [InlineData("FFFFFFFF", "claims -1 bytes")]
    [InlineData("7FFFFFFF", "claims 2147483647 bytes")]
    [InlineData("16030100A5010000A1", "TLS")]
    [InlineData("474554202F20485454502F312E310D0A", "HTTP")]
    [InlineData("505249202A20485454502F322E300D0A", "HTTP/2")]
    public async Task What_is_no_request_ends_the_connection_and_the_log_says_what_it_was(string hex, string reason)
    {
        await using var broker = await RunningBroker.StartAsync();
        var client = await broker.ConnectAsync();

        await client.SendRawAsync(Convert.FromHexString(hex), Cancellation);

        Assert.Null(await client.ReceiveFrameAsync(Cancellation));
        Assert.Contains(reason, Assert.Single(broker.Closed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("00000064")]
    [InlineData("000000640012")]
    public async Task A_request_that_begins_and_does_not_end_is_waited_for_until_the_stall(string hex)
    {
        var time = new FakeTimeProvider();
        await using var broker = await RunningBroker.StartAsync(time: time, server: RunningBroker.Loopback with { Stall = TimeSpan.FromSeconds(20) });
        var client = await broker.ConnectAsync();

        await client.SendRawAsync(Convert.FromHexString(hex), Cancellation);
        await AdvanceUntilClosedAsync(time, client);

        Assert.Equal("A request began, and its end did not come.", Assert.Single(broker.Closed));
        Assert.Equal(0, broker.Node.Memory.Taken);
    }

    [Fact]
    public async Task A_client_that_was_silent_for_long_has_as_much_time_for_a_request_as_any_other()
    {
        var time = new FakeTimeProvider();
        await using var broker = await RunningBroker.StartAsync(time: time, server: RunningBroker.Loopback with { Stall = TimeSpan.FromSeconds(20) });
        var client = await broker.ConnectAsync();
        while (broker.Server.Connected == 0)
            await Task.Delay(1, Cancellation);
        time.Advance(TimeSpan.FromSeconds(100));

        // ApiVersions in version 0, in two halves, between which the server looks at its connections.
        var request = Convert.FromHexString("0000000A00120000000000090000");
        await client.SendRawAsync(request.AsMemory(0, 6), Cancellation);
        while (broker.Node.Memory.Taken == 0)
            await Task.Delay(1, Cancellation);
        time.Advance(TimeSpan.FromSeconds(5));
        await client.SendRawAsync(request.AsMemory(6), Cancellation);

        Assert.NotEmpty((await client.ReceiveAsync<ApiVersionsResponse>(9, ApiKey.ApiVersions, 0, Cancellation)).ApiKeys);
    }

    [Fact]
    public async Task A_client_that_asks_nothing_for_long_is_closed_without_a_word()
    {
        var time = new FakeTimeProvider();
        await using var broker = await RunningBroker.StartAsync(time: time, server: RunningBroker.Loopback with { Idle = TimeSpan.FromMinutes(1), Stall = TimeSpan.MaxValue });
        var client = await broker.ConnectAsync();
        _ = await client.AskAsync(new ApiVersionsRequest(), 0, Cancellation);

        await AdvanceUntilClosedAsync(time, client);

        Assert.Empty(broker.Closed);
    }

    [Fact]
    public async Task A_long_poll_is_not_idle()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var broker = await RunningBroker.StartAsync(time: time, server: RunningBroker.Loopback with { Idle = TimeSpan.FromMinutes(1) });
        broker.Create("t");
        var client = await broker.ConnectAsync();
        var id = await client.SendAsync(Requests.Fetch("t", 0, 0, maxWaitMs: int.MaxValue), Requests.FetchByName, Cancellation);
        await WaitForWatcherAsync(broker);

        for (var i = 0; i < 30; i++)
            time.Advance(TimeSpan.FromSeconds(5));
        _ = await broker.AppendAsync("t", 0, "a");

        Assert.Equal(["a"], (await client.ReceiveAsync<FetchResponse>(id, ApiKey.Fetch, Requests.FetchByName, Cancellation)).One().Values());
    }

    [Fact]
    public async Task One_client_too_many_is_closed_and_comes_in_when_another_has_gone()
    {
        await using var broker = await RunningBroker.StartAsync(server: RunningBroker.Loopback with { Connections = 2 });
        var first = await broker.ConnectAsync();
        var second = await broker.ConnectAsync();
        foreach (var client in new[] { first, second })
            _ = await client.AskAsync(new ApiVersionsRequest(), 0, Cancellation);

        var third = await broker.ConnectAsync();
        Assert.Null(await third.ReceiveFrameAsync(Cancellation));
        Assert.Contains("Broker:Connections", Assert.Single(broker.Closed), StringComparison.Ordinal);
        first.Dispose();
        while (broker.Server.Connected > 1)
            await Task.Delay(1, Cancellation);
        Assert.NotEmpty((await (await broker.ConnectAsync()).AskAsync(new ApiVersionsRequest(), 0, Cancellation)).ApiKeys);
    }

    [Fact]
    public async Task A_client_that_takes_no_answers_is_closed_and_its_memory_is_given_back()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var broker = await RunningBroker.StartAsync(time: time, server: RunningBroker.Loopback with { Stall = TimeSpan.FromSeconds(20) });
        broker.Create("t", 1, ("max.message.bytes", "8000000"));
        for (var i = 0; i < 3; i++)
            _ = await broker.AppendAsync("t", 0, new string('x', 4_000_000));
        var client = await broker.ConnectAsync();

        for (var i = 0; i < 20; i++)
            _ = await client.SendAsync(Requests.Fetch("t", 0, 0, maxBytes: 8 << 20, partitionBytes: 8 << 20), Requests.FetchByName, Cancellation);
        while (broker.Server.Connected > 0)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(1, Cancellation);
        }

        Assert.Equal("It takes no answers.", Assert.Single(broker.Closed));
        Assert.Equal((0L, 0L), (broker.Node.Memory.Taken, broker.Node.AnswerMemory.Taken));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_goes_during_a_long_poll_leaves_nothing_behind(bool pipelined)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var broker = await RunningBroker.StartAsync(time: time);
        broker.Create("t");
        var client = await broker.ConnectAsync();
        _ = await client.SendAsync(Requests.Fetch("t", 0, 0, maxWaitMs: int.MaxValue), Requests.FetchByName, Cancellation);
        if (pipelined)
            _ = await client.SendAsync(Requests.Fetch("t", 0, 0, maxWaitMs: int.MaxValue), Requests.FetchByName, Cancellation);
        await WaitForWatcherAsync(broker);

        client.Dispose();

        while (broker.Server.Connected > 0)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(1, Cancellation);
        }

        Assert.Equal((0, 0L, 0L), (broker.Node.Topics.Find("t")!.Partitions[0].Watchers.Count, broker.Node.Memory.Taken, broker.Node.AnswerMemory.Taken));
    }

    [Fact]
    public async Task A_connection_that_breaks_within_a_request_gives_its_memory_back()
    {
        await using var broker = await RunningBroker.StartAsync();
        var client = await broker.ConnectAsync();
        await client.SendRawAsync(Convert.FromHexString("00100000" + "0000"), Cancellation);
        while (broker.Node.Memory.Taken == 0)
            await Task.Delay(1, Cancellation);

        client.Dispose();

        while (broker.Server.Connected > 0)
            await Task.Delay(1, Cancellation);
        Assert.Equal(0, broker.Node.Memory.Taken);
    }

    [Fact]
    public async Task A_request_that_no_memory_is_left_for_waits_and_is_not_held_against_its_client()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var broker = await RunningBroker.StartAsync(
            new NodeOptions { RequestMemory = 1000, MaxFetchBytes = 1000 }, RunningBroker.Loopback with { Stall = TimeSpan.FromSeconds(20) }, time: time);
        broker.Create("t");
        var all = await broker.Node.Memory.TakeAsync(1000, Cancellation);
        var client = await broker.ConnectAsync();
        var id = await client.SendAsync(Requests.Produce("t", 0, TestBatches.Of(["a"], time.GetUtcNow().ToUnixTimeMilliseconds())), 9, Cancellation);
        var answer = client.ReceiveAsync<ProduceResponse>(id, ApiKey.Produce, 9, Cancellation);

        for (var i = 0; i < 10; i++)
            time.Advance(TimeSpan.FromSeconds(5));
        all.Dispose();

        Assert.Equal(ErrorCode.None, (await answer).One().ErrorCode);
    }

    [Fact]
    public async Task A_name_that_a_terminal_would_obey_is_not_obeyed()
    {
        await using var broker = await RunningBroker.StartAsync();
        var client = await broker.ConnectAsync();
        var name = $"a{(char)27}[2J";

        var answer = await client.AskAsync(new CreateTopicsRequest { Topics = [new() { Name = name, NumPartitions = 1, ReplicationFactor = 1 }] }, Cancellation);

        Assert.DoesNotContain((char)27, answer.Topics[0].ErrorMessage!);
        Assert.Equal(5, Encoding.UTF8.GetByteCount(name));
    }

    private static async Task AdvanceUntilClosedAsync(FakeTimeProvider time, Protocol.WireClient client)
    {
        var frame = client.ReceiveFrameAsync(Cancellation);
        while (!frame.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(1, Cancellation);
        }

        Assert.Null(await frame);
    }

    private static async Task WaitForWatcherAsync(RunningBroker broker)
    {
        while (broker.Node.Topics.Find("t")!.Partitions[0].Watchers.Count == 0)
            await Task.Delay(1, Cancellation);
    }
}
