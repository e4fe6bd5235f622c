using System.Runtime.InteropServices;
using System.Threading.RateLimiting;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Caching.Inspection;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.RateLimits.Benchmarks;

/// <summary>
/// Many keys in this process, asked at random on one thread, and what each takes: the store of limits in the embedded cache beside .NET's
/// partitioned limiter.
/// </summary>
internal sealed class KeysBenchmark : Benchmark
{
    private const int Keys = 1_000_000;
    private const int FewKeys = 1_000;
    private const int Operations = 4_000_000;
    private const int KeyBytes = 16;
    private const int Permits = 100_000;
    private const long StoreBytes = 512L << 20;

    // So slow to come back that no state is forgotten meanwhile.
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly Limit PerDay = Limit.TokenBucket(Permits, Day);

    /// <inheritdoc/>
    public override string Name => "limits.keys";

    /// <inheritdoc/>
    public override string Work =>
        "A permit of one of a million keys of 16 bytes at random, on one thread, under a token bucket a key; beside it, of one of a thousand. A key's memory is what its table and its state take.";

    /// <inheritdoc/>
    public override string Unit => "takes";

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        if (context.Services.GetService<ICacheServer>() is not { } server || context.Services.GetService<ICacheInspector>() is not { } inspector)
            return Task.FromResult<IReadOnlyList<Contender>>([Contender.Absent("Groundwork", "The embedded cache is not among the modules that run.")]);

        var store = server.OpenLimits(StoreBytes);
        var space = inspector.Spaces.Single(s => s.Name == LimitStoreLimits.SpaceName);
        var (keys, count) = (context.Smoke ? Keys / 1000 : Keys, context.Smoke ? Operations / 1000 : Operations);
        return Task.FromResult<IReadOnlyList<Contender>>(
        [
            OfStore("Groundwork", store, space, keys, count),
            OfPartitions(keys, count),
            OfStore("Groundwork, 1,000 keys", store, space, FewKeys, count),
        ]);
    }

    private static Contender OfStore(string name, ILimitStore store, ISpaceInspector space, int keys, int count)
    {
        var random = new Random(1);
        var (key, decisions) = (new byte[KeyBytes], new LimitDecision[1]);
        var takes = new[] { new LimitTake(key, PerDay, 1) };
        var allocated = 0L;
        for (var i = 0; i < keys; i++)
            Take(i);
        return new Contender(name, _ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < count; i++)
                Take(random.Next(keys));
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            return Task.FromResult((long)count);
        })
        {
            FiguresAsync = _ =>
            {
                var state = space.Read();
                return ValueTask.FromResult(Figures(allocated, count, state.HeldBytes / (double)state.Keys));
            },
        };

        void Take(int number)
        {
            MemoryMarshal.Write(key, (long)number);
            var taken = store.TakeAsync(takes, decisions);
            if (!taken.IsCompletedSuccessfully)
                throw new InvalidOperationException("In the same process nothing waits.");
        }
    }

    // Its keys are numbers, which spares it the bytes.
    private static Contender OfPartitions(int keys, int count)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var limiter = PartitionedRateLimiter.Create<long, long>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = Permits,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = Day / Permits,
            QueueLimit = 0,
        }));
        for (var i = 0; i < keys; i++)
            limiter.AttemptAcquire(i).Dispose();
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)keys;
        var random = new Random(1);
        var allocated = 0L;
        return new Contender(
            ".NET",
            _ =>
            {
                var start = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < count; i++)
                    limiter.AttemptAcquire(random.Next(keys)).Dispose();
                allocated = GC.GetAllocatedBytesForCurrentThread() - start;
                return Task.FromResult((long)count);
            },
            limiter.DisposeAsync)
        {
            FiguresAsync = _ => ValueTask.FromResult(Figures(allocated, count, bytes)),
        };
    }

    private static IReadOnlyList<Figure> Figures(long allocated, int count, double bytes) =>
        [new Figure("a key", bytes, FigureUnit.Bytes), new Figure("allocated a take", allocated / (double)count, FigureUnit.Bytes)];
}
