using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Commands;

public sealed class SortTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;

    public SortTests() => _engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), _time, new Random(1));

    public void Dispose() => _engine.Dispose();

    // As redis-server 7.0 answers.
    [Theory]
    [InlineData("sort none", "*0")]
    [InlineData("rpush l 10 9 1 -2.5; sort l", "*4|$4|-2.5|$1|1|$1|9|$2|10")]
    [InlineData("rpush l 10 9 1; sort l desc", "*3|$2|10|$1|9|$1|1")]
    [InlineData("rpush l 10 9 1; sort l alpha", "*3|$1|1|$2|10|$1|9")]
    [InlineData("rpush l b a; sort l", "-ERR One or more scores can't be converted into double")]
    [InlineData("rpush l b a c; sort l alpha desc limit 1 1", "*1|$1|b")]
    [InlineData("rpush l 3 1 2; sort l limit 0 -1", "*3|$1|1|$1|2|$1|3")]
    [InlineData("rpush l 3 1 2; sort l limit -5 2", "*2|$1|1|$1|2")]
    [InlineData("rpush l 3 1 2; sort l limit 5 2", "*0")]
    [InlineData("rpush l 3 1 2; sort l limit 0 x", "-ERR value is not an integer or out of range")]
    [InlineData("rpush l 3 1 2; sort l limit 0", "-ERR syntax error")]
    [InlineData("sadd s 3 1 2; sort s", "*3|$1|1|$1|2|$1|3")]
    [InlineData("zadd z 3 1 2 2 1 3; sort z", "*3|$1|1|$1|2|$1|3")]
    [InlineData("zadd z 3 1 2 2 1 3; sort z by nosort", "*3|$1|3|$1|2|$1|1")]
    [InlineData("zadd z 3 1 2 2 1 3; sort z by nosort desc limit 0 2", "*2|$1|1|$1|2")]
    [InlineData("rpush l 3 1 2; sort l by nosort", "*3|$1|3|$1|1|$1|2")]
    [InlineData("sadd s 10 9; sort s by nosort store d; lrange d 0 -1", "*2|$2|10|$1|9")]
    [InlineData("rpush l 1 2 3; mset w1 3 w2 2 w3 1; sort l by w*", "*3|$1|3|$1|2|$1|1")]
    [InlineData("rpush l 1 2 3; mset w1 3 w3 1; sort l by w*", "*3|$1|2|$1|3|$1|1")]
    [InlineData("rpush l 1 2; mset w1 x w2 1; sort l by w*", "-ERR One or more scores can't be converted into double")]
    [InlineData("rpush l 1 2; mset w1 b w2 a; sort l by w* alpha", "*2|$1|2|$1|1")]
    [InlineData("rpush l 1 2; hset h1x f 2; hset h2x f 1; sort l by h*x->f", "*2|$1|2|$1|1")]
    [InlineData("rpush l 2 1; mset o1 a o2 b; sort l get o*", "*2|$1|a|$1|b")]
    [InlineData("rpush l 2 1; set o1 a; sort l get # get o* get none", "*6|$1|1|$1|a|$-1|$1|2|$-1|$-1")]
    [InlineData("rpush l 1; hset h1 f v; sort l get h*->f get h*->g get h*-> get h*", "*4|$1|v|$-1|$-1|$-1")]
    [InlineData("rpush l 2 1; sort l store d", ":2")]
    [InlineData("rpush l 2 1; sort l store l; lrange l 0 -1", "*2|$1|1|$1|2")]
    [InlineData("rpush l 2 1; set o1 a; sort l get o* store d; lrange d 0 -1", "*2|$1|a|$0|")]
    [InlineData("set d x; sort none store d", ":0")]
    [InlineData("set d x; sort none store d; exists d", ":0")]
    [InlineData("set l x; sort l", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("hset l x y; sort l", "-WRONGTYPE Operation against a key holding the wrong kind of value")]
    [InlineData("sort_ro l store d", "-ERR syntax error")]
    [InlineData("rpush l 2 1; sort_ro l", "*2|$1|1|$1|2")]
    [InlineData("sort l foo", "-ERR syntax error")]
    [InlineData("command getkeys sort a by b* get store store d", "*2|$1|a|$1|d")]
    public void Answers_are_those_of_redis(string lines, string answer) => Assert.Equal(answer, new CacheClient(_engine).AskAll(lines));

    [Fact]
    public void A_list_that_was_stored_wakes_who_waits_for_it()
    {
        var (waiter, client) = (new CacheClient(_engine), new CacheClient(_engine));
        waiter.Ask("blpop d 0");

        client.AskAll("rpush l 3 1 2; sort l store d");

        Assert.Equal("*2|$1|d|$1|1|", waiter.Posted);
        Assert.Equal("*2|$1|2|$1|3", client.Ask("lrange d 0 -1"));
    }

    [Fact]
    public void What_a_pattern_names_may_expire_meanwhile()
    {
        var client = new CacheClient(_engine);
        for (var i = 0; i < 50; i++)
            client.AskAll($"rpush l {i}; set w{i} {50 - i} px 1");
        _time.Advance(TimeSpan.FromMilliseconds(2));

        Assert.StartsWith("*50|$1|0|$1|1|", client.Ask("sort l by w* get #"), StringComparison.Ordinal);
    }
}
