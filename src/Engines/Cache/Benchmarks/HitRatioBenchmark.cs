using System.Globalization;
using Groundwork.Cache.Benchmarks.Ratios;
using Groundwork.Cache.Benchmarks.Rivals;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>
/// How often a cache has what it is asked for: ours beside redis-server with as many entries, redis-server with as many bytes, published
/// policies as in their papers, and the most that is possible. Their speeds are no contest: some are servers, some are not.
/// </summary>
internal sealed class HitRatioBenchmark(Trace trace) : ServedBenchmark
{
    private const long Bytes = 16 << 20;

    // More than could be held.
    private const int TooMany = 100_000;

    // As a check that it runs: everything so much smaller.
    private const int SmokePart = 4;

    private readonly Dictionary<string, IReadOnlyList<Figure>> _figures = [];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } = [.. Trace.All.Select(trace => new HitRatioBenchmark(trace))];

    /// <inheritdoc/>
    public override string Name => "cache.ratio." + trace.Name;

    /// <inheritdoc/>
    public override string Work => string.Create(
        CultureInfo.InvariantCulture, $"Asks for {trace.Words}; what is not there is put in. A cache of {Bytes >> 20} MiB.");

    /// <inheritdoc/>
    public override string Unit => "requests";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        const string Ours = "Groundwork tinylfu";
        if (RedisPrograms.Missing is { } missing)
            return [Contender.Absent(Ours, missing)];
        var part = context.Smoke ? SmokePart : 1;
        var server = await CacheWorker.StartOrServeAsync(context, CacheWorker.DefaultMebibytes, cancellationToken);
        var ours = new TraceClient(server.Port, isRedis: false);
        await ours.StartAsync(cancellationToken);
        await ours.SetPolicyAsync("allkeys-tinylfu", cancellationToken);
        await ours.SetMemoryAsync(Bytes / part, cancellationToken);
        var fit = await FitAsync(ours, TooMany / part, cancellationToken);
        var requests = trace.Requests(fit).Take(context.Smoke ? 4000 : int.MaxValue).ToArray();
        List<Contender> contenders =
        [
            Served(Ours, ours, requests, server.ProcessId, async () =>
            {
                await ours.DisposeAsync();
                await server.EndAsync();
            }),
        ];
        foreach (var policy in (string[])["allkeys-lru", "allkeys-lfu"])
        {
            if (trace.IsUniform)
                contenders.Add(await RedisAsync("redis " + policy["allkeys-".Length..], policy, Bytes / part, fit, requests, cancellationToken));
            contenders.Add(await RedisAsync($"redis {policy["allkeys-".Length..]}, same bytes", policy, Bytes / part, null, requests, cancellationToken));
        }

        if (trace.IsUniform)
        {
            contenders.Add(Simulated("S3-FIFO", fit, requests, () => Count(requests, new S3Fifo(fit).Ask)));
            contenders.Add(Simulated("W-TinyLFU", fit, requests, () => Count(requests, new WindowTinyLfu(fit).Ask)));
            contenders.Add(Simulated("optimum", fit, requests, () => Optimum.Hits(requests, fit)));
        }

        return contenders;
    }

    private static long Count(int[] requests, Func<int, bool> ask) => requests.LongCount(ask);

    // Each once: what stays is what fits.
    private async Task<int> FitAsync(TraceClient client, int tooMany, CancellationToken cancellationToken)
    {
        await client.RunAsync(Enumerable.Range(0, tooMany), trace.BytesOf, cancellationToken);
        return await client.CountAsync(cancellationToken);
    }

    private async Task<Contender> RedisAsync(string name, string policy, long bytes, int? entries, int[] requests, CancellationToken cancellationToken)
    {
        var redis = await RedisPrograms.StartServerAsync(cancellationToken);
        var client = new TraceClient(redis.Port, isRedis: true);
        await client.StartAsync(cancellationToken);
        if (entries is { } count)
        {
            await client.RunAsync(Enumerable.Range(0, count), trace.BytesOf, cancellationToken);
            bytes = await client.MemoryAsync(cancellationToken);
        }

        await client.SetPolicyAsync(policy, cancellationToken);
        await client.SetMemoryAsync(bytes, cancellationToken);
        return Served(name, client, requests, redis.ProcessId, async () =>
        {
            await client.DisposeAsync();
            await redis.DisposeAsync();
        });
    }

    private Contender Served(string name, TraceClient client, int[] requests, int process, Func<ValueTask> dispose) => new(
        name,
        async token =>
        {
            await client.StartAsync(token);
            var hits = await client.RunAsync(requests, trace.BytesOf, token);
            Keep(name, hits, requests, await client.CountAsync(token));
            return requests.Length;
        },
        dispose, process)
    {
        OnlyServerCounts = true,
        FiguresAsync = _ => ValueTask.FromResult(_figures[name]),
    };

    private Contender Simulated(string name, int fit, int[] requests, Func<long> hits) => new(
        name,
        _ =>
        {
            Keep(name, hits(), requests, fit);
            return Task.FromResult((long)requests.Length);
        })
    {
        FiguresAsync = _ => ValueTask.FromResult(_figures[name]),
    };

    private void Keep(string name, long hits, int[] requests, int entries) => _figures[name] =
        [new Figure("hit ratio", hits / (double)requests.Length, FigureUnit.Share), new Figure("entries", entries, FigureUnit.Count)];
}
