using BenchmarkDotNet.Attributes;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Primitives.Bench.Hashing;

/// <summary>The owner of a key among few and many nodes: by the ring, by rendezvous with and without weights.</summary>
[MemoryDiagnoser]
public class HashRingBench
{
    private readonly string[] _owners = new string[3];
    private HashRing _ring = null!;
    private RendezvousHash _even = null!;
    private RendezvousHash _weighted = null!;
    private ulong _hash;

    [Params(3, 16, 256)]
    public int Nodes { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _ring = new HashRing(Enumerable.Range(0, Nodes).Select(i => new WeightedNode($"10.0.0.{i}")));
        _even = new RendezvousHash(_ring.Nodes);
        _weighted = new RendezvousHash(_ring.Nodes.Select((n, i) => new WeightedNode(n.Name, 1 + (i % 2))));
    }

    [Benchmark(Baseline = true)]
    public string Ring() => _ring.OwnerOf(_hash += 0x9E3779B97F4A7C15);

    [Benchmark]
    public int RingOfThree() => _ring.OwnersOf(_hash += 0x9E3779B97F4A7C15, _owners);

    [Benchmark]
    public string Rendezvous() => _even.OwnerOf(_hash += 0x9E3779B97F4A7C15);

    [Benchmark]
    public string WeightedRendezvous() => _weighted.OwnerOf(_hash += 0x9E3779B97F4A7C15);

    [Benchmark]
    public HashRing WithAnotherNode() => _ring.With(new WeightedNode("another"));
}
