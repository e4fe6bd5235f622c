using System.Buffers;
using System.Text;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Dumps;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Dumps;

public sealed class DumpTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly CacheEngine _engine;
    private readonly CacheClient _client;

    public DumpTests()
    {
        _engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 4), _time, new Random(1));
        _client = new CacheClient(_engine);
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void The_checksum_is_that_of_its_polynomial() => Assert.Equal(0xE9C6D914C4B8D9CAul, Crc64.Of("123456789"u8));

    // As redis-server 7.0 dumps them.
    [Theory]
    [InlineData("ABZoZWxsbywgd29ybGQgb2YgY2FjaGVzCgAH7TjhgyX1Cw==", "get k", "$22|hello, world of caches")]
    [InlineData("AMKQ7v7/CgAodd57E+soAA==", "get k", "$6|-70000")]
    [InlineData("AMMPQS8DYWJjYeD/AuEXBwJlbmQKAHgtMql9iKIH", "getrange k 294 -1", "$9|abcabcend")]
    [InlineData("EgECwylAaB9oAAAABgCBYQLf+wLP/wLycBEBBPQA5o7n/f///wngRgB44DwAAUj/CgBLZdyHU/xzLg==", "lrange k 0 4", "*5|$1|a|$2|-5|$4|4095|$5|70000|$11|-9000000000")]
    [InlineData("EgMCCgoAAAABAIFhAv8Cw0BKU5YHlhMAAAEA8IggBgB54P8A4P8A4P8A4P8A4P8A4P8A4P8A4P8A4P8A4P8A4P8A4P8A4P8A4P8A4P8A4P8A4P8A4P8A4O4AAieN/wIKCgAAAAEAgWIC/woASyq6g7NQhWQ=", "lindex k 2", "$1|b")]
    [InlineData("CxQEAAAAAwAAANT+//8BAAAAcBEBAAoAP80F1TX2X+0=", "smembers k", "*3|$4|-300|$1|1|$5|70000")]
    [InlineData("CxgIAAAAAgAAAAEAAAAAAAAAAPIFKgEAAAAKAFT1omrnB7X8", "smembers k", "*2|$1|1|$10|5000000000")]
    [InlineData("AgMDcmVkwAcFZ3JlZW4KAEU1IQ+IiRXc", "smismember k red green 7 8", "*4|:1|:1|:1|:0")]
    [InlineData("EMMkQF4cXgAAAAYAhG5hbWUFgXgCgW4CDAGEbG9uZwXgQHrgNgABQv8KAFSnavxNi6BI", "hmget k name n none", "*3|$1|x|$2|12|$-1")]
    [InlineData("BAEBa8MJQMgBdnbguwABdnYKAFK0WgSU3coq", "hstrlen k k", ":200")]
    [InlineData("ERkZAAAABgAHAd/9AoFhAgEBgWICgzIuNQT/CgB4jDZ1r8GOPg==", "zrange k 0 -1 withscores", "*6|$1|7|$2|-3|$1|a|$1|1|$1|b|$3|2.5")]
    [InlineData("BQLDCUBkAW1t4FcAAW1tAAAAAAAA8H8BbpqZmZmZmbk/CgDYkydSj/U7Gw==", "zrange k inf inf byscore withscores limit 0 1", "*2|$100|mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm|$3|inf")]
    public void What_redis_dumped_is_restored(string dump, string question, string answer)
    {
        Assert.Equal("+OK", _client.AskBytes("restore", "k", "0", OfBase64(dump)));

        Assert.Equal(answer, _client.Ask(question));
    }

    // A value before Redis 7: zip lists, and scores as text.
    [Theory]
    [InlineData(DumpType.ListZipList, "zip", "lrange k 0 -1", "*5|$1|a|$1|3|$3|300|$6|-70000|$3|xyz")]
    [InlineData(DumpType.ListZipLists, "1 zip", "lrange k 0 -1", "*5|$1|a|$1|3|$3|300|$6|-70000|$3|xyz")]
    [InlineData(DumpType.SortedSetOfTexts, "scores", "zrange k 0 -1 withscores", "*4|$1|m|$3|1.5|$1|n|$3|inf")]
    public void What_older_versions_dumped_is_restored(object type, string value, string question, string answer)
    {
        byte[] items = [0, 1, (byte)'a', 3, 0xF4, 2, 0xC0, 0x2C, 0x01, 4, 0xF0, 0x90, 0xEE, 0xFE, 5, 3, (byte)'x', (byte)'y', (byte)'z', 0xFF];
        byte[] zip = [(byte)(items.Length + 10), 0, 0, 0, 10, 0, 0, 0, 5, 0, .. items];
        byte[] bytes = value switch
        {
            "zip" => [(byte)zip.Length, .. zip],
            "1 zip" => [1, (byte)zip.Length, .. zip],
            _ => [2, 1, (byte)'m', 3, (byte)'1', (byte)'.', (byte)'5', 1, (byte)'n', 254],
        };

        Assert.Equal("+OK", _client.AskBytes("restore", "k", "0", Finished((byte)(DumpType)type, bytes)));

        Assert.Equal(answer, _client.Ask(question));
    }

    [Theory]
    [InlineData("set k hello", "get c")]
    [InlineData("set k -12345", "get c")]
    [InlineData("set k 5000000000", "get c")]
    [InlineData("setrange k 100000 end", "getrange c 99999 -1")]
    [InlineData("rpush k a 1 -70000 5000000000 bcd", "lrange c 0 -1")]
    [InlineData("sadd k 1 2 300000", "smembers c")]
    [InlineData("sadd k x y 3", "smembers c")]
    [InlineData("hset k f v 1 2", "hgetall c")]
    [InlineData("zadd k 1 a 2.5 b -inf c inf d", "zrange c 0 -1 withscores")]
    public void A_dump_makes_an_equal_value(string make, string look)
    {
        _client.Ask(make);

        Assert.Equal("+OK", _client.AskBytes("restore", "c", "0", DumpOf("k")));

        Assert.Equal(_client.Ask(look.Replace(" c", " k", StringComparison.Ordinal)), _client.Ask(look));
        Assert.Equal(_client.Ask("object encoding k"), _client.Ask("object encoding c"));
    }

    [Fact]
    public void Large_values_of_every_kind_are_the_same_after_a_dump()
    {
        var random = new Random(7);
        for (var i = 0; i < 2_000; i++)
        {
            var item = random.Next(3) == 0 ? $"{random.Next(-100_000, 100_000)}" : new string((char)random.Next('a', 'z'), random.Next(1, 700));
            _client.Ask("rpush", "list", item);
            _client.Ask("sadd", "set", item);
            _client.Ask("hset", "hash", item, $"{i}");
            _client.Ask("zadd", "zset", $"{random.Next(100)}", item);
        }

        foreach (var (key, look) in new[] { ("list", "lrange KEY 0 -1"), ("set", "sort KEY alpha"), ("zset", "zrange KEY 0 -1 withscores") })
        {
            _client.AskBytes("restore", "copy", "0", DumpOf(key), "replace");
            Assert.Equal(_client.Ask(look.Replace("KEY", key, StringComparison.Ordinal)), _client.Ask(look.Replace("KEY", "copy", StringComparison.Ordinal)));
        }

        _client.AskBytes("restore", "copy", "0", DumpOf("hash"), "replace");
        Assert.Equal(Sorted(_client.Ask("hgetall hash")), Sorted(_client.Ask("hgetall copy")));
    }

    [Fact]
    public void It_is_the_same_as_redis_dumps_where_nothing_is_packed()
    {
        _client.AskAll("set text hello,; set number -70000; sadd members red 7 green");
        _client.Ask("set", "text", "hello, world of caches");

        Assert.Equal(OfBase64("ABZoZWxsbywgd29ybGQgb2YgY2FjaGVzCgAH7TjhgyX1Cw=="), DumpOf("text"));
        Assert.Equal(OfBase64("AMKQ7v7/CgAodd57E+soAA=="), DumpOf("number"));
        Assert.Equal(OfBase64("AgMDcmVkwAcFZ3JlZW4KAEU1IQ+IiRXc"), DumpOf("members"));
    }

    [Fact]
    public void What_is_there_stays_unless_it_is_to_be_replaced()
    {
        _client.AskAll("set k old; rpush l a b");

        Assert.Equal("-BUSYKEY Target key name already exists.", _client.AskBytes("restore", "k", "0", DumpOf("l")));
        Assert.Equal("-ERR Bad data format", _client.AskBytes("restore", "k", "0", Finished(1, [2, 1, (byte)'a']), "replace"));
        Assert.Equal("$3|old", _client.Ask("get k"));
        Assert.Equal("+OK", _client.AskBytes("restore", "k", "0", DumpOf("l"), "REPLACE"));
        Assert.Equal("*2|$1|a|$1|b", _client.Ask("lrange k 0 -1"));
    }

    [Fact]
    public void It_may_come_with_a_time_to_live()
    {
        _client.Ask("set k v");
        var dump = DumpOf("k");
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();

        _client.AskBytes("restore", "a", "1500", dump);
        _client.AskBytes("restore", "b", $"{now + 2500}", dump, "absttl");
        _client.AskBytes("restore", "c", $"{now - 1}", dump, "absttl");
        _client.AskBytes("restore", "d", "0", dump);

        Assert.Equal((":1500", ":2500", ":-2", ":-1"), (_client.Ask("pttl a"), _client.Ask("pttl b"), _client.Ask("pttl c"), _client.Ask("pttl d")));
    }

    [Theory]
    [InlineData("-ERR Invalid TTL value, must be >= 0", "-1")]
    [InlineData("-ERR value is not an integer or out of range", "x")]
    [InlineData("-ERR syntax error", "0", "nothing")]
    [InlineData("-ERR syntax error", "0", "idletime")]
    [InlineData("-ERR syntax error", "0", "idletime", "1", "freq", "1")]
    [InlineData("-ERR Invalid IDLETIME value, must be >= 0", "0", "idletime", "-1")]
    [InlineData("-ERR Invalid FREQ value, must be >= 0 and <= 255", "0", "freq", "256")]
    [InlineData("+OK", "0", "freq", "255")]
    public void Errors_are_those_of_redis(string answer, string ttl, params string[] options)
    {
        _client.Ask("set k v");

        Assert.Equal(answer, _client.AskBytes(["restore", "c", ttl, DumpOf("k"), .. options]));
    }

    [Fact]
    public void What_is_not_whole_is_refused()
    {
        _client.AskAll("set k v; zadd z 1 a");
        var dump = DumpOf("k");

        const string Wrong = "-ERR DUMP payload version or checksum are wrong";
        Assert.Equal(Wrong, _client.AskBytes("restore", "c", "0", ""));
        Assert.Equal(Wrong, _client.AskBytes("restore", "c", "0", dump[..^1]));
        Assert.Equal(Wrong, _client.AskBytes("restore", "c", "0", (char)(dump[0] + 1) + dump[1..]));
        Assert.Equal("-ERR Bad data format", _client.AskBytes("restore", "c", "0", Finished(15, [1, 2, 3])));
        Assert.Equal("-ERR Bad data format", _client.AskBytes("restore", "c", "0", Finished(2, [0])));
        Assert.Equal("$-1", _client.Ask("dump none"));
    }

    [Fact]
    public void Whatever_a_dump_holds_it_does_no_harm()
    {
        var random = new Random(11);
        string[] dumps =
        [
            "EgECwylAaB9oAAAABgCBYQLf+wLP/wLycBEBBPQA5o7n/f///wngRgB44DwAAUj/CgBLZdyHU/xzLg==",
            "EMMkQF4cXgAAAAYAhG5hbWUFgXgCgW4CDAGEbG9uZwXgQHrgNgABQv8KAFSnavxNi6BI",
            "ERkZAAAABgAHAd/9AoFhAgEBgWICgzIuNQT/CgB4jDZ1r8GOPg==",
            "CxgIAAAAAgAAAAEAAAAAAAAAAPIFKgEAAAAKAFT1omrnB7X8",
            "BQLDCUBkAW1t4FcAAW1tAAAAAAAA8H8BbpqZmZmZmbk/CgDYkydSj/U7Gw==",
        ];
        for (var round = 0; round < 20_000; round++)
        {
            var dump = Convert.FromBase64String(dumps[random.Next(dumps.Length)]).AsSpan()[..^10].ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
                dump[random.Next(dump.Length)] = (byte)random.Next(256);
            var answer = _client.AskBytes("restore", "k", "0", Finished(dump[0], dump[1..random.Next(1, dump.Length + 1)]), "replace");

            Assert.True(answer is "+OK" or "-ERR Bad data format", answer);
        }
    }

    private static string Sorted(string answer) => string.Join('|', answer.Split('|').Order(StringComparer.Ordinal));

    private static string OfBase64(string text) => Encoding.Latin1.GetString(Convert.FromBase64String(text));

    private static string Finished(byte type, byte[] value)
    {
        var dump = new ArrayBufferWriter<byte>();
        dump.Write([type, .. value]);
        Dump.Finish(dump);
        return Encoding.Latin1.GetString(dump.WrittenSpan);
    }

    // Line ends of the dump itself are bars in the answer: asked for in another way.
    private string DumpOf(string key)
    {
        var name = Encoding.UTF8.GetBytes(key);
        var shard = _engine.Keyspace.ShardOf(name);
        return Encoding.Latin1.GetString(DumpWriter.Write(shard, shard.Find(0, name, _engine.Keyspace.Now)).WrittenSpan);
    }
}
