using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Entries;

/// <summary>What large values leave behind is freed a little at a time.</summary>
public sealed class RemainsTests : IDisposable
{
    private readonly CacheEngine _engine = new(
        new KeyspaceOptions(0, EvictionPolicy.NoEviction, 1), new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50)), new Random(1));

    private readonly CacheClient _client;

    public RemainsTests() => _client = new CacheClient(_engine);

    private Shard Shard => _engine.Keyspace.Shards[0];

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData("string", "del v")]
    [InlineData("list", "unlink v")]
    [InlineData("hash", "set v x")]
    [InlineData("set", "sinterstore v none")]
    [InlineData("zset", "expire v -1")]
    public void A_large_value_is_gone_at_once_and_its_memory_piece_by_piece(string kind, string removal)
    {
        var before = Shard.Heap.BlockBytes;
        Make(kind, 20_000);
        var held = Shard.Heap.BlockBytes - before;

        _client.Ask(removal);

        Assert.Equal(1, Shard.Remains.Count);
        Assert.True(Shard.Heap.BlockBytes - before > held * 9 / 10);
        var (steps, last) = (0, Shard.Heap.BlockBytes);
        for (; Shard.FreeSome(8); steps++)
        {
            Assert.True(last - Shard.Heap.BlockBytes < held / 10, "a step is a small part");
            last = Shard.Heap.BlockBytes;
        }

        Assert.True(steps > 10);
        _client.Ask("del v");
        Assert.Equal(before, Shard.Heap.BlockBytes);
    }

    [Fact]
    public void Upkeep_frees_what_is_left()
    {
        Make("zset", 20_000);
        _client.Ask("del v");

        while (_engine.Maintain(64))
        {
        }

        Assert.Equal((0, 0), (Shard.Remains.Count, Shard.Heap.BlockBytes));
    }

    [Fact]
    public void Nothing_is_left_after_all_keys_are_removed()
    {
        Make("list", 20_000);
        _client.AskAll("del v; flushall");

        Assert.Equal((0, 0), (Shard.Remains.Count, Shard.Heap.BlockBytes));
        Make("hash", 20_000);
        Assert.Equal(":20000", _client.Ask("hlen v"));
    }

    [Fact]
    public void Nobody_has_to_leave_while_something_is_left()
    {
        Make("hash", 40_000);
        _client.AskAll("set kept x; config set maxmemory-policy allkeys-lru");
        _client.Ask("config", "set", "maxmemory", $"{_engine.Keyspace.Pool.Held + 200_000}");
        _client.Ask("del v");

        for (var i = 0; i < 500; i++)
            _client.Ask("set", $"k{i}", new string('x', 1_000));

        Assert.Equal("$1|x", _client.Ask("get kept"));
        Assert.Equal(":501", _client.Ask("dbsize"));
    }

    [Fact]
    public void Databases_change_places_with_what_is_left_of_them()
    {
        Make("set", 20_000);
        _client.AskAll("swapdb 0 1; select 1; rename v w; del w; select 0; set a b");

        while (_engine.Maintain(64))
        {
        }

        Assert.Equal(("$1|b", 0), (_client.Ask("get a"), Shard.Remains.Count));
    }

    private void Make(string kind, int elements)
    {
        for (var i = 0; i < elements; i++)
        {
            _ = kind switch
            {
                "string" => i == 0 ? _client.Ask("setrange", "v", $"{elements * 50}", "x") : "",
                "list" => _client.Ask("rpush", "v", $"element-{i}-of-a-list-that-is-long"),
                "hash" => _client.Ask("hset", "v", $"field-{i}", $"value-{i}-of-a-hash"),
                "set" => _client.Ask("sadd", "v", $"member-{i}-of-a-set"),
                _ => _client.Ask("zadd", "v", $"{i}", $"member-{i}"),
            };
        }
    }
}
