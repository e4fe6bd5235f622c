using BenchmarkDotNet.Attributes;

namespace Groundwork.Primitives.Bench;

/// <summary>A link's number to its code's number and back, for domains of six to eight characters of base 62.</summary>
[MemoryDiagnoser]
public class FeistelPermutationBench
{
    private FeistelPermutation _permutation = null!;
    private long _next;

    [Params(6, 7, 8)]
    public int Characters { get; set; }

    [GlobalSetup]
    public void Prepare() => _permutation = new FeistelPermutation(Base62.Capacity(Characters), [.. Enumerable.Range(1, 32).Select(i => (byte)i)]);

    [Benchmark]
    public long Permute() => _permutation.Permute(_next++);

    [Benchmark]
    public long Invert() => _permutation.Invert(_next++);
}
