using System.Text;
using BenchmarkDotNet.Attributes;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Primitives.Bench.Hashing;

/// <summary>The slot of a key, short, long and with a tag, beside the keyed hash of the same bytes.</summary>
[MemoryDiagnoser]
public class KeySlotBench
{
    private byte[] _key = [];

    [Params("user:1", "session:2730488379803", "cart:{user:2730488}:items")]
    public string Key { get; set; } = "";

    [GlobalSetup]
    public void Prepare() => _key = Encoding.UTF8.GetBytes(Key);

    [Benchmark(Baseline = true)]
    public ulong Sip() => SipHash.Hash(1, 2, _key);

    [Benchmark]
    public int Slot() => KeySlot.Of(_key);
}
