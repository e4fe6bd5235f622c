using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Entries;

/// <summary>Strings against a dictionary, while pages are evacuated and times go by.</summary>
public sealed class EntryModelTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 4)]
    [InlineData(3, 16)]
    public void Any_sequence_of_writes_reads_as_a_dictionary_would(int seed, int shards)
    {
        var random = new Random(seed);
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        using var engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, shards), time, new Random(seed));
        var client = new CacheClient(engine);
        var model = new Dictionary<string, (string Value, DateTimeOffset Until)>();
        for (var step = 0; step < 60_000; step++)
        {
            var key = $"key:{random.Next(3000)}";
            var there = model.TryGetValue(key, out var known) && known.Until > time.GetUtcNow();
            switch (random.Next(10))
            {
                case 0 or 1 or 2:
                    var value = new string((char)('a' + random.Next(26)), LengthOf(random));
                    client.Ask("set", key, value);
                    model[key] = (value, DateTimeOffset.MaxValue);
                    break;
                case 3:
                    var seconds = random.Next(1, 100);
                    client.Ask("setex", key, $"{seconds}", "short");
                    model[key] = ("short", time.GetUtcNow().AddSeconds(seconds));
                    break;
                case 4:
                    Assert.Equal(there ? ":1" : ":0", client.Ask("del", key));
                    model.Remove(key);
                    break;
                case 5 when there && known.Value.Length < 20_000:
                    client.Ask("append", key, "+tail");
                    model[key] = (known.Value + "+tail", known.Until);
                    break;
                case 6:
                    Assert.Equal(there ? ":1" : ":0", client.Ask("expire", key, "50"));
                    if (there)
                        model[key] = (known.Value, time.GetUtcNow().AddSeconds(50));
                    break;
                case 7:
                    Assert.Equal(there && known.Until < DateTimeOffset.MaxValue ? ":1" : ":0", client.Ask("persist", key));
                    if (there)
                        model[key] = (known.Value, DateTimeOffset.MaxValue);
                    break;
                case 8 when step % 50 == 0:
                    time.Advance(TimeSpan.FromSeconds(random.Next(20)));
                    engine.Keyspace.Maintain(1000);
                    break;
                default:
                    Assert.Equal(there ? $"${known.Value.Length}|{known.Value}" : "$-1", client.Ask("get", key));
                    break;
            }
        }

        while (engine.Keyspace.Maintain(1000))
        {
        }

        var now = time.GetUtcNow();
        foreach (var (key, _) in model.Where(m => m.Value.Until <= now).ToList())
            model.Remove(key);
        Assert.Equal(model.Count, engine.Keyspace.Count(0));
        foreach (var (key, (value, _)) in model)
            Assert.Equal($"${value.Length}|{value}", client.Ask("get", key));

        client.Ask("flushall");
        Assert.Equal(0, engine.Keyspace.Count(0));
        foreach (var shard in engine.Keyspace.Shards)
            Assert.Equal(0, shard.Heap.BlockBytes);
    }

    [Fact]
    public void A_scan_shows_every_key_that_stays_however_much_comes_and_goes()
    {
        var random = new Random(5);
        using var engine = new CacheEngine(new KeyspaceOptions(0, EvictionPolicy.NoEviction, 2), TimeProvider.System, random);
        var client = new CacheClient(engine);
        for (var i = 0; i < 5000; i++)
            client.Ask("set", $"stays:{i}", "x");

        var seen = new HashSet<string>();
        var cursor = "0";
        var added = 0;
        do
        {
            var answer = client.Ask("scan", cursor, "count", "50").Split('|');
            cursor = answer[2];
            seen.UnionWith(answer.Where(w => w.StartsWith("stays:", StringComparison.Ordinal)));
            if (random.Next(2) == 0)
            {
                for (var i = 0; i < 200; i++)
                    client.Ask("set", $"comes:{added++}", "x");
            }
            else
            {
                for (var i = 0; i < 300 && added > 0; i++)
                    client.Ask("del", $"comes:{--added}");
            }
        }
        while (cursor != "0");

        Assert.Equal(5000, seen.Count);
    }

    [Theory]
    [InlineData("allkeys-tinylfu", 75)]
    [InlineData("volatile-tinylfu", 75)]
    [InlineData("allkeys-lru", 80)]
    [InlineData("allkeys-lfu", 80)]
    [InlineData("allkeys-random", 80)]
    [InlineData("volatile-ttl", 80)]
    public void Memory_stays_within_its_bound_whatever_comes(string name, int leastPercent)
    {
        Assert.True(EvictionPolicies.TryParse(name, out var policy));
        const long Limit = 8 << 20;
        var random = new Random(9);
        using var engine = new CacheEngine(new KeyspaceOptions(Limit, policy, 4), TimeProvider.System, random);
        var client = new CacheClient(engine);
        for (var i = 0; i < 60_000; i++)
        {
            Assert.Equal("+OK", client.Ask("set", $"key:{i}", new string('x', LengthOf(random) / 4), "ex", "1000"));
            Assert.True(engine.Keyspace.Pool.Held <= Limit, $"{engine.Keyspace.Pool.Held} after {i}");
        }

        // What a policy learns from counts too.
        Assert.InRange(engine.Keyspace.BlockBytes, Limit * leastPercent / 100, Limit);
    }

    [Fact]
    public void Without_eviction_what_needs_memory_is_refused_and_what_gives_it_back_is_not()
    {
        using var engine = new CacheEngine(new KeyspaceOptions(4 << 20, EvictionPolicy.NoEviction, 4), TimeProvider.System, new Random(1));
        var client = new CacheClient(engine);
        var count = 0;
        while (client.Ask("set", $"key:{count}", new string('x', 500)) == "+OK")
            count++;

        Assert.StartsWith("-OOM", client.Ask("set", "more", "x"), StringComparison.Ordinal);
        Assert.Equal("$500|" + new string('x', 500), client.Ask("get", "key:0"));
        for (var i = 0; i < count / 2; i++)
            Assert.Equal(":1", client.Ask("del", $"key:{i}"));
        Assert.Equal("+OK", client.Ask("set", "more", "x"));
    }

    // Mostly short, some of several pages.
    private static int LengthOf(Random random) => random.Next(20) switch
    {
        < 12 => random.Next(40),
        < 17 => random.Next(2000),
        < 19 => random.Next(9000),
        _ => random.Next(100_000),
    };
}
