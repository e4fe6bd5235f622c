using System.Text;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Experiments;
using Groundwork.Primitives;

namespace Groundwork.Cache.Benchmarks;

/// <summary>
/// The Cache port in the same process, on one thread: there is no rival, the goal is a number. How many keys there are, and how often
/// the same ones are asked for, says how much of it is the wait for memory.
/// </summary>
internal sealed class EmbeddedBenchmark(bool isSet) : Benchmark
{
    private const int Keys = 100_000;
    private const int FewKeys = 1000;
    private const int ValueBytes = 16;
    private const int Operations = 16_000_000;

    // More than keys, so that the order repeats late.
    private const int OrderLength = 1 << 18;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } = [new EmbeddedBenchmark(false), new EmbeddedBenchmark(true)];

    /// <inheritdoc/>
    public override string Name => isSet ? "cache.inprocess.set" : "cache.inprocess.get";

    /// <inheritdoc/>
    public override string Work =>
        $"{(isSet ? "Sets" : "Gets")} of values of {ValueBytes} bytes through the Cache port in this process, on one thread: of 1,000 keys, "
        + "of 100,000 as often as their rank says (Zipf, exponent 1), and of 100,000 at random.";

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
        foreach (var key in keys)
            EmbeddedCalls.Set(cache, key, new byte[ValueBytes], Timeout.InfiniteTimeSpan);

        var zipf = new ZipfDistribution(Keys);
        return Task.FromResult<IReadOnlyList<Contender>>(
        [
            Run("1,000 keys", () => random.Next(FewKeys), Dispose),
            Run("100,000 keys, Zipf", () => (int)zipf.Next(random) - 1),
            Run("100,000 keys at random", () => random.Next(Keys)),
        ]);

        ValueTask Dispose()
        {
            engine.Dispose();
            return ValueTask.CompletedTask;
        }

        Contender Run(string name, Func<int> next, Func<ValueTask>? end = null)
        {
            var order = new byte[OrderLength][];
            for (var i = 0; i < order.Length; i++)
                order[i] = keys[next()];
            var count = context.Smoke ? Operations / 100 : Operations;
            var allocated = 0L;
            return new Contender(
                name,
                _ =>
                {
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    if (isSet)
                        SetAll(cache, order, count);
                    else
                        GetAll(cache, order, count);
                    allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                    return Task.FromResult((long)count);
                },
                end)
            {
                FiguresAsync = _ => ValueTask.FromResult<IReadOnlyList<Figure>>([new Figure("allocated in the round", allocated, FigureUnit.Bytes)]),
            };
        }
    }

    private static void GetAll(ICache cache, byte[][] order, int count)
    {
        Span<byte> destination = stackalloc byte[ValueBytes];
        for (var i = 0; i < count; i++)
        {
            if (cache.TryGet(order[i & (OrderLength - 1)], destination, out _) != CacheLookup.Found)
                throw new InvalidOperationException("A key is not there, though all fit.");
        }
    }

    private static void SetAll(ICache cache, byte[][] order, int count)
    {
        var value = new byte[ValueBytes];
        for (var i = 0; i < count; i++)
            EmbeddedCalls.Set(cache, order[i & (OrderLength - 1)], value, Timeout.InfiniteTimeSpan);
    }
}
