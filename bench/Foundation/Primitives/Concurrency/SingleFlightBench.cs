using BenchmarkDotNet.Attributes;
using Groundwork.Primitives.Concurrency;

namespace Groundwork.Primitives.Bench.Concurrency;

/// <summary>A run alone, started through it, and joined while it is under way.</summary>
[MemoryDiagnoser]
public class SingleFlightBench
{
    private static readonly Task<int> Done = Task.FromResult(1);

    private readonly Func<int, CancellationToken, Task<int>> _run = static (_, _) => Done;
    private readonly SingleFlight<int, int> _flights = new();
    private readonly TaskCompletionSource<int> _underWay = new();

    [GlobalSetup]
    public void Prepare() => _ = _flights.RunAsync(0, (_, _) => _underWay.Task);

    // None returns its task: it would be waited for, and one is never done.
    [Benchmark(Baseline = true)]
    public bool Alone() => _run(1, CancellationToken.None).IsCompleted;

    [Benchmark]
    public bool Start() => _flights.RunAsync(1, _run).IsCompleted;

    [Benchmark]
    public bool Join() => _flights.RunAsync(0, _run).IsCompleted;
}
