using System.Buffers.Binary;
using Groundwork.Cache.Benchmarks;
using Groundwork.Cache.Benchmarks.Ratios;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Inspection;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Caching.Inspection;

namespace Groundwork.Cache.Tests.Popularity;

/// <summary>What caches of other sizes would miss that let go whoever is least useful, beside such caches.</summary>
public sealed class MiniatureTests
{
    private const long Bytes = 64 << 20;
    private const int ValueBytes = 2000;
    private const int Requests = 500_000;

    private readonly byte[] _key = new byte[16];
    private readonly byte[] _value = new byte[ValueBytes];

    [Theory]
    [InlineData("zipf-0.7")]
    [InlineData("zipf-1.0")]
    [InlineData("scans")]
    [InlineData("loop")]
    [InlineData("shifts")]
    public void From_a_half_to_four_times_the_memory_the_estimate_is_within_two_points_of_a_replay(string name)
    {
        var requests = Trace.All.Single(t => t.Name == name).Requests(Fit()).Take(Requests).ToArray();
        var (curve, missed) = Replay(requests, Bytes);
        Assert.Equal("tinylfu", curve.Policy);
        Assert.InRange(curve.Lookups, 8192, long.MaxValue);
        foreach (var point in curve.Points.Where(p => p.Scale >= 0.5))
        {
            var exact = point.LimitBytes == Bytes ? missed : Replay(requests, point.LimitBytes).MissRatio;
            TestContext.Current.TestOutputHelper!.WriteLine($"{name}, {point.Scale} times: {point.MissRatio:F4}, and by replay {exact:F4}");
            Assert.True(Math.Abs(point.MissRatio - exact) <= 0.02, $"{point.Scale} times: {point.MissRatio:F4} and not {exact:F4}");
        }
    }

    private int Fit()
    {
        using var engine = Engine();
        var (cache, space) = Open(engine, Bytes);
        for (var key = 0; key < 40_000; key++)
            Ask(cache, key);
        return (int)space.Read().Keys;
    }

    // Weighed as the estimate weighs what it has seen: by how long ago it was.
    private (MissRatioCurve Curve, double MissRatio) Replay(int[] requests, long bytes)
    {
        using var engine = Engine();
        var (cache, space) = Open(engine, bytes);
        var (misses, all) = (0.0, 0.0);
        for (var i = 0; i < requests.Length; i++)
        {
            if (i % 65_536 == 0)
                (misses, all) = (misses * 0.95, all * 0.95);
            all++;
            misses += Ask(cache, requests[i]) ? 0 : 1;
        }

        return (space.ReadMissRatio(), misses / all);
    }

    private static CacheEngine Engine() =>
        new(new KeyspaceOptions(1 << 20, EvictionPolicy.AllKeysTinyLfu, 1), TimeProvider.System, new Random(7));

    private static (ICache Cache, ISpaceInspector Space) Open(CacheEngine engine, long bytes)
    {
        var cache = new EmbeddedServer(engine).Open(new CacheSpace("replay", bytes));
        return (cache, new CacheInspector(engine).Spaces.Single(s => s.Name == "replay"));
    }

    private bool Ask(ICache cache, int key)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_key, key);
        if (cache.TryGet(_key, _value, out _) == CacheLookup.Found)
            return true;
        EmbeddedCalls.Set(cache, _key, _value, Timeout.InfiniteTimeSpan);
        return false;
    }
}
