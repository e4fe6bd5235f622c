using System.Diagnostics;
using System.Threading.RateLimiting;
using Groundwork.Ports.Experiments;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Limiters;

namespace Groundwork.RateLimits.Benchmarks;

/// <summary>
/// One hot key in this process, on one thread: our limiter by .NET's interface beside .NET's own of the same algorithm, and what the algorithm alone
/// takes, on a state that is kept as bytes, without a lock and with a clock that costs nothing.
/// </summary>
/// <param name="limit">So large that it is not used up, where its algorithm can be.</param>
/// <param name="rival">Makes .NET's; null where there is none of the algorithm.</param>
internal sealed class LimiterBenchmark(Limit limit, Func<RateLimiter>? rival) : Benchmark
{
    private const int Operations = 4_000_000;
    private const int Most = 1_000_000_000;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new LimiterBenchmark(Limit.TokenBucket(Most, Second), () => new TokenBucketRateLimiter(new()
        {
            TokenLimit = Most, TokensPerPeriod = Most / 1000, ReplenishmentPeriod = Millisecond, QueueLimit = 0,
        })),
        new LimiterBenchmark(Limit.Gcra(Most, Second), null),
        new LimiterBenchmark(Limit.LeakyBucket(Most, Second), null),
        new LimiterBenchmark(Limit.FixedWindow(Most, Second), () => new FixedWindowRateLimiter(new()
        {
            PermitLimit = Most, Window = Second, QueueLimit = 0,
        })),
        new LimiterBenchmark(Limit.SlidingWindow(Most, Second), () => new SlidingWindowRateLimiter(new()
        {
            PermitLimit = Most, Window = Second, SegmentsPerWindow = 10, QueueLimit = 0,
        })),
        new LimiterBenchmark(Limit.SlidingLog(Limit.MaxListed, Millisecond), null),
        new LimiterBenchmark(Limit.Concurrency(Limit.MaxListed, Second), () => new ConcurrencyLimiter(new()
        {
            PermitLimit = (int)Limit.MaxListed, QueueLimit = 0,
        })),
    ];

    /// <inheritdoc/>
    public override string Name => $"limits.inprocess.{LimitAlgorithmNames.Of(limit.Algorithm)}";

    /// <inheritdoc/>
    public override string Work => "A permit of one key, again and again on one thread; its lease is disposed. " + limit.Algorithm switch
    {
        LimitAlgorithm.SlidingLog => $"The limit, {limit.Permits:N0} a millisecond, is the largest that is listed: those beyond it are refused.",
        LimitAlgorithm.LeakyBucket => "Nobody waits, so that whoever comes before his turn is refused.",
        _ => "The limit is not used up.",
    };

    /// <inheritdoc/>
    public override string Unit => "takes";

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var count = context.Smoke ? Operations / 1000 : Operations;
        List<Contender> all = [OfLimiter("Groundwork", RateLimiters.Create(limit), count)];
        if (rival is not null)
            all.Add(OfLimiter(".NET", rival(), count));
        all.Add(OfState(count));
        return Task.FromResult<IReadOnlyList<Contender>>(all);
    }

    private static Contender OfLimiter(string name, RateLimiter limiter, int count) => Counted(
        name,
        count,
        () =>
        {
            var allowed = 0;
            for (var i = 0; i < count; i++)
            {
                using var lease = limiter.AttemptAcquire();
                allowed += lease.IsAcquired ? 1 : 0;
            }

            return allowed;
        },
        limiter.DisposeAsync);

    private Contender OfState(int count)
    {
        var (state, length, now) = (new byte[LimitState.MaxLength(limit)], 0, Stopwatch.GetTimestamp());
        return Counted("the state alone", count, limit.Algorithm == LimitAlgorithm.Concurrency ? EnterAll : TakeAll);

        int TakeAll()
        {
            var allowed = 0;
            for (var i = 0; i < count; i++)
                allowed += LimitState.Take(limit, state, ref length, now++, 1).IsAllowed ? 1 : 0;
            return allowed;
        }

        int EnterAll()
        {
            var allowed = 0;
            for (var i = 0; i < count; i++)
            {
                allowed += LimitState.Enter(limit, state, ref length, 1, now++, 1).IsAllowed ? 1 : 0;
                LimitState.Exit(limit, state, ref length, 1);
            }

            return allowed;
        }
    }

    private static Contender Counted(string name, int count, Func<int> takeAll, Func<ValueTask>? dispose = null)
    {
        var (allowed, allocated) = (0, 0L);
        return new Contender(
            name,
            _ =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                allowed = takeAll();
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                return Task.FromResult((long)count);
            },
            dispose)
        {
            FiguresAsync = _ => ValueTask.FromResult<IReadOnlyList<Figure>>(
            [
                new Figure("allowed", allowed / (double)count, FigureUnit.Share),
                new Figure("allocated a take", allocated / (double)count, FigureUnit.Bytes),
            ]),
        };
    }
}
