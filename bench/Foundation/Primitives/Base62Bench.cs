using BenchmarkDotNet.Attributes;

namespace Groundwork.Primitives.Bench;

/// <summary>A short link's code, seven characters, to and from its number; the limit is copying seven characters.</summary>
[MemoryDiagnoser]
public class Base62Bench
{
    private const int Length = 7;
    private const long Number = 2_730_488_379_803;

    private readonly char[] _text = Base62.Encode(Number, Length).ToCharArray();
    private readonly char[] _destination = new char[Length];


    [Benchmark(Baseline = true)]
    public void Copy() => _text.AsSpan().CopyTo(_destination);

    [Benchmark]
    public bool Encode() => Base62.TryEncode(Number, _destination);

    [Benchmark]
    public long Decode() => Base62.TryDecode(_text, out var value) ? value : -1;
}
