using Groundwork.Broker.Node.Fetching;
using Groundwork.Broker.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Broker.Tests.Operations;

/// <summary>Fetch sessions (KIP-227): a consumer names its partitions once, and is told what is new only.</summary>
public sealed class FetchSessionTests
{
    private const short ByName = Requests.FetchByName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_the_first_answer_only_what_is_new_comes()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 2);
        _ = await broker.AppendAsync("t", 0, "a");
        var client = await broker.ConnectAsync();

        var begun = await client.AskAsync(Two(0, 0), ByName, Cancellation);
        Assert.NotEqual(0, begun.SessionId);
        Assert.Equal([0, 1], begun.Responses[0].Partitions.Select(p => p.PartitionIndex));

        // It has read partition 0 to its end; nothing else changed.
        var moved = await client.AskAsync(Next(begun.SessionId, 1, (0, 1)), ByName, Cancellation);
        Assert.Empty(moved.Responses);

        _ = await broker.AppendAsync("t", 1, "b");
        var news = await client.AskAsync(Next(begun.SessionId, 2), ByName, Cancellation);
        Assert.Equal(1, Assert.Single(Assert.Single(news.Responses).Partitions).PartitionIndex);
        Assert.Equal(["b"], news.One().Values());
    }

    [Fact]
    public async Task A_forgotten_partition_is_read_no_more_and_a_named_one_from_then_on()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 3);
        for (var i = 0; i < 3; i++)
            _ = await broker.AppendAsync("t", i, $"{i}");
        var client = await broker.ConnectAsync();
        var id = (await client.AskAsync(Two(0, 0), ByName, Cancellation)).SessionId;

        var next = Next(id, 1, (2, 0));
        next.ForgottenTopicsData = [new() { Topic = "t", Partitions = [0, 7] }];
        var read = await client.AskAsync(next, ByName, Cancellation);

        Assert.Equal([1, 2], read.Responses.SelectMany(t => t.Partitions).Select(p => p.PartitionIndex).Order());
    }

    [Fact]
    public async Task A_wrong_number_or_an_unknown_session_is_told_so()
    {
        await using var broker = await RunningBroker.StartAsync();
        var topic = broker.Create("t", 2);
        var client = await broker.ConnectAsync();
        var id = (await client.AskAsync(Two(0, 0), ByName, Cancellation)).SessionId;

        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, (await client.AskAsync(Next(id, 2), ByName, Cancellation)).ErrorCode);
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (await client.AskAsync(Next(id + 1, 1), ByName, Cancellation)).ErrorCode);
        var byId = new FetchRequest { SessionId = id, SessionEpoch = 1, Topics = [new() { TopicId = topic.Id }] };
        Assert.Equal(ErrorCode.FetchSessionTopicIdError, (await client.AskAsync(byId, 13, Cancellation)).ErrorCode);
        Assert.Equal(ErrorCode.None, (await client.AskAsync(Next(id, 1), ByName, Cancellation)).ErrorCode);
    }

    [Fact]
    public async Task A_session_ends_when_its_consumer_says_so_or_begins_another()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 2);
        var client = await broker.ConnectAsync();
        var id = (await client.AskAsync(Two(0, 0), ByName, Cancellation)).SessionId;

        var again = Two(0, 0);
        again.SessionId = id;
        var second = (await client.AskAsync(again, ByName, Cancellation)).SessionId;
        Assert.NotEqual(id, second);
        Assert.Equal(1, broker.Node.FetchSessions.Count);

        var last = Two(0, 0);
        (last.SessionId, last.SessionEpoch) = (second, -1);
        Assert.Equal(0, (await client.AskAsync(last, ByName, Cancellation)).SessionId);
        Assert.Equal(0, broker.Node.FetchSessions.Count);
    }

    [Fact]
    public void Sessions_are_bounded_and_one_that_was_still_makes_room()
    {
        var time = new FakeTimeProvider();
        var sessions = new FetchSessions(time);
        var first = sessions.Begin(usesIds: false)!;
        time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 1; i < FetchSessions.MaxSessions; i++)
            Assert.NotNull(sessions.Begin(usesIds: false));

        Assert.Null(sessions.Begin(usesIds: false));
        time.Advance(TimeSpan.FromSeconds(119));
        Assert.NotNull(sessions.Begin(usesIds: false));
        Assert.Equal(FetchSessions.MaxSessions, sessions.Count);
        Assert.Null(sessions.Continue(first.Id, 1, usesIds: false, out var code));
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, code);
    }

    [Fact]
    public async Task No_partition_starves_behind_others()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 2);
        for (var i = 0; i < 3; i++)
        {
            _ = await broker.AppendAsync("t", 0, new string('x', 1000));
            _ = await broker.AppendAsync("t", 1, new string('y', 1000));
        }

        var client = await broker.ConnectAsync();
        var request = Two(0, 0);
        request.MaxBytes = 1;
        var first = await client.AskAsync(request, ByName, Cancellation);
        Assert.NotEmpty(first.Responses[0].Partitions.Single(p => p.PartitionIndex == 0).Values());
        var next = Next(first.SessionId, 1, (0, 1));
        next.MaxBytes = 1;
        var second = await client.AskAsync(next, ByName, Cancellation);

        Assert.Equal(1, second.Responses.SelectMany(t => t.Partitions).Single(p => p.Records.Length > 0).PartitionIndex);
    }

    [Fact]
    public async Task A_consumer_that_asks_on_several_connections_at_once_hurts_nobody()
    {
        await using var broker = await RunningBroker.StartAsync();
        broker.Create("t", 2);
        var id = (await (await broker.ConnectAsync()).AskAsync(Two(0, 0), ByName, Cancellation)).SessionId;
        var asked = new List<Task<FetchResponse>>();
        for (var i = 1; i <= 20; i++)
            asked.Add((await broker.ConnectAsync()).AskAsync(Next(id, i, (i % 2, 0)), ByName, Cancellation));

        Assert.All(await Task.WhenAll(asked), answer => Assert.True(answer.ErrorCode is ErrorCode.None or ErrorCode.InvalidFetchSessionEpoch));
    }

    private static FetchRequest Two(long first, long second)
    {
        var request = Requests.Fetch("t", 0, first);
        request.Topics[0].Partitions.Add(new() { Partition = 1, FetchOffset = second, PartitionMaxBytes = 1 << 20 });
        request.SessionEpoch = 0;
        return request;
    }

    private static FetchRequest Next(int session, int epoch, params (int Partition, long Offset)[] changed) => new()
    {
        SessionId = session,
        SessionEpoch = epoch,
        MinBytes = 1,
        Topics = changed.Length == 0 ? [] : [new()
        {
            Topic = "t",
            Partitions = [.. changed.Select(c => new FetchRequest.FetchPartition { Partition = c.Partition, FetchOffset = c.Offset, PartitionMaxBytes = 1 << 20 })],
        }],
    };
}
