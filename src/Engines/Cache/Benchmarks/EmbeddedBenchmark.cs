using System.Text;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>The Cache port in the same process, on one thread: there is no rival, the goal is a number.</summary>
internal sealed class EmbeddedBenchmark(bool isSet) : Benchmark
{
    private const int Keys = 100_000;
    private const int ValueBytes = 16;
    private const int Operations = 16_000_000;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } = [new EmbeddedBenchmark(false), new EmbeddedBenchmark(true)];

    /// <inheritdoc/>
    public override string Name => isSet ? "cache.inprocess.set" : "cache.inprocess.get";

    /// <inheritdoc/>
    public override string Work =>
        $"{(isSet ? "Sets" : "Gets")} of 100,000 keys at random with values of {ValueBytes} bytes through the Cache port in this process, on one thread.";

    /// <inheritdoc/>
    public override string Unit => isSet ? "sets" : "gets";

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        var engine = new CacheEngine(new KeyspaceOptions(16 << 20, EvictionPolicy.AllKeysTinyLfu, 1), TimeProvider.System, random);
        var cache = new EmbeddedServer(engine).Open(new CacheSpace("bench", 64 << 20));
        var keys = new byte[Keys][];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = Encoding.ASCII.GetBytes($"key:{i:D12}");
        var value = new byte[ValueBytes];
        foreach (var key in keys)
            EmbeddedCalls.Set(cache, key, value, Timeout.InfiniteTimeSpan);

        // Twice as many as keys, so that the order repeats late.
        var order = new int[1 << 18];
        for (var i = 0; i < order.Length; i++)
            order[i] = random.Next(Keys);

        var count = context.Smoke ? Operations / 100 : Operations;
        var allocated = 0L;
        return Task.FromResult<IReadOnlyList<Contender>>(
        [
            new Contender(
                "Groundwork",
                _ =>
                {
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    if (isSet)
                        SetAll(cache, keys, order, count, value);
                    else
                        GetAll(cache, keys, order, count);
                    allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                    return Task.FromResult((long)count);
                },
                () =>
                {
                    engine.Dispose();
                    return ValueTask.CompletedTask;
                })
            {
                FiguresAsync = _ => ValueTask.FromResult<IReadOnlyList<Figure>>([new Figure("allocated in the round", allocated, FigureUnit.Bytes)]),
            },
        ]);
    }

    private static void GetAll(ICache cache, byte[][] keys, int[] order, int count)
    {
        Span<byte> destination = stackalloc byte[ValueBytes];
        for (var i = 0; i < count; i++)
        {
            if (cache.TryGet(keys[order[i & (order.Length - 1)]], destination, out _) != CacheLookup.Found)
                throw new InvalidOperationException("A key is not there, though all fit.");
        }
    }

    private static void SetAll(ICache cache, byte[][] keys, int[] order, int count, byte[] value)
    {
        for (var i = 0; i < count; i++)
            EmbeddedCalls.Set(cache, keys[order[i & (order.Length - 1)]], value, Timeout.InfiniteTimeSpan);
    }
}
