using BenchmarkDotNet.Attributes;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Near;

namespace Groundwork.RateLimits.Bench.Near;

/// <summary>
/// What a take costs before a shared store, by one caller: where it is answered here, and what is added where the store is asked after all. The store
/// answers at once: a real one takes a round trip.
/// </summary>
[MemoryDiagnoser]
public class NearLimitsBench
{
    private static readonly Limit Plenty = Limit.TokenBucket(Limit.MaxPermits, TimeSpan.FromHours(1));
    private readonly LimitDecision[] _decisions = new LimitDecision[1];
    private readonly LimitTake[] _refused = [new("refused"u8.ToArray(), Plenty, 1)];
    private readonly LimitTake[] _asked = [new("asked"u8.ToArray(), Plenty, 1)];
    private readonly LimitTake[] _lent = [new("lent"u8.ToArray(), Plenty, 1, Batch: 1000)];
    private AnswersAtOnce _store = null!;
    private NearLimits _near = null!;

    [GlobalSetup]
    public void Prepare() => _near = new NearLimits(_store = new AnswersAtOnce(), TimeProvider.System);

    [Benchmark(Baseline = true)]
    public ValueTask<bool> StoreAlone() => _store.TakeAsync(_asked, _decisions);

    [Benchmark]
    public ValueTask<bool> Refused() => _near.TakeAsync(_refused, _decisions);

    [Benchmark]
    public ValueTask<bool> Lent() => _near.TakeAsync(_lent, _decisions);

    [Benchmark]
    public ValueTask<bool> Asked() => _near.TakeAsync(_asked, _decisions);

    private sealed class AnswersAtOnce : ILimitStore
    {
        public ValueTask<bool> TakeAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default)
        {
            var isAllowed = takes.Span[0].Key.Span[0] != 'r';
            decisions.Span[0] = new LimitDecision(isAllowed, isAllowed ? Limit.MaxPermits : 0, isAllowed ? 0 : 3_600_000_000, 3_600_000_000, 0);
            return new(isAllowed);
        }

        public ValueTask<bool> PeekAsync(ReadOnlyMemory<LimitTake> takes, Memory<LimitDecision> decisions, CancellationToken cancellationToken = default) =>
            TakeAsync(takes, decisions, cancellationToken);

        public ValueTask<bool> ExitAsync(LimitTake take, CancellationToken cancellationToken = default) => new(false);

        public ValueTask ResetAsync(LimitTake take, CancellationToken cancellationToken = default) => default;
    }
}
