using System.Text;
using BenchmarkDotNet.Attributes;
using Groundwork.Platform.Http;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Policies;
using Groundwork.RateLimits.Requests;
using Groundwork.RateLimits.Traffic;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.RateLimits.Bench.Traffic;

/// <summary>A take as requests make it, of a policy whose traffic nobody watches and of one in force; of one hot key, whose every take is recorded. The store answers at once.</summary>
[MemoryDiagnoser]
public class SeenTakeBench
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes("api:203.0.113.7");
    private readonly PolicyTaker _taker = new(new LimitCounter(new AllowsAll(), NullLogger<LimitCounter>.Instance));
    private Policy _unseen = null!;
    private Policy _seen = null!;

    [GlobalSetup]
    public void Prepare()
    {
        if (!PolicyReader.TryRead("""{ "policies": { "api": { "limits": [ { "permits": 100, "period": "1m" } ] } } }"""u8, out var policies, out var error))
            throw new InvalidOperationException(error);
        _unseen = policies[0];
        _seen = _unseen with { Traffic = new PolicyTraffic(new TrafficClock(TimeProvider.System), new Random(1)) };
    }

    [Benchmark(Baseline = true)]
    public ValueTask<RequestVerdictKind> Unseen() => TakeAsync(_unseen);

    [Benchmark]
    public ValueTask<RequestVerdictKind> Seen() => TakeAsync(_seen);

    private ValueTask<RequestVerdictKind> TakeAsync(Policy policy)
    {
        var asked = new PolicyTakes();
        asked.Add(policy, _key, 1);
        return _taker.TakeAsync(asked, CancellationToken.None);
    }

    private sealed class AllowsAll : ILimitStore
    {
        public ValueTask<bool> TakeAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default)
        {
            decisions.Span[0] = new LimitDecision(true, 99, 0, 60_000_000, 0);
            return new(true);
        }

        public ValueTask<bool> PeekAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default) =>
            TakeAsync(takes, decisions, cancellationToken);

        public ValueTask<bool> ExitAsync(LimitTake take, CancellationToken cancellationToken = default) => new(false);

        public ValueTask ResetAsync(LimitTake take, CancellationToken cancellationToken = default) => default;
    }
}
