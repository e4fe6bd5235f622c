using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;

namespace Groundwork.Cache.Tests.Commands;

public sealed class CopyTests : IDisposable
{
    private readonly CacheEngine _engine = new(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 16), TimeProvider.System, new Random(1));
    private readonly CacheClient _client;

    public CopyTests() => _client = new CacheClient(_engine);

    public void Dispose() => _engine.Dispose();

    // In one piece and in chunks; to as many other shards as there are.
    [Theory]
    [InlineData("rpush k {0}", "lrange k 0 -1", 20)]
    [InlineData("rpush k {0}", "lrange k 0 -1", 3000)]
    [InlineData("hset k {0} v{0}", "hget k 7", 20)]
    [InlineData("hset k {0} v{0}", "hget k 2999", 3000)]
    [InlineData("sadd k {0}", "smismember k 0 7 x", 20)]
    [InlineData("sadd k m{0}", "smismember k m0 m2999 x", 3000)]
    [InlineData("zadd k {0} m{0}", "zrange k 0 -1 withscores", 20)]
    [InlineData("zadd k {0} m{0}", "zrange k 0 -1 withscores", 3000)]
    [InlineData("append k {0}", "get k", 3000)]
    public void A_copy_holds_the_same_and_a_renamed_key_too(string add, string read, int count)
    {
        for (var i = 0; i < count; i++)
            _client.Ask(add.Replace("{0}", $"{i}", StringComparison.Ordinal));
        var value = _client.Ask(read);
        _client.Ask("pexpire k 1000000");
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(":1", _client.Ask($"copy k copy{i}"));
            Assert.Equal(value, _client.Ask(read.Replace(" k", $" copy{i}", StringComparison.Ordinal)));
            Assert.Equal(_client.Ask("object encoding k"), _client.Ask($"object encoding copy{i}"));
            Assert.Equal("+OK", _client.Ask($"rename copy{i} name{i}"));
            Assert.Equal(value, _client.Ask(read.Replace(" k", $" name{i}", StringComparison.Ordinal)));
            Assert.NotEqual(":-1", _client.Ask($"pttl name{i}"));
            Assert.Equal(":1", _client.Ask($"del name{i}"));
        }

        _client.Ask("del k");
        Leftovers.AssertNone(_engine);
    }
}
