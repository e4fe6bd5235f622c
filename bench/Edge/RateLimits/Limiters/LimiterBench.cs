using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Limiters;

namespace Groundwork.RateLimits.Bench.Limiters;

/// <summary>
/// One hot key through .NET's interface, by one caller, clock and lock included: ours beside .NET's own of the same kind, or of the
/// nearest where it has none.
/// </summary>
/// <remarks>
/// .NET's read no clock at a take, but are given all permits anew once a second, by a timer. All admit more than can be taken, but for
/// those that remember each take: they admit 10,000 a millisecond.
/// </remarks>
[MemoryDiagnoser]
public class LimiterBench
{
    private const int Permits = 1_000_000_000;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private RateLimiter _ours = null!;
    private RateLimiter _theirs = null!;

    [ParamsAllValues]
    public LimitAlgorithm Algorithm { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _ours = RateLimiters.Create(Algorithm switch
        {
            LimitAlgorithm.TokenBucket => Limit.TokenBucket(Permits, Second),
            LimitAlgorithm.Gcra => Limit.Gcra(Permits, Second),
            LimitAlgorithm.LeakyBucket => Limit.LeakyBucket(Permits, Second),
            LimitAlgorithm.FixedWindow => Limit.FixedWindow(Permits, Second),
            LimitAlgorithm.SlidingWindow => Limit.SlidingWindow(Permits, Second),
            LimitAlgorithm.SlidingLog => Limit.SlidingLog(Limit.MaxListed, TimeSpan.FromMilliseconds(1)),
            _ => Limit.Concurrency(Limit.MaxListed, Second),
        });
        _theirs = Algorithm switch
        {
            LimitAlgorithm.FixedWindow => new FixedWindowRateLimiter(new() { PermitLimit = Permits, Window = Second }),
            LimitAlgorithm.SlidingWindow or LimitAlgorithm.SlidingLog =>
                new SlidingWindowRateLimiter(new() { PermitLimit = Permits, Window = Second, SegmentsPerWindow = 10 }),
            LimitAlgorithm.Concurrency => new ConcurrencyLimiter(new() { PermitLimit = (int)Limit.MaxListed }),
            _ => new TokenBucketRateLimiter(new() { TokenLimit = Permits, TokensPerPeriod = Permits, ReplenishmentPeriod = Second }),
        };
    }

    [GlobalCleanup]
    public void End()
    {
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Benchmark(Baseline = true)]
    public bool Theirs() => Take(_theirs);

    [Benchmark]
    public bool Ours() => Take(_ours);

    private static bool Take(RateLimiter limiter)
    {
        using var lease = limiter.AttemptAcquire();
        return lease.IsAcquired;
    }
}
