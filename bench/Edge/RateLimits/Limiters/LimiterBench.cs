using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Limiters;

namespace Groundwork.RateLimits.Bench.Limiters;

/// <summary>One hot key through .NET's interface, by one caller, clock and lock included: ours beside .NET's own of the same kind.</summary>
/// <remarks>.NET's replenish by a timer and so read no clock at a take; theirs run with it, as in a program.</remarks>
[MemoryDiagnoser]
public class LimiterBench
{
    private const int Permits = 1_000_000_000;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly RateLimiter TheTokenBucket = RateLimiters.Create(Limit.TokenBucket(Permits, Second));
    private static readonly RateLimiter TheGcra = RateLimiters.Create(Limit.Gcra(Permits, Second));
    private static readonly RateLimiter TheFixedWindow = RateLimiters.Create(Limit.FixedWindow(Permits, Second));
    private static readonly RateLimiter TheSlidingWindow = RateLimiters.Create(Limit.SlidingWindow(Permits, Second));
    private static readonly RateLimiter TheSlidingLog = RateLimiters.Create(Limit.SlidingLog(Limit.MaxListed, TimeSpan.FromMilliseconds(1)));
    private static readonly RateLimiter TheLeakyBucket = RateLimiters.Create(Limit.LeakyBucket(Permits, Second));
    private static readonly RateLimiter TheConcurrency = RateLimiters.Create(Limit.Concurrency(Limit.MaxListed, Second));

    private static readonly TokenBucketRateLimiter TheirTokenBucketOwn = new(new()
    {
        TokenLimit = Permits,
        TokensPerPeriod = Permits,
        ReplenishmentPeriod = Second,
    });

    private static readonly FixedWindowRateLimiter TheirFixedWindowOwn = new(new() { PermitLimit = Permits, Window = Second });

    private static readonly SlidingWindowRateLimiter TheirSlidingWindowOwn = new(new()
    {
        PermitLimit = Permits,
        Window = Second,
        SegmentsPerWindow = 10,
    });

    private static readonly ConcurrencyLimiter TheirConcurrencyOwn = new(new() { PermitLimit = (int)Limit.MaxListed });

    [Benchmark]
    public bool TokenBucket() => Take(TheTokenBucket);

    [Benchmark]
    public bool TheirTokenBucket() => Take(TheirTokenBucketOwn);

    [Benchmark]
    public bool Gcra() => Take(TheGcra);

    [Benchmark]
    public bool FixedWindow() => Take(TheFixedWindow);

    [Benchmark]
    public bool TheirFixedWindow() => Take(TheirFixedWindowOwn);

    [Benchmark]
    public bool SlidingWindow() => Take(TheSlidingWindow);

    [Benchmark]
    public bool TheirSlidingWindow() => Take(TheirSlidingWindowOwn);

    [Benchmark]
    public bool SlidingLog() => Take(TheSlidingLog);

    [Benchmark]
    public bool LeakyBucket() => Take(TheLeakyBucket);

    [Benchmark]
    public bool Concurrency() => Take(TheConcurrency);

    [Benchmark]
    public bool TheirConcurrency() => Take(TheirConcurrencyOwn);

    private static bool Take(RateLimiter limiter)
    {
        using var lease = limiter.AttemptAcquire();
        return lease.IsAcquired;
    }
}
