using Groundwork.Platform.Experiments.Load;
using Groundwork.Ports.Database;
using Groundwork.Ports.Experiments;
using Groundwork.Primitives;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Links.Benchmarks;

/// <summary>What a sweep costs those who follow links meanwhile. In this process, so that the sweep runs in every other round.</summary>
internal sealed class SweptRedirects : Benchmark
{
    private const int Followers = 16;

    public override string Name => "links.sweep";

    public override string Work =>
        $"Links looked up by {Followers} followers among 10 million, as often as their rank says (Zipf, exponent 1), with the default cache, while expired "
        + "links are swept, one full batch after the other; beside the same while nothing is swept.";

    public override string Unit => "look-ups";

    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var (count, expired, duration) = context.Smoke ? (10_000, 1_000, TimeSpan.FromSeconds(0.1)) : (10_000_000, 1_000_000, TimeSpan.FromSeconds(4));
        var links = await LinkSet.MakeAsync(context.Services, context.Folder, count, cancellationToken);
        await LinkSet.MakeExpiredAsync(context.Services, context.Folder, expired, cancellationToken);
        var place = await Place.OpenAsync(context, cancellationToken);
        return
        [
            Contend("Groundwork, sweeping", place, links, duration, sweeps: true) with { Dispose = place.DisposeAsync },
            Contend("Groundwork, not sweeping", place, links, duration, sweeps: false),
        ];
    }

    private static Contender Contend(string name, Place place, LinkSet links, TimeSpan duration, bool sweeps)
    {
        LoadResult? last = null;
        return new Contender(name, RunAsync)
        {
            FiguresAsync = _ => new([.. last!.Percentiles()]),
        };

        async Task<long> RunAsync(CancellationToken cancellationToken)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var sweeping = sweeps ? Task.Run(() => SweepAsync(place.Sweep, ending.Token), CancellationToken.None) : Task.CompletedTask;
            var began = TimeProvider.System.GetTimestamp();
            var latencies = await Task.WhenAll(Enumerable.Range(0, Followers).Select(
                seed => Task.Run(() => FollowAsync(place.Redirects, links, seed, began, duration, cancellationToken), cancellationToken)));
            var elapsed = TimeProvider.System.GetElapsedTime(began);
            await ending.CancelAsync();
            await sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            var all = new LatencyHistogram();
            foreach (var latency in latencies)
                all.Add(latency);
            last = new LoadResult(all.Count, elapsed, all);
            return all.Count;
        }
    }

    private static async Task<LatencyHistogram> FollowAsync(
        RedirectCache redirects, LinkSet links, int seed, long began, TimeSpan duration, CancellationToken cancellationToken)
    {
        var (zipf, order, random, latency) = (links.Ranks(), links.Scatter(), new Random(seed), new LatencyHistogram());
        while (TimeProvider.System.GetElapsedTime(began) < duration)
        {
            var number = links.First + order.Permute(zipf.Next(random) - 1);
            var start = TimeProvider.System.GetTimestamp();
            if (await redirects.FindAsync(number, cancellationToken) is null)
                throw new InvalidOperationException($"The link {number} is not there.");
            latency.Record(TimeProvider.System.GetTimestamp() - start);
        }

        return latency;
    }

    private static async Task SweepAsync(LinkSweep sweep, CancellationToken cancellationToken)
    {
        while (await sweep.SweepAsync(Platform.Data.PeriodicSweep.BatchSize, cancellationToken) > 0)
        {
        }
    }

    /// <summary>As much of Links as following and sweeping need.</summary>
    private sealed record Place(IDatabaseServer Server, CounterCodes Counter, RedirectCache Redirects, LinkSweep Sweep) : IAsyncDisposable
    {
        public static async Task<Place> OpenAsync(IBenchmarkContext context, CancellationToken cancellationToken)
        {
            var (time, options) = (TimeProvider.System, context.Services.GetRequiredService<LinksOptions>());
            var server = LinkSet.Server(context.Services, context.Folder);
            var database = await server.OpenAsync(LinkStore.Schema, cancellationToken);
            var codes = new CodeStore(database);
            var counter = new CounterCodes(codes, options, time);
            var book = new CodeBook(codes, counter, new SnowflakeCodes(time, new Random(1)), options);
            await book.StartAsync(restoredFrom: null, cancellationToken);
            var store = new LinkStore(database, book, options, time);
            var redirects = new RedirectCache(
                database, store, new Blocklist(options, time, NullLogger<Blocklist>.Instance), options, time, NullLogger<RedirectCache>.Instance);
            await redirects.StartAsync(cancellationToken);
            return new Place(server, counter, redirects, new LinkSweep(database, store, redirects, time));
        }

        public async ValueTask DisposeAsync()
        {
            await Redirects.DisposeAsync();
            Counter.Dispose();
            await Server.DisposeAsync();
        }
    }
}
