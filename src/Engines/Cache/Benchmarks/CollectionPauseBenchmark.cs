using System.Runtime.InteropServices;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>
/// What ten million entries cost the garbage collector: how long the program stands still in collections of everything, blocking, which is
/// the worst that it does. They lie outside of its heap, so it should not notice them.
/// </summary>
internal sealed class CollectionPauseBenchmark : Benchmark
{
    private const int Entries = 10_000_000;
    private const int Collections = 1000;

    /// <inheritdoc/>
    public override string Name => "cache.memory.pauses";

    /// <inheritdoc/>
    public override string Work => "A thousand blocking collections of all generations while the Cache port holds ten million entries of 16 + 16 bytes.";

    /// <inheritdoc/>
    public override string Unit => "collections";

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var engine = new CacheEngine(new KeyspaceOptions(16 << 20, EvictionPolicy.AllKeysTinyLfu, 1), TimeProvider.System, new Random(1));
        var cache = new EmbeddedServer(engine).Open(new CacheSpace("bench", 1L << 30));
        var key = new byte[16];
        for (long i = 0; i < (context.Smoke ? Entries / 1000 : Entries); i++)
        {
            MemoryMarshal.Write(key, i);
            EmbeddedCalls.Set(cache, key, key, Timeout.InfiniteTimeSpan);
        }

        var pauses = new double[context.Smoke ? Collections / 100 : Collections];
        return Task.FromResult<IReadOnlyList<Contender>>(
        [
            new Contender(
                "Groundwork",
                _ =>
                {
                    for (var i = 0; i < pauses.Length; i++)
                        pauses[i] = Collect();
                    Array.Sort(pauses);
                    return Task.FromResult((long)pauses.Length);
                },
                () =>
                {
                    engine.Dispose();
                    return ValueTask.CompletedTask;
                })
            {
                FiguresAsync = _ => ValueTask.FromResult<IReadOnlyList<Figure>>(
                [
                    new Figure("p50", pauses[pauses.Length / 2], FigureUnit.Milliseconds),
                    new Figure("p99.9", pauses[(int)Math.Ceiling(pauses.Length * 0.999) - 1], FigureUnit.Milliseconds),
                    new Figure("longest", pauses[^1], FigureUnit.Milliseconds),
                ]),
            },
        ]);
    }

    private static double Collect()
    {
        var before = GC.GetTotalPauseDuration();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        return (GC.GetTotalPauseDuration() - before).TotalMilliseconds;
    }
}
