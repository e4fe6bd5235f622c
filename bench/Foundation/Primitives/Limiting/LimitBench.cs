using BenchmarkDotNet.Attributes;
using Groundwork.Primitives.Limiting;

namespace Groundwork.Primitives.Bench.Limiting;

/// <summary>
/// A take of one key by each algorithm, as a store makes it: from bytes to bytes. The clock goes on by a microsecond at each, a tenth
/// of what the limit admits, so that most are refused; and by ten, so that about all are allowed.
/// </summary>
[MemoryDiagnoser]
public class LimitBench
{
    private byte[] _state = [];
    private Limit _limit;
    private int _length;
    private long _now;

    [ParamsAllValues]
    public LimitAlgorithm Algorithm { get; set; }

    [Params(1, 10)]
    public int MicrosecondsApart { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        // 100,000 a second; where all are remembered, 5,000 in a twentieth of it.
        var isListed = Algorithm is LimitAlgorithm.SlidingLog or LimitAlgorithm.Concurrency;
        var made = isListed
            ? Limit.TryCreate(Algorithm, 5_000, TimeSpan.FromMilliseconds(50), null, out _limit, out _)
            : Limit.TryCreate(Algorithm, 100_000, TimeSpan.FromSeconds(1), null, out _limit, out _);
        if (!made)
            throw new InvalidOperationException("No such limit.");
        _state = new byte[LimitState.MaxLength(_limit)];
    }

    [Benchmark]
    public bool Take()
    {
        _now += MicrosecondsApart;
        if (Algorithm != LimitAlgorithm.Concurrency)
            return LimitState.Take(_limit, _state, ref _length, _now, 1).IsAllowed;

        // A few at work at a time.
        LimitState.Exit(_limit, _state, ref _length, (ulong)(_now - (8 * MicrosecondsApart)));
        return LimitState.Enter(_limit, _state, ref _length, (ulong)_now, _now, 1).IsAllowed;
    }
}
