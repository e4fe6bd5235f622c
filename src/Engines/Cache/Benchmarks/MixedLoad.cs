using System.Globalization;
using System.Runtime.InteropServices;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>
/// A load that is hard on memory: a thread for each processor reads keys of which some are much more popular, and puts in what is not there;
/// one operation in 20 overwrites, one in 100 removes. In each of eight phases values have other sizes, so that the pages of the one before
/// have to be cleared for the next; half of them live for up to a minute.
/// </summary>
internal static class MixedLoad
{
    private const long Bytes = 256L << 20;
    private const int Keys = 4_000_000;
    private const int Phases = 8;
    private const int MaxValueBytes = 16 << 10;

    // A moment for which hits are counted.
    private const int Window = 250_000;
    private const int SampleMilliseconds = 5;

    /// <summary>Runs it, and says what was seen in one line, for <see cref="Read"/>.</summary>
    public static async Task<string> RunAsync(int operations, CancellationToken cancellationToken)
    {
        var idle = Environment.WorkingSet;
        using var engine = new CacheEngine(new KeyspaceOptions(1 << 20, EvictionPolicy.AllKeysTinyLfu, 1), TimeProvider.System, new Random(1));
        await using var upkeep = new CacheUpkeep(engine, TimeProvider.System);
        var cache = new EmbeddedServer(engine).Open(new CacheSpace("bench", Bytes));
        using var done = new CancellationTokenSource();
        var peak = Task.Run(() => PeakAsync(done.Token), cancellationToken);
        var threads = Environment.ProcessorCount;
        var worst = await Task.WhenAll(Enumerable.Range(0, threads).Select(number => Task.Factory.StartNew(
            () => Run(cache, number, operations / threads, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        await done.CancelAsync();
        var most = await peak;
        return string.Create(CultureInfo.InvariantCulture, $"{idle} {most} {worst.Min()}");
    }

    /// <summary>What was seen.</summary>
    public static IReadOnlyList<Figure> Read(string line)
    {
        var words = line.Split(' ');
        var (idle, peak, worst) = (Number(words[0]), Number(words[1]), Number(words[2]));
        return
        [
            new Figure("idle", idle, FigureUnit.Bytes),
            new Figure("peak", peak, FigureUnit.Bytes),
            new Figure("(peak − idle) ÷ bound", (peak - idle) / Bytes, FigureUnit.Count),
            new Figure("hits at the worst moment", worst, FigureUnit.Share),
        ];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<long> PeakAsync(CancellationToken done)
    {
        var peak = 0L;
        while (!done.IsCancellationRequested)
        {
            peak = Math.Max(peak, Environment.WorkingSet);
            await Task.Delay(SampleMilliseconds, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return peak;
    }

    // The first tenth fills it, and counts for nobody's hits.
    private static double Run(ICache cache, int number, int operations, CancellationToken cancellationToken)
    {
        var random = new Random(number + 1);
        var key = new byte[16];
        var value = new byte[MaxValueBytes];
        random.NextBytes(value);
        var destination = new byte[MaxValueBytes];
        var (worst, reads, hits) = (1.0, 0, 0);
        for (var i = 0; i < operations; i++)
        {
            if (i % Window == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (i > operations / 10 && reads > 0)
                    worst = Math.Min(worst, hits / (double)reads);
                (reads, hits) = (0, 0);
            }

            var u = random.NextDouble();
            MemoryMarshal.Write(key, (long)(Keys * u * u * u * u));
            var what = random.Next(100);
            if (what == 0)
            {
                EmbeddedCalls.Remove(cache, key);
                continue;
            }

            if (what > 5)
            {
                reads++;
                if (cache.TryGet(key, destination, out _) == CacheLookup.Found)
                {
                    hits++;
                    continue;
                }
            }

            var life = random.Next(2) == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(random.Next(1, 60_000));
            EmbeddedCalls.Set(cache, key, value.AsMemory(0, SizeIn((int)(i * (long)Phases / operations), random)), life);
        }

        return worst;
    }

    private static int SizeIn(int phase, Random random) => (phase % 4) switch
    {
        0 => random.Next(16, 256),
        1 => 16 << random.Next(11),
        2 => random.Next(1024, MaxValueBytes + 1),
        _ => random.Next(16, 2048),
    };
}
