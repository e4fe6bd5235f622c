using System.Buffers;
using System.Runtime.InteropServices;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Drills.Callers;
using Groundwork.RateLimits.Drills.Stores;
using Groundwork.RateLimits.Near;

namespace Groundwork.RateLimits.Benchmarks;

/// <summary>
/// Takes from a store elsewhere beside GETs of small values from the same server, over the same connection: each server in a process of its own,
/// whose processor time counts.
/// </summary>
/// <param name="isRedis">Whether it is redis-server, where a take is a script, or this program, where it is a command.</param>
internal sealed class SharedBenchmark(bool isRedis) : Benchmark
{
    private const int Keys = 10_000;
    private const int KeyBytes = 16;
    private const int HotKeys = 100;
    private const int Callers = 50;
    private const int Batch = 100;
    private const int Operations = 100_000;

    // Not used up, since who is refused without a round trip costs nobody anything; and so slow that what is taken ahead is good for a while.
    private static readonly Limit Plenty = Limit.TokenBucket(2_000, TimeSpan.FromSeconds(1), burst: 10_000_000);

    private static readonly Limit[] Limits = [Limit.TokenBucket(100, TimeSpan.FromSeconds(1)), Limit.Gcra(100, TimeSpan.FromSeconds(1)), Limit.SlidingWindow(100, TimeSpan.FromSeconds(1))];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } = [new SharedBenchmark(false), new SharedBenchmark(true)];

    /// <inheritdoc/>
    public override string Name => isRedis ? "limits.redis" : "limits.resp";

    /// <inheritdoc/>
    public override string Work =>
        $"A permit of one of {Keys:N0} keys at random by {Callers} callers over one connection, {(isRedis ? "by the script on redis-server" : "by the command on this program's cache")}, "
        + $"and GETs of values of 16 bytes by the same callers; then of one of {HotKeys} keys, {Batch} taken ahead at once, beside GETs again. Of the processor's time that of the server.";

    /// <inheritdoc/>
    public override string Unit => "calls";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var names = Limits.Select(l => LimitAlgorithmNames.Of(l.Algorithm)).ToList();
        if (((isRedis ? RedisProcess.Missing : null) ?? StoreSet.Missing(context)) is { } missing)
            return [Contender.Absent(names[0], missing)];

        var store = isRedis
            ? await StoreProgram.StartRedisAsync(new Random(), cancellationToken)
            : await StoreProgram.StartOursAsync(context, new Random(), cancellationToken);
        var client = new StoreClient(context.Services, store.Connection, TimeProvider.System);
        await client.ReadyAsync(cancellationToken);
        var taker = new StoreTaker(client.Limits);
        var near = new NearLimits(client.Limits, TimeProvider.System);
        var values = client.Open("bench");
        for (var i = 0; i < Keys; i++)
            await values.SetAsync(Key(i), new byte[16], Timeout.InfiniteTimeSpan, cancellationToken);

        var count = context.Smoke ? Operations / 100 : Operations;
        return
        [
            .. Limits.Select((limit, i) => Called(
                names[i], async (key, token) => await taker.TakeAsync(key, limit, token), i == 0 ? EndAsync : null)),
            Called("GET", GetAsync),
            Called($"token-bucket, taken ahead, {HotKeys} keys", TakeNearAsync, keys: HotKeys),
            Called($"GET, {HotKeys} keys", GetAsync, keys: HotKeys),
        ];

        async Task GetAsync(byte[] key, CancellationToken token)
        {
            var value = new ArrayBufferWriter<byte>(16);
            await values.GetAsync(key, value, token);
        }

        async Task TakeNearAsync(byte[] key, CancellationToken token)
        {
            if (!await near.TakeAsync(new[] { new LimitTake(key, Plenty, 1, Batch: Batch) }, new LimitDecision[1], token))
                throw new InvalidOperationException("A limit that is not used up refused.");
        }

        async ValueTask EndAsync()
        {
            await client.DisposeAsync();
            await store.DisposeAsync();
        }

        Contender Called(string name, Func<byte[], CancellationToken, Task> callAsync, Func<ValueTask>? end = null, int keys = Keys) =>
            new(name, token => RunAsync(count, keys, callAsync, token), end, store.ProcessId) { OnlyServerCounts = true };
    }

    private static async Task<long> RunAsync(int count, int keys, Func<byte[], CancellationToken, Task> callAsync, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            async () =>
            {
                var random = new Random(caller);
                for (var i = 0; i < count / Callers; i++)
                    await callAsync(Key(random.Next(keys)), cancellationToken);
            },
            cancellationToken)));
        return count;
    }

    private static byte[] Key(int number)
    {
        var key = new byte[KeyBytes];
        MemoryMarshal.Write(key, (long)number);
        return key;
    }
}
