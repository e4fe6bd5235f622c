using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Drills.Stores;
using Groundwork.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RedisRateLimiting;
using StackExchange.Redis;

namespace Groundwork.RateLimits.Bench.Stores;

/// <summary>
/// A permit of one of 10,000 keys of a redis-server of its own, by 50 callers at once over one connection: ours beside RedisRateLimiting. A limit that is not used up.
/// </summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "They are disposed when the benchmark ends.")]
public class RedisLimiterBench
{
    private const int Keys = 10_000;
    private const int Callers = 50;
    private const int Each = 200;
    private const int Permits = 1_000_000;

    private static readonly Limit Plenty = Limit.TokenBucket(Permits, TimeSpan.FromSeconds(1));
    private static readonly Limit Window = Limit.SlidingLog(Limit.MaxListed, TimeSpan.FromSeconds(1));

    private StoreProgram _redis = null!;
    private StoreClient _ours = null!;
    private ConnectionMultiplexer _theirs = null!;
    private PartitionedRateLimiter<int> _buckets = null!;
    private PartitionedRateLimiter<int> _windows = null!;

    [GlobalSetup]
    public async Task StartAsync()
    {
        _redis = await StoreProgram.StartRedisAsync(new Random(), CancellationToken.None);
        var services = new ServiceCollection().AddSingleton<ISharedCacheEngine, RedisEngine>().AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).BuildServiceProvider();
        _ours = new StoreClient(services, _redis.Connection, TimeProvider.System);
        await _ours.ReadyAsync(CancellationToken.None);
        _theirs = await ConnectionMultiplexer.ConnectAsync(_redis.Connection);
        _buckets = PartitionedRateLimiter.Create<int, int>(key => RedisRateLimitPartition.GetTokenBucketRateLimiter(key, _ => new RedisTokenBucketRateLimiterOptions
        {
            ConnectionMultiplexerFactory = () => _theirs,
            TokenLimit = Permits,
            TokensPerPeriod = Permits,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        }));
        _windows = PartitionedRateLimiter.Create<int, int>(key => RedisRateLimitPartition.GetSlidingWindowRateLimiter(key, _ => new RedisSlidingWindowRateLimiterOptions
        {
            ConnectionMultiplexerFactory = () => _theirs,
            PermitLimit = (int)Limit.MaxListed,
            Window = TimeSpan.FromSeconds(1),
        }));
    }

    [GlobalCleanup]
    public async Task EndAsync()
    {
        await _buckets.DisposeAsync();
        await _windows.DisposeAsync();
        await _theirs.DisposeAsync();
        await _ours.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Callers * Each)]
    public Task TokenBucket() => CallAsync(key => TakeAsync(key, Plenty));

    [Benchmark(OperationsPerInvoke = Callers * Each)]
    public Task TheirTokenBucket() => CallAsync(key => AcquireAsync(_buckets, key));

    [Benchmark(OperationsPerInvoke = Callers * Each)]
    public Task SlidingLog() => CallAsync(key => TakeAsync(key, Window));

    [Benchmark(OperationsPerInvoke = Callers * Each)]
    public Task TheirSlidingWindow() => CallAsync(key => AcquireAsync(_windows, key));

    private static Task CallAsync(Func<int, Task> callAsync) => Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
    {
        var random = new Random(caller);
        for (var i = 0; i < Each; i++)
            await callAsync(random.Next(Keys));
    })));

    private async Task TakeAsync(int key, Limit limit)
    {
        var name = Encoding.ASCII.GetBytes(key.ToString(CultureInfo.InvariantCulture));
        if (!await _ours.Limits.TakeAsync(new[] { new LimitTake(name, limit, 1) }, new LimitDecision[1]))
            throw new InvalidOperationException("A limit that is not used up refused.");
    }

    private static async Task AcquireAsync(PartitionedRateLimiter<int> limiter, int key)
    {
        using var lease = await limiter.AcquireAsync(key);
        if (!lease.IsAcquired)
            throw new InvalidOperationException("A limit that is not used up refused.");
    }
}
