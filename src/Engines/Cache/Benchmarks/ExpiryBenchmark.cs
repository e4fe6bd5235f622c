using System.Diagnostics;
using System.Globalization;
using Groundwork.Cache.Benchmarks.Load;
using Groundwork.Cache.Benchmarks.Rivals;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>
/// Whether anybody notices that a million keys expire in one second: one client reads other keys meanwhile, and before. A stall may be the
/// machine's own, so it asks a second server of the same kind in turn, in which nothing expires: what both suffer in the same seconds is not
/// of the expiry. Rounds last as long as they do because of the waiting: speeds are no contest.
/// </summary>
internal sealed class ExpiryBenchmark : ServedBenchmark
{
    private const int Keys = 1_000_000;
    private const int Lasting = 1000;
    private const int ValueBytes = 16;
    private const int Pipeline = 200;
    private const int Mebibytes = 512;
    private const double StallMilliseconds = 5;

    private static readonly TimeSpan Fills = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan MostFills = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Expires = TimeSpan.FromSeconds(1);
    private static readonly int AnswerBytes = Dialect.Redis.GetAnswerBytes(ValueBytes);
    private static readonly byte[] FlushAll = RedisRequest.Of("FLUSHALL");

    private readonly Dictionary<string, IReadOnlyList<Figure>> _figures = [];

    /// <inheritdoc/>
    public override string Name => "cache.latency.expiry";

    /// <inheritdoc/>
    public override string Work => "GET by one client while a million other keys expire within one second, and for a second after; in turn with GET from an idle server.";

    /// <inheritdoc/>
    public override string Unit => "gets";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var (worker, port) = await CacheWorker.StartAsync(context, cancellationToken, Mebibytes);
        var (idle, idlePort) = await CacheWorker.StartAsync(context, cancellationToken);
        List<Contender> contenders =
        [
            Served("Groundwork", port, worker.ProcessId, idlePort, context.Smoke, async () =>
            {
                await worker.DisposeAsync();
                await idle.DisposeAsync();
            }),
        ];
        if (RedisPrograms.Missing is { } missing)
        {
            contenders.Add(Contender.Absent("redis-server", missing));
            return contenders;
        }

        var redis = await RedisPrograms.StartServerAsync(cancellationToken);
        var idleRedis = await RedisPrograms.StartServerAsync(cancellationToken);
        contenders.Add(Served("redis-server", redis.Port, redis.ProcessId, idleRedis.Port, context.Smoke, async () =>
        {
            await redis.DisposeAsync();
            await idleRedis.DisposeAsync();
        }));
        return contenders;
    }

    private Contender Served(string name, int port, int process, int idlePort, bool smoke, Func<ValueTask> dispose)
    {
        var load = new PipelinedLoad(port, connections: 1);
        var idle = new PipelinedLoad(idlePort, connections: 1);
        new KeyLoad(Dialect.Redis, ValueBytes, Pipeline).Fill(idle, Lasting, CancellationToken.None);
        return new Contender(
            name,
            token =>
            {
                var (count, fills, meanwhile) = smoke ? (Keys / 1000, TimeSpan.FromSeconds(0.1), 0.05 * Expires) : (Keys, Fills, 2 * Expires);
                var left = FillInTime(load, count, fills, token);
                var (before, _) = Read(load, idle, left, token);
                var (expiring, idleExpiring) = Read(load, idle, meanwhile, token);
                _figures[name] =
                [
                    .. Figures("meanwhile", expiring), .. Figures("of the idle one meanwhile", idleExpiring),
                    .. Figures("before", before),
                ];
                return Task.FromResult((long)expiring.Count);
            },
            () =>
            {
                load.Dispose();
                idle.Dispose();
                return dispose();
            },
            process)
        {
            OnlyServerCounts = true,
            FiguresAsync = _ => ValueTask.FromResult(_figures[name]),
        };
    }

    // Where they are due before all are there, anew with twice the time; returns what is left of it.
    private static TimeSpan FillInTime(PipelinedLoad load, int count, TimeSpan time, CancellationToken cancellationToken)
    {
        for (; time < MostFills; time *= 2)
        {
            load.Run(1, _ => FlushAll, _ => Dialect.Redis.SetAnswerBytes, cancellationToken);
            new KeyLoad(Dialect.Redis, ValueBytes, Pipeline).Fill(load, Lasting, cancellationToken);
            var start = DateTimeOffset.UtcNow + time;
            Fill(load, count, start, cancellationToken);
            if (start - DateTimeOffset.UtcNow is var left && left >= TimeSpan.Zero)
                return left;
        }

        throw new InvalidOperationException("The keys were due before all were there: this machine is too slow for it.");
    }

    // Spread evenly over the second that begins at the start.
    private static void Fill(PipelinedLoad load, int count, DateTimeOffset start, CancellationToken cancellationToken)
    {
        var from = start.ToUnixTimeMilliseconds();
        load.Run(
            count / Pipeline,
            batch => Enumerable.Range(batch * Pipeline, Pipeline)
                .SelectMany(i => RedisRequest.Of("SET", $"due:{i:D12}", "0123456789abcdef", "PXAT", (from + (i % (int)Expires.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture)))
                .ToArray(),
            _ => Pipeline * Dialect.Redis.SetAnswerBytes,
            cancellationToken);
    }

    // One after the other, so that each stall of the machine hits either as likely.
    private static (List<double> Times, List<double> IdleTimes) Read(PipelinedLoad load, PipelinedLoad idle, TimeSpan duration, CancellationToken cancellationToken)
    {
        var get = Enumerable.Range(0, Lasting).Select(Dialect.Redis.Get).ToArray();
        var (times, idleTimes) = (new List<double>(1 << 17), new List<double>(1 << 17));
        var began = Stopwatch.GetTimestamp();
        do
        {
            var request = get[times.Count % Lasting];
            times.Add(Ask(load, request, cancellationToken));
            idleTimes.Add(Ask(idle, request, cancellationToken));
        }
        while (Stopwatch.GetElapsedTime(began) < duration);
        times.Sort();
        idleTimes.Sort();
        return (times, idleTimes);
    }

    private static double Ask(PipelinedLoad load, byte[] request, CancellationToken cancellationToken)
    {
        var sent = Stopwatch.GetTimestamp();
        load.Run(1, _ => request, _ => AnswerBytes, cancellationToken);
        return Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
    }

    private static IEnumerable<Figure> Figures(string when, List<double> sorted) =>
    [
        new Figure("p99.9 " + when, sorted[(int)Math.Ceiling(sorted.Count * 0.999) - 1], FigureUnit.Milliseconds),
        new Figure("longest " + when, sorted[^1], FigureUnit.Milliseconds),
        new Figure("over 5 ms " + when, sorted.Count(t => t > StallMilliseconds), FigureUnit.Count),
    ];
}
