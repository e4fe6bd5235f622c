using BenchmarkDotNet.Attributes;
using Groundwork.Primitives.Sketches;

namespace Groundwork.Primitives.Bench.Sketches;

/// <summary>The frequency sketch and the filter, small enough for the processor's cache and far too large; the limit is one word of memory read.</summary>
[MemoryDiagnoser]
public class SketchBench
{
    private CountMinSketch4Bit _sketch = null!;
    private BloomFilter _filter = null!;
    private ulong[] _words = [];
    private ulong _hash;

    [Params(10_000, 10_000_000)]
    public int Capacity { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _sketch = new CountMinSketch4Bit(Capacity);
        _filter = new BloomFilter(Capacity);
        _words = new ulong[Capacity];
    }

    [Benchmark(Baseline = true)]
    public ulong ReadOneWord() => _words[(int)Math.BigMul(Next(), (ulong)_words.Length, out _)];

    [Benchmark]
    public void Increment() => _sketch.Increment(Next());

    [Benchmark]
    public int Estimate() => _sketch.Estimate(Next());

    [Benchmark]
    public bool Add() => _filter.Add(Next());

    [Benchmark]
    public bool MayContain() => _filter.MayContain(Next());

    private ulong Next()
    {
        _hash += 0x9E3779B97F4A7C15;
        return (_hash ^ (_hash >> 30)) * 0xBF58476D1CE4E5B9;
    }
}
