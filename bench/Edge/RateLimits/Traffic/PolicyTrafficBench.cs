using System.Text;
using BenchmarkDotNet.Attributes;
using Groundwork.Primitives.Hashing;
using Groundwork.RateLimits.Traffic;

namespace Groundwork.RateLimits.Bench.Traffic;

/// <summary>What it costs a take to be seen: of one key, whose every take is recorded; and of many, of which few are, every other one refused.</summary>
[MemoryDiagnoser]
public class PolicyTrafficBench
{
    private const int Keys = 100_000;

    private readonly byte[][] _keys = [.. Enumerable.Range(0, Keys).Select(i => Encoding.UTF8.GetBytes($"api:203.0.{i / 256}.{i % 256}"))];
    private readonly PolicyTraffic _one = new(new TrafficClock(TimeProvider.System), new Random(1));
    private readonly PolicyTraffic _many = new(new TrafficClock(TimeProvider.System), new Random(1));
    private int _at;

    [Benchmark]
    public void OneKey() => _one.Add(_keys[0], 1, isRefused: false, isRecorded: true);

    /// <summary>What finding and hashing one of many keys takes, which is in <see cref="ManyKeys"/> too.</summary>
    [Benchmark]
    public ulong ManyKeysHashed()
    {
        _at = (_at + 7919) % Keys;
        return WyHash.Hash(_keys[_at], 1);
    }

    [Benchmark]
    public void ManyKeys()
    {
        _at = (_at + 7919) % Keys;
        _many.Add(_keys[_at], 1, isRefused: (_at & 1) == 0, isRecorded: true);
    }
}
