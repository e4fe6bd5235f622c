using System.Text;
using BenchmarkDotNet.Attributes;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Ports.Caching;

namespace Groundwork.Cache.Bench.Embedded;

/// <summary>The Cache port in the same process: keys and values of 16 bytes, on one thread.</summary>
[MemoryDiagnoser]
[MinColumn]
public class EmbeddedCacheBench : IDisposable
{
    private const int Round = 1 << 14;

    private readonly byte[] _value = new byte[16];
    private readonly byte[] _destination = new byte[64];
    private readonly int[] _order = new int[Round];
    private byte[][] _keys = [];
    private CacheEngine _engine = null!;
    private ICache _cache = null!;

    [Params(1_000, 100_000)]
    public int Count { get; set; }

    [Params(false, true)]
    public bool Expire { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(1);
        _engine = new CacheEngine(new KeyspaceOptions(64 << 20, EvictionPolicy.AllKeysLru, 16), TimeProvider.System, random);
        _cache = new EmbeddedServer(_engine).Open(new CacheSpace("bench", 64 << 20));
        random.NextBytes(_value);
        _keys = [.. Enumerable.Range(0, Count).Select(i => Encoding.ASCII.GetBytes($"key:{i,12}"))];
        for (var i = 0; i < _order.Length; i++)
            _order[i] = random.Next(Count);
        foreach (var key in _keys)
            Set(key);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _engine.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Round)]
    public int TryGet()
    {
        var sum = 0;
        foreach (var i in _order)
        {
            _cache.TryGet(_keys[i], _destination, out var length);
            sum += length;
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Round)]
    public void SetAsync()
    {
        foreach (var i in _order)
            Set(_keys[i]);
    }

    private void Set(byte[] key)
    {
        var set = _cache.SetAsync(key, _value, Expire ? TimeSpan.FromHours(1) : Timeout.InfiniteTimeSpan);
        if (!set.IsCompletedSuccessfully)
            throw new InvalidOperationException("In the same process nothing waits.");
    }
}
