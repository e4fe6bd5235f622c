using System.Text;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.Testing;
using Groundwork.Testing.Servers;
using StackExchange.Redis;

namespace Groundwork.Redis.Tests.Limits;

/// <summary>Requests that go to a Redis together are each answered as if they had gone alone.</summary>
public sealed class LimitFlightsTests(SharedRedis shared) : IAsyncLifetime
{
    private static readonly Limit Hundred = Limit.FixedWindow(100, TimeSpan.FromDays(366));
    private static readonly Limit Ten = Limit.SlidingLog(10, TimeSpan.FromDays(1));
    private readonly string _prefix = Guid.NewGuid().ToString("N");
    private RedisProcess _redis = null!;
    private ISharedCacheServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await shared.GetAsync(Token);
        _server = Servers.Create(_redis.Connection, TimeSpan.FromSeconds(10));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Of_a_thousand_at_once_for_seven_keys_each_key_gets_what_there_is_and_every_remainder_once()
    {
        var store = _server.OpenLimits();
        var decisions = await Task.WhenAll(Enumerable.Range(0, 1001).Select(async i => (Key: i % 7, await TakeAsync(store, $"{i % 7}", Hundred, 1))));

        foreach (var key in decisions.GroupBy(d => d.Key, d => d.Item2))
        {
            Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), key.Where(d => d.IsAllowed).Select(d => d.Remaining).Order());
            Assert.All(key.Where(d => !d.IsAllowed), d => Assert.Equal(0, d.Remaining));
        }
    }

    [Fact]
    public async Task Of_several_limits_all_are_taken_or_none_whoever_goes_along()
    {
        var store = _server.OpenLimits();
        var allowed = await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            var takes = new[] { Take("own" + (i % 3), Hundred, 1), Take("all", Ten, 1) };
            return await store.TakeAsync(takes, new LimitDecision[2], Token);
        }));

        Assert.Equal(10, allowed.Count(a => a));
        var left = await Task.WhenAll(Enumerable.Range(0, 3).Select(async i => (await PeekAsync(store, $"own{i}", Hundred)).Remaining));
        Assert.Equal(290, left.Sum());
    }

    [Fact]
    public async Task A_key_that_holds_something_else_fails_only_who_asks_for_it()
    {
        var store = _server.OpenLimits();
        await TakeAsync(store, "first", Hundred, 1);
        await using var multiplexer = await ConnectionMultiplexer.ConnectAsync(_redis.Connection);
        var name = new byte[Take("taken", Hundred, 1).NameLength];
        Take("taken", Hundred, 1).WriteName(name);
        await multiplexer.GetDatabase().ListRightPushAsync(new SpaceKeys(LimitStoreLimits.SpaceName).Value(name), "x");

        var failed = 0;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            try
            {
                await TakeAsync(store, i % 10 == 0 ? "taken" : "good", Hundred, 0);
            }
            catch (CacheException) when (i % 10 == 0)
            {
                Interlocked.Increment(ref failed);
            }
        }));
        Assert.Equal(20, failed);
    }

    [Fact]
    public async Task Who_has_left_finds_its_decisions_as_it_left_them()
    {
        var store = _server.OpenLimits();
        await TakeAsync(store, "first", Hundred, 1);
        var untouched = new LimitDecision(true, -7, -7, -7, -7);
        for (var i = 0; i < 200; i++)
        {
            using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var decisions = new[] { untouched };
            var others = Enumerable.Range(0, 8).Select(n => TakeAsync(store, "others", Ten, 0)).ToList();
            var asked = store.TakeAsync(new[] { Take("left", Hundred, 1) }, decisions, leaving.Token).AsTask();
            await leaving.CancelAsync();
            try
            {
                await asked;
            }
            catch (OperationCanceledException)
            {
                await Task.WhenAll(others);
                Assert.Equal(untouched, decisions[0]);
            }
        }
    }

    [Fact]
    public async Task In_a_cluster_keys_of_several_slots_are_counted_too()
    {
        using var folder = new TempFolder();
        await using var redis = await RedisProcess.StartAsync(Token, null, "--cluster-enabled", "yes", "--dir", folder.Path);
        await using (var admin = await ConnectionMultiplexer.ConnectAsync($"{redis.Connection},allowAdmin=true"))
        {
            var node = admin.GetServer("127.0.0.1", redis.Port);
            await node.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", 0, 16383);
            while (!((string)(await node.ExecuteAsync("CLUSTER", "INFO"))!).Contains("cluster_state:ok", StringComparison.Ordinal))
                await Task.Delay(1, Token);
        }

        await using var server = Servers.Create(redis.Connection, TimeSpan.FromSeconds(10));
        await server.ConnectAsync(Token);
        var store = server.OpenLimits();
        var decisions = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => TakeAsync(store, $"{i % 2}", Hundred, 1)));
        Assert.Equal(200, decisions.Count(d => d.IsAllowed));

        var (both, said) = (new[] { Take("0", Hundred, 1), Take("2", Hundred, 1) }, new LimitDecision[2]);
        Assert.False(await store.TakeAsync(both, said, Token));
        Assert.Equal((false, true, 100L), (said[0].IsAllowed, said[1].IsAllowed, said[1].Remaining));
        both[0] = Take("3", Hundred, 40);
        Assert.True(await store.TakeAsync(both, said, Token));
        Assert.Equal((60L, 99L), (said[0].Remaining, said[1].Remaining));
    }

    private LimitTake Take(string key, Limit limit, long cost) => new(Encoding.UTF8.GetBytes(_prefix + key), limit, cost);

    private async Task<LimitDecision> TakeAsync(ILimitStore store, string key, Limit limit, long cost)
    {
        var decisions = new LimitDecision[1];
        await store.TakeAsync(new[] { Take(key, limit, cost) }, decisions, Token);
        return decisions[0];
    }

    private async Task<LimitDecision> PeekAsync(ILimitStore store, string key, Limit limit)
    {
        var decisions = new LimitDecision[1];
        await store.PeekAsync(new[] { Take(key, limit, 0) }, decisions, Token);
        return decisions[0];
    }
}
