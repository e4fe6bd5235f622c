using Groundwork.Cache.Commands;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Commands;

public sealed class LimitCommandsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;
    private readonly CacheClient _client;

    public LimitCommandsTests()
    {
        _engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), _time, new Random(1));
        _client = new CacheClient(_engine);
    }

    public void Dispose() => _engine.Dispose();

    // As redis-cell's documentation walks through it.
    [Fact]
    public void Throttle_lets_the_burst_and_one_more_pass_and_then_the_rate()
    {
        for (var left = 15; left >= 0; left--)
            Assert.Equal($"*5|:0|:16|:{left}|:-1|:{2 * (16 - left)}", _client.Ask("cl.throttle user123 15 30 60 1"));
        Assert.Equal("*5|:1|:16|:0|:2|:32", _client.Ask("cl.throttle user123 15 30 60 1"));

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("*5|:0|:16|:0|:-1|:32", _client.Ask("cl.throttle user123 15 30 60"));
    }

    [Fact]
    public void Throttle_keeps_its_state_under_the_key_until_it_says_nothing()
    {
        _client.Ask("cl.throttle a 0 1 10");
        Assert.Equal("+string", _client.Ask("type a"));
        Assert.Equal(":10001", _client.Ask("pttl a"));
        Assert.Equal("*5|:1|:1|:0|:10|:10", _client.Ask("cl.throttle a 0 1 10"));
        Assert.Equal(":1", _client.Ask("del a"));
        Assert.Equal("*5|:0|:1|:0|:-1|:10", _client.Ask("cl.throttle a 0 1 10"));
    }

    [Fact]
    public void A_quantity_of_nothing_only_looks()
    {
        Assert.Equal("*5|:0|:4|:4|:-1|:0", _client.Ask("cl.throttle a 3 1 10 0"));
        Assert.Equal(":0", _client.Ask("exists a"));
        Assert.Equal("*5|:1|:4|:4|:-1|:0", _client.Ask("cl.throttle a 3 1 10 5"));
        Assert.Equal(":0", _client.Ask("exists a"));
    }

    [Theory]
    [InlineData("cl.throttle a -1 1 10", "-ERR ")]
    [InlineData("cl.throttle a 1 0 10", "-ERR ")]
    [InlineData("cl.throttle a 1 1 0", "-ERR ")]
    [InlineData("cl.throttle a 1 1 -5", "-ERR ")]
    [InlineData("cl.throttle a 1 1 10 -1", "-ERR a quantity is a number from 0")]
    [InlineData("cl.throttle a 9223372036854775807 1 10", "-ERR ")]
    [InlineData("cl.throttle a 1 9223372036854775807 10", "-ERR ")]
    [InlineData("cl.throttle a 1 1 9223372036854775807", "-ERR ")]
    [InlineData("cl.throttle a x 1 10", "-ERR value is not an integer")]
    [InlineData("cl.throttle a 1 1 10 1 1", "-ERR syntax error")]
    [InlineData("cl.throttle a 1 1", "-ERR wrong number of arguments")]
    [InlineData("cl.throttle list 1 1 10", "-WRONGTYPE")]
    [InlineData("limit take a token-bucket 1 1000000 1 1", "-ERR no limits are counted here")]
    public void What_is_no_limit_is_refused_and_nothing_changed(string command, string answer)
    {
        _client.Ask("rpush list 1");
        Assert.StartsWith(answer, _client.Ask(command), StringComparison.Ordinal);
        Assert.Equal(":1", _client.Ask("dbsize"));
    }

    [Fact]
    public void A_string_that_is_no_state_counts_as_never_seen()
    {
        _client.Ask("set a hello");
        Assert.StartsWith("*5|:0|:2|", _client.Ask("cl.throttle a 1 1 10"), StringComparison.Ordinal);
        _client.Ask("set a " + new string('x', 5000));
        Assert.Equal("*5|:0|:2|:1|:-1|:10", _client.Ask("cl.throttle a 1 1 10"));
    }

    [Fact]
    public void Limits_are_counted_in_their_own_space_all_or_none()
    {
        new EmbeddedServer(_engine).OpenLimits(1 << 20);
        Assert.Equal("*3|:1|*5|:1|:7|:0|:18000000|:0|*5|:1|:0|:0|:1000000|:0", _client.Ask("limit take a token-bucket 10 60000000 10 3 b fixed-window 1 1000000 0 1"));
        Assert.Equal("*3|:0|*5|:1|:7|:0|:18000000|:0|*5|:0|:0|:1000000|:1000000|:0", _client.Ask("limit take a token-bucket 10 60000000 10 3 b fixed-window 1 1000000 0 1"));
        Assert.Equal("*2|:1|*5|:1|:7|:0|:18000000|:0", _client.Ask("limit peek a token-bucket 10 60000000 10 0"));
        Assert.Equal("+OK", _client.Ask("limit reset a token-bucket 10 60000000 10 0"));
        Assert.Equal("*2|:1|*5|:1|:10|:0|:0|:0", _client.Ask("limit peek a token-bucket 10 60000000 10 0"));
        Assert.Equal(":0", _client.Ask("dbsize"));

        Assert.Equal("*2|:1|*5|:1|:0|:0|:60000000|:0", _client.Ask("limit take jobs concurrency 1 60000000 0 1:7"));
        Assert.Equal("*2|:0|*5|:0|:0|:60000000|:60000000|:0", _client.Ask("limit take jobs concurrency 1 60000000 0 1:8"));
        Assert.Equal(":1", _client.Ask("limit exit jobs concurrency 1 60000000 0 0 7"));
        Assert.Equal(":0", _client.Ask("limit exit jobs concurrency 1 60000000 0 0 7"));
        Assert.StartsWith("*11|+LIMIT ", _client.Ask("limit help"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limit take a nonsense 1 1000000 1 1", "-ERR an algorithm is one of token-bucket")]
    [InlineData("limit take a token-bucket 0 1000000 1 1", "-ERR ")]
    [InlineData("limit take a token-bucket 1 0 1 1", "-ERR ")]
    [InlineData("limit take a token-bucket 1 9223372036854775807 1 1", "-ERR ")]
    [InlineData("limit take a token-bucket 1 1000000 0 1", "-ERR ")]
    [InlineData("limit take a token-bucket 1 1000000 1 -1", "-ERR a cost is a number from 0")]
    [InlineData("limit take a token-bucket 1 1000000 1 1:x", "-ERR a cost is a number from 0")]
    [InlineData("limit take a token-bucket 1 1000000 1 1 b", "-ERR a limit is a key")]
    [InlineData("limit exit a token-bucket 1 1000000 1 1 7", "-ERR only a concurrency limit has holders")]
    [InlineData("limit exit a concurrency 1 1000000 1 1 x", "-ERR a holder is a number")]
    [InlineData("limit nonsense a", "-ERR unknown subcommand")]
    public void What_is_no_take_is_refused(string command, string answer)
    {
        new EmbeddedServer(_engine).OpenLimits(1 << 20);
        Assert.StartsWith(answer, _client.Ask(command), StringComparison.Ordinal);
    }
}
