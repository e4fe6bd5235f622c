using System.Text;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Ports.Caching;

namespace Groundwork.Cache.Tests.Commands;

public sealed class SpaceTests : IDisposable
{
    private readonly CacheEngine _engine = new(new KeyspaceOptions(4 << 20, EvictionPolicy.AllKeysLru, 4), TimeProvider.System, new Random(1));
    private readonly EmbeddedServer _server;
    private readonly ICache _links;
    private readonly CacheClient _client;

    public SpaceTests()
    {
        _server = new EmbeddedServer(_engine);
        _links = _server.Open(new CacheSpace("links", 1 << 20));
        _client = new CacheClient(_engine);
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task A_client_sees_in_a_space_what_its_module_keeps_there()
    {
        await _links.SetAsync("a"u8.ToArray(), "value"u8.ToArray(), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal("$-1", _client.Ask("get a"));
        Assert.Equal("+OK", _client.Ask("select links"));
        Assert.Equal("$5|value", _client.Ask("get a"));
        Assert.Equal(":60", _client.Ask("ttl a"));
        Assert.Equal(":1", _client.Ask("dbsize"));
        Assert.Equal("*2|$1|0|*1|$1|a", _client.Ask("scan 0 count 1000"));
        Assert.Equal("$1|a", _client.Ask("randomkey"));
        Assert.Equal("*1|$1|a", _client.Ask("keys *"));
        Assert.StartsWith(":", _client.Ask("memory usage a"), StringComparison.Ordinal);
        Assert.Equal("+OK", _client.Ask("memory purge"));
        Assert.Equal("+OK", _client.Ask("config set maxmemory-policy allkeys-lfu"));
        Assert.Equal("+OK", _client.Ask("select 0"));
        Assert.Equal("$-1", _client.Ask("get a"));
    }

    [Fact]
    public void What_waits_in_a_space_is_served_by_what_is_written_there_and_not_elsewhere()
    {
        var waiter = new CacheClient(_engine);
        waiter.AskAll("select links; blpop queue 0");

        _client.Ask("rpush queue elsewhere");
        Assert.Equal("", waiter.Posted);
        _client.AskAll("select links; rpush queue here");
        Assert.Equal("*2|$5|queue|$4|here|", waiter.Posted);
    }

    [Theory]
    [InlineData("flushdb")]
    [InlineData("flushall")]
    public void Emptying_a_space_leaves_everything_else_and_the_other_way_round(string command)
    {
        Fill();
        _client.AskAll($"select links; {command}");
        Assert.Equal(":0", _client.Ask("dbsize"));
        Assert.Equal(":1", _client.AskAll("select 0; dbsize"));

        Fill();
        _client.AskAll($"select 0; {command}");
        Assert.Equal(":0", _client.Ask("dbsize"));
        Assert.Equal(":1", _client.AskAll("select links; dbsize"));
    }

    [Fact]
    public void A_transaction_runs_in_one_space()
    {
        Assert.Equal("*3|+OK|-ERR SELECT of another space inside MULTI is not allowed|$1|x", _client.AskAll("multi; set a x; select links; get a; exec"));
        _client.AskAll("discard; watch a");
        Assert.StartsWith("-ERR SELECT of another space is not allowed while keys are watched", _client.Ask("select links"), StringComparison.Ordinal);
        Assert.Equal("+OK", _client.Ask("select 3"));
        Assert.Equal("+OK", _client.AskAll("unwatch; select links"));
        Assert.Equal("*2|+OK|$1|y", _client.AskAll("multi; set a y; get a; exec"));
        Assert.Equal("$1|x", _client.AskAll("select 0; get a"));
    }

    [Theory]
    [InlineData("select nowhere", "-ERR value is not an integer or out of range, nor the name of a space")]
    [InlineData("select 16", "-ERR DB index is out of range")]
    [InlineData("select links; move a 1", "-ERR DB index is out of range")]
    [InlineData("select links; swapdb 0 1", "-ERR DB index is out of range")]
    [InlineData("select links; copy a b db 2", "-ERR DB index is out of range")]
    public void A_space_that_is_not_there_is_not_found_and_one_has_a_single_database(string commands, string answer) =>
        Assert.Equal(answer, _client.AskAll(commands));

    [Fact]
    public void Reset_leads_back_to_the_clients_own_keys()
    {
        Fill();
        Assert.Equal("$1|0", _client.AskAll("select links; reset; get key"));
    }

    [Fact]
    public void Spaces_are_shown_with_what_they_hold_and_how_they_do()
    {
        _client.AskAll("select links; set a x; get a; get b; getlease c; select 0");

        var shown = _client.Ask("info spaces");
        Assert.Contains("# Spaces|space_links:keys=1,expires=0,bytes=", shown, StringComparison.Ordinal);
        Assert.Contains(",maxbytes=1048576,policy=allkeys-tinylfu,hits=1,misses=2,expired=0,evictions=0,leases=1", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("db0", _client.Ask("info keyspace"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_leaves_is_there_after_a_million_sets_elsewhere()
    {
        var kept = _server.Open(new CacheSpace("kept", CacheLimits.MinSpaceBytes, CacheEviction.Nobody));
        for (var i = 0; i < 100; i++)
            Assert.True(await kept.SetAsync(Encoding.ASCII.GetBytes($"kept:{i}"), new byte[100], Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken));

        var key = new byte[8];
        for (var i = 0; i < 900_000; i++)
        {
            BitConverter.TryWriteBytes(key, (long)i);
            Assert.True(await _links.SetAsync(key, key, Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken));
        }

        for (var i = 0; i < 100_000; i++)
            _client.Ask("set", $"key:{i}", "x");

        Assert.Contains("evictions=0", _client.Ask("info spaces").Split("space_kept")[1], StringComparison.Ordinal);
        for (var i = 0; i < 100; i++)
            Assert.Equal(CacheLookup.Found, kept.TryGet(Encoding.ASCII.GetBytes($"kept:{i}"), new byte[100], out _));
    }

    private void Fill() => _client.AskAll("select links; set key 1; select 0; set key 0");
}
