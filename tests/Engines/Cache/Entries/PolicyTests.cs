using Groundwork.Cache.Benchmarks.Ratios;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;

namespace Groundwork.Cache.Tests.Entries;

/// <summary>How often the cache has what it is asked for, beside other policies with as many entries.</summary>
public sealed class PolicyTests
{
    private const int Requests = 400_000;

    [Theory]
    [InlineData("zipf-0.7")]
    [InlineData("zipf-0.9")]
    [InlineData("zipf-1.0")]
    [InlineData("zipf-1.2")]
    [InlineData("scans")]
    [InlineData("loop")]
    [InlineData("shifts")]
    [InlineData("drift")]
    public void It_has_no_fewer_than_an_LRU_and_no_more_than_the_optimum(string name)
    {
        var (ours, fit, requests) = Run(name);
        Assert.InRange(ours, requests.LongCount(new Lru(fit).Ask) / (double)Requests, Optimum.Hits(requests, fit) / (double)Requests);
    }

    [Theory]
    [InlineData("zipf-0.9")]
    [InlineData("scans")]
    public void It_is_within_three_points_of_the_best_published_policies(string name)
    {
        var (ours, fit, requests) = Run(name);
        var best = Math.Max(requests.LongCount(new S3Fifo(fit).Ask), requests.LongCount(new WindowTinyLfu(fit).Ask)) / (double)Requests;
        Assert.InRange(ours, best - 0.03, 1);
    }

    [Fact]
    public void Of_keys_used_alike_the_smaller_stay()
    {
        using var engine = Engine();
        var client = new CacheClient(engine);
        var random = new Random(8);
        for (var i = 0; i < 60_000; i++)
        {
            var key = random.Next(6_000);
            client.Ask("set", $"key:{key}", new string('x', key % 2 == 0 ? 200 : 2000), "nx", "get");
        }

        var small = Enumerable.Range(0, 6_000).Count(key => key % 2 == 0 && client.Ask("exists", $"key:{key}") == ":1");
        Assert.InRange(small, 2_700, 3_000);
    }

    [Fact]
    public void Who_comes_back_after_it_had_to_leave_keeps_a_part_of_its_frequency()
    {
        var left = new LeftUses(_ => { });
        left.Add(0x1234_5678_9ABC_DEF0, 7, 1000);
        Assert.Equal(7, left.Find(0x1234_5678_9ABC_DEF0));
        left.Add(1, 3, 100_000);
        Assert.Equal(7, left.Find(0x1234_5678_9ABC_DEF0));
        Assert.Equal(-1, left.Find(0x9234_5678_9ABC_DEF0));
        left.Dispose();
        Assert.Equal(-1, left.Find(0x1234_5678_9ABC_DEF0));
    }

    [Fact]
    public void When_the_bound_is_changed_it_goes_on_within_the_new_one()
    {
        using var engine = Engine();
        var client = new CacheClient(engine);
        for (var i = 0; i < 30_000; i++)
            client.Ask("set", $"key:{i}", new string('x', 500));
        client.Ask("config", "set", "maxmemory", $"{8 << 20}");
        for (var i = 0; i < 30_000; i++)
            client.Ask("set", $"key:{i}", new string('x', 500));
        Assert.InRange(engine.Keyspace.Pool.Held, 6 << 20, 8 << 20);
        Assert.InRange(engine.Keyspace.Count(0), 10_000, 16_000);
    }

    private static CacheEngine Engine() =>
        new(new KeyspaceOptions(4 << 20, EvictionPolicy.AllKeysTinyLfu, 4), TimeProvider.System, new Random(7));

    private static (double Ratio, int Fit, int[] Requests) Run(string name)
    {
        using var engine = Engine();
        var client = new CacheClient(engine);
        var trace = Trace.All.Single(t => t.Name == name);
        for (var i = 0; i < 20_000; i++)
            client.Ask("set", $"key:{i:D8}", new string('x', trace.BytesOf(i)));
        var fit = (int)engine.Keyspace.Count(0);
        client.Ask("flushall");
        var requests = trace.Requests(fit).Take(Requests).ToArray();
        var hits = requests.Count(key => client.Ask("set", $"key:{key:D8}", new string('x', trace.BytesOf(key)), "nx", "get") != "$-1");
        return (hits / (double)Requests, fit, requests);
    }

    private sealed class Lru(int capacity)
    {
        private readonly KeyQueue _keys = new();

        public bool Ask(int key)
        {
            var hit = _keys.Remove(key);
            if (!hit && _keys.Count == capacity)
                _keys.Take();
            _keys.Add(key);
            return hit;
        }
    }
}
