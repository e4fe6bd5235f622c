using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Commands;

public sealed class KeyCommandsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;
    private readonly CacheClient _client;

    public KeyCommandsTests()
    {
        _engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), _time, new Random(1));
        _client = new CacheClient(_engine);
    }

    public void Dispose() => _engine.Dispose();

    // As redis-server 7.0 answers.
    [Theory]
    [InlineData("rename a b", "-ERR no such key")]
    [InlineData("set a 1; rename a a", "+OK")]
    [InlineData("set a x; rename a b; mget a b", "*2|$-1|$1|x")]
    [InlineData("set a 12; set b x ex 10; rename a b; ttl b", ":-1")]
    [InlineData("set a 12 ex 10; set b x; rename a b; ttl b", ":10")]
    [InlineData("set {a}1 x; set {a}2 y; rename {a}1 {a}2; mget {a}1 {a}2", "*2|$-1|$1|x")]
    [InlineData("set a x; set b y; renamenx a b", ":0")]
    [InlineData("set a x; renamenx a a", ":0")]
    [InlineData("set a x; renamenx a b; get b", "$1|x")]
    [InlineData("renamenx a b", "-ERR no such key")]
    [InlineData("copy a b", ":0")]
    [InlineData("set a x; copy a b; mget a b", "*2|$1|x|$1|x")]
    [InlineData("set a 7 ex 10; copy a b; ttl b", ":10")]
    [InlineData("set a x; set b y; copy a b", ":0")]
    [InlineData("set a x; set b y; copy a b replace; get b", "$1|x")]
    [InlineData("set b y; copy a b replace; get b", "$1|y")]
    [InlineData("set a x; copy a a", "-ERR source and destination objects are the same")]
    [InlineData("set a x; copy a a db 1; select 1; get a", "$1|x")]
    [InlineData("copy a b db 99", "-ERR DB index is out of range")]
    [InlineData("copy a b nonsense", "-ERR syntax error")]
    [InlineData("set a x; move a 1; exists a", ":0")]
    [InlineData("set a x ex 10; move a 1; select 1; ttl a", ":10")]
    [InlineData("set a x; select 1; set a y; select 0; move a 1", ":0")]
    [InlineData("move a 1", ":0")]
    [InlineData("move a 0", "-ERR source and destination objects are the same")]
    [InlineData("move a 16", "-ERR DB index is out of range")]
    [InlineData("set a x ex 10; swapdb 0 1; get a", "$-1")]
    [InlineData("set a x ex 10; swapdb 0 1; select 1; ttl a", ":10")]
    [InlineData("set a x; select 1; set a y; set b z; swapdb 1 0; mget a b", "*2|$1|x|$-1")]
    [InlineData("swapdb x 1", "-ERR invalid first DB index")]
    [InlineData("swapdb 1 x", "-ERR invalid second DB index")]
    [InlineData("swapdb 0 99", "-ERR DB index is out of range")]
    [InlineData("set a x; swapdb 0 1; dbsize", ":0")]
    [InlineData("randomkey", "$-1")]
    [InlineData("set a x; randomkey", "$1|a")]
    [InlineData("set a x; select 1; randomkey", "$-1")]
    [InlineData("object encoding a", "$-1")]
    [InlineData("set a 12; object encoding a", "$3|int")]
    [InlineData("set a x; object encoding a", "$6|embstr")]
    [InlineData("set a aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeee; object encoding a", "$3|raw")]
    [InlineData("set a x; object refcount a", ":1")]
    [InlineData("set a x; object idletime a", ":0")]
    [InlineData("object freq a", "$-1")]
    [InlineData("object", "-ERR wrong number of arguments for 'object' command")]
    [InlineData("memory usage a", "$-1")]
    [InlineData("set a x; memory usage a samples -1", "-ERR syntax error")]
    [InlineData("role", "*3|$6|master|:0|*0")]
    [InlineData("latency latest", "*0")]
    [InlineData("latency reset", ":0")]
    [InlineData("scan 0", "*2|$1|0|*0")]
    [InlineData("scan x", "-ERR invalid cursor")]
    [InlineData("scan 0 count 0", "-ERR syntax error")]
    [InlineData("scan 0 count x", "-ERR value is not an integer or out of range")]
    [InlineData("scan 0 nonsense", "-ERR syntax error")]
    [InlineData("set ab 1; set cd 1; keys a*", "*1|$2|ab")]
    public void Answers_are_those_of_redis(string lines, string answer)
    {
        var last = "";
        foreach (var line in lines.Split("; "))
            last = _client.Ask(line);
        Assert.Equal(answer, last);
    }

    // Where this server is another one than Redis.
    [Theory]
    [InlineData("set a x; memory usage a", ":44")]
    [InlineData("wait 1 0", ":0")]
    [InlineData("set a x; latency histogram set", "*2|$3|set|*4|$5|calls|:1|$14|histogram_usec|*2|:1|:1")]
    [InlineData("debug sleep 0", "-ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can run it from a local connection, otherwise you need to set this option in the settings, and then restart the server.")]
    public void Answers_of_its_own_are_these(string lines, string answer) => Answers_are_those_of_redis(lines, answer);

    [Fact]
    public void A_command_on_two_keys_of_a_shard_finds_the_first_although_the_time_of_the_second_is_over()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        using var engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 1), time, new Random(1));
        var client = new CacheClient(engine);
        const int Pairs = 1000;
        for (var i = 0; i < Pairs; i++)
        {
            client.Ask($"rpush list{i} {i}");
            client.Ask($"sadd set{i} {i}");
            client.Ask($"set over{i} x px 10");
        }

        time.Advance(TimeSpan.FromMilliseconds(20));
        for (var i = 0; i < Pairs; i += 2)
        {
            Assert.Equal($"${i.ToString().Length}|{i}", client.Ask($"lmove list{i} over{i} left right"));
            Assert.Equal(":1", client.Ask($"smove set{i} over{i + 1} {i}"));
            Assert.Equal($"*1|${i.ToString().Length}|{i}", client.Ask($"lrange over{i} 0 -1"));
            Assert.Equal($"*1|${i.ToString().Length}|{i}", client.Ask($"smembers over{i + 1}"));
            Assert.Equal(":0", client.Ask($"exists list{i} set{i}"));
        }
    }

    [Fact]
    public void Strings_of_every_length_are_renamed_and_copied_and_leave_nothing_behind()
    {
        foreach (var length in (int[])[0, 1, 100, 8000, 9000, 100_000])
        {
            var value = new string('v', length);
            _client.Ask("set", "{k}1", value);
            _client.Ask("copy", "{k}1", "other");
            _client.Ask("rename", "{k}1", "{k}2");
            _client.Ask("rename", "{k}2", "elsewhere");
            Assert.Equal($"${length}|{value}", _client.Ask("get elsewhere"));
            Assert.Equal($"${length}|{value}", _client.Ask("get other"));
            Assert.Equal(":2", _client.Ask("dbsize"));
            _client.Ask("del elsewhere other");
        }

        foreach (var shard in _engine.Keyspace.Shards)
            Assert.Equal(0, shard.Chunks.Bytes);
    }

    [Fact]
    public void A_scan_shows_every_key_that_matches_once_where_nothing_changes()
    {
        for (var i = 0; i < 500; i++)
            _client.Ask($"set k{i} v");
        _client.Ask("set other v");
        var seen = new List<string>();
        var cursor = "0";
        do
        {
            var parts = _client.Ask($"scan {cursor} match k* count 7 type string").Split('|');
            cursor = parts[2];
            seen.AddRange(parts.Skip(3).Where(p => p.StartsWith('k')));
        }
        while (cursor != "0");
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"k{i}").Order(), seen.Order());
    }

    [Fact]
    public void The_time_since_a_key_was_used_is_told_and_asking_is_no_use()
    {
        _client.Ask("set a x");
        _time.Advance(TimeSpan.FromSeconds(30.1));
        Assert.Equal(":30", _client.Ask("object idletime a"));
        Assert.Equal(":30", _client.Ask("object idletime a"));
        _client.Ask("get a");
        Assert.Equal(":0", _client.Ask("object idletime a"));
        Assert.StartsWith("-ERR An LFU maxmemory policy is not selected", _client.Ask("object freq a"), StringComparison.Ordinal);
        _client.Ask("config set maxmemory-policy allkeys-lfu");
        _client.Ask("set b x");
        Assert.Equal(":5", _client.Ask("object freq b"));
    }
}
