using StackExchange.Redis;

namespace Groundwork.EndToEnd.Tests;

/// <summary>A session of StackExchange.Redis, the client of most .NET programs, with the program as its server.</summary>
public sealed class StackExchangeSessionTests(OwnCache server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("resp2")]
    [InlineData("resp3")]
    public async Task Values_of_all_types_come_back_as_they_went(string protocol)
    {
        await using var client = await ConnectAsync(protocol);
        var keys = client.GetDatabase(1);
        await ServerOf(client).FlushDatabaseAsync(1);

        Assert.True(await keys.StringSetAsync("text", "1", TimeSpan.FromMinutes(1)));
        Assert.Equal(3, await keys.StringIncrementAsync("text", 2));
        Assert.InRange((await keys.KeyTimeToLiveAsync("text"))!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        await keys.StringSetAsync([new("first", "ohmytext"), new("second", "mynewtext")]);
        Assert.Equal("mytext", await keys.StringLongestCommonSubsequenceAsync("first", "second"));
        Assert.Equal(2, (await keys.StringLongestCommonSubsequenceWithMatchesAsync("first", "second")).Matches.Length);

        await keys.HashSetAsync("hash", [new("a", 1), new("b", 2)]);
        Assert.Equal(["1", "2"], (await keys.HashGetAllAsync("hash")).OrderBy(e => e.Name).Select(e => (string?)e.Value));
        Assert.Equal(7, await keys.HashIncrementAsync("hash", "b", 5));

        await keys.ListRightPushAsync("list", [3, 1, 2]);
        Assert.Equal([1, 2, 3], (await keys.SortAsync("list")).Select(v => (int)v));
        Assert.Equal(3, (int)await keys.ListMoveAsync("list", "other", ListSide.Left, ListSide.Right));
        Assert.Equal(2, await keys.ListLengthAsync("list"));

        await keys.SetAddAsync("set", ["x", "y", "z"]);
        await keys.SetAddAsync("more", ["y", "q"]);
        Assert.Equal(["y"], (await keys.SetCombineAsync(SetOperation.Intersect, "set", "more")).Select(v => (string?)v));

        await keys.SortedSetAddAsync("sorted", [new("a", 1), new("b", 2.5), new("c", double.PositiveInfinity)]);
        Assert.Equal(2.5, (await keys.SortedSetRangeByScoreWithScoresAsync("sorted", 2))[0].Score);
        Assert.Equal("a", (await keys.SortedSetPopAsync("sorted"))!.Value.Element);

        await keys.KeyRestoreAsync("again", (await keys.KeyDumpAsync("hash"))!);
        Assert.Equal(2, await keys.HashLengthAsync("again"));
        Assert.Equal(RedisType.Hash, await keys.KeyTypeAsync("again"));
        Assert.True(await keys.KeyDeleteAsync("again"));
    }

    [Theory]
    [InlineData("resp2")]
    [InlineData("resp3")]
    public async Task A_transaction_runs_only_if_nothing_that_it_rests_on_was_changed(string protocol)
    {
        await using var client = await ConnectAsync(protocol);
        var keys = client.GetDatabase(2);
        await keys.StringSetAsync("count", 1);

        var held = keys.CreateTransaction();
        held.AddCondition(Condition.StringEqual("count", 1));
        var raised = held.StringIncrementAsync("count");
        Assert.True(await held.ExecuteAsync());
        Assert.Equal(2, await raised);

        var refused = keys.CreateTransaction();
        refused.AddCondition(Condition.StringEqual("count", 1));
        _ = refused.StringIncrementAsync("count");
        Assert.False(await refused.ExecuteAsync());
        Assert.Equal(2, (int)await keys.StringGetAsync("count"));
    }

    [Theory]
    [InlineData("resp2")]
    [InlineData("resp3")]
    public async Task Messages_arrive_and_a_thousand_calls_at_once_are_all_counted(string protocol)
    {
        await using var client = await ConnectAsync(protocol);
        var keys = client.GetDatabase(3);
        await ServerOf(client).FlushDatabaseAsync(3);
        var messages = await client.GetSubscriber().SubscribeAsync(RedisChannel.Pattern(protocol + "-*"));
        Assert.Equal(1, await client.GetSubscriber().PublishAsync(RedisChannel.Literal(protocol + "-news"), "hello"));
        Assert.Equal("hello", (await messages.ReadAsync(Token)).Message);

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => keys.StringIncrementAsync($"key:{i % 100}")));
        var (count, all) = (0, 0);
        await foreach (var key in ServerOf(client).KeysAsync(3, "key:*", pageSize: 10))
        {
            count++;
            all += (int)await keys.StringGetAsync(key);
        }

        Assert.Equal((100, 1000), (count, all));
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_made_again_and_its_subscriptions_with_it()
    {
        await using var client = await ConnectAsync("resp3");
        await using var other = await ConnectAsync("resp2");
        var messages = await client.GetSubscriber().SubscribeAsync(RedisChannel.Literal("after"));
        var cut = new TaskCompletionSource();
        client.ConnectionFailed += (_, _) => cut.TrySetResult();
        foreach (var connection in (await ServerOf(other).ClientListAsync()).Where(c => c.Name == client.ClientName))
            await ServerOf(other).ClientKillAsync(connection.Id);
        await cut.Task.WaitAsync(Token);

        // Who counts as a listener gets it: the connection that was cut is none, from the answer on.
        while (await other.GetSubscriber().PublishAsync(RedisChannel.Literal("after"), "back") == 0)
            await Task.Delay(10, Token);
        Assert.Equal("back", (await messages.ReadAsync(Token)).Message);
    }

    private static IServer ServerOf(ConnectionMultiplexer client) => client.GetServers().Single();

    private async Task<ConnectionMultiplexer> ConnectAsync(string protocol)
    {
        var options = ConfigurationOptions.Parse($"{await server.GetAsync(Token)},allowAdmin=true,protocol={protocol},abortConnect=false");
        options.ClientName = Guid.NewGuid().ToString("N");
        return await ConnectionMultiplexer.ConnectAsync(options);
    }
}
