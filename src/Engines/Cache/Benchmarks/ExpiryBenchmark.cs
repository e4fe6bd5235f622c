using System.Diagnostics;
using System.Globalization;
using Groundwork.Cache.Benchmarks.Load;
using Groundwork.Cache.Benchmarks.Rivals;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>
/// Whether anybody notices that a million keys expire in one second: one client reads other keys meanwhile, and before, as a comparison with
/// what the machine does by itself. Rounds last as long as they do because of the waiting: speeds are no contest.
/// </summary>
internal sealed class ExpiryBenchmark : Benchmark
{
    private const int Keys = 1_000_000;
    private const int Lasting = 1000;
    private const int Pipeline = 200;
    private const int Mebibytes = 512;

    private static readonly TimeSpan Fills = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Expires = TimeSpan.FromSeconds(1);
    private static readonly byte[] FlushAll = RedisRequest.Of("FLUSHALL");

    private readonly Dictionary<string, IReadOnlyList<Figure>> _figures = [];

    /// <inheritdoc/>
    public override string Name => "cache.latency.expiry";

    /// <inheritdoc/>
    public override string Work => "GET by one client while a million other keys expire within one second, and for a second after.";

    /// <inheritdoc/>
    public override string Unit => "gets";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var (worker, port) = await CacheWorker.StartAsync(context, cancellationToken, Mebibytes);
        List<Contender> contenders = [Served("Groundwork", port, worker.ProcessId, context.Smoke, worker.DisposeAsync)];
        if (RedisPrograms.Missing is { } missing)
        {
            contenders.Add(Contender.Absent("redis-server", missing));
        }
        else
        {
            var redis = await RedisPrograms.StartServerAsync(cancellationToken);
            contenders.Add(Served("redis-server", redis.Port, redis.ProcessId, context.Smoke, redis.DisposeAsync));
        }

        return contenders;
    }

    /// <inheritdoc/>
    public override Task WorkAsync(string argument, TextWriter output, CancellationToken cancellationToken) =>
        CacheWorker.RunAsync(argument, output, cancellationToken);

    private Contender Served(string name, int port, int process, bool smoke, Func<ValueTask> dispose)
    {
        var load = new PipelinedLoad(port, connections: 1);
        return new Contender(
            name,
            token =>
            {
                var (count, fills) = smoke ? (Keys / 1000, TimeSpan.FromSeconds(0.2)) : (Keys, Fills);
                load.Run(1, _ => FlushAll, _ => Dialect.Redis.SetAnswerBytes, token);
                new KeyLoad(Dialect.Redis, 16, Pipeline).Fill(load, Lasting, token);
                var start = DateTimeOffset.UtcNow + fills;
                Fill(load, count, start, token);
                var left = start - DateTimeOffset.UtcNow;
                if (left < TimeSpan.Zero)
                    throw new InvalidOperationException("The keys were due before all were there: this machine is too slow for it.");
                var before = Read(load, left, token);
                var meanwhile = Read(load, 2 * Expires, token);
                _figures[name] =
                [
                    Of("p99.9 meanwhile", meanwhile, 0.999), Of("longest meanwhile", meanwhile, 1),
                    Of("p99.9 before", before, 0.999), Of("longest before", before, 1),
                ];
                return Task.FromResult((long)meanwhile.Count);
            },
            () =>
            {
                load.Dispose();
                return dispose();
            },
            process)
        {
            OnlyServerCounts = true,
            FiguresAsync = _ => ValueTask.FromResult(_figures[name]),
        };
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

    private static List<double> Read(PipelinedLoad load, TimeSpan duration, CancellationToken cancellationToken)
    {
        var get = Enumerable.Range(0, Lasting).Select(Dialect.Redis.Get).ToArray();
        var answer = Dialect.Redis.GetAnswerBytes(16);
        var times = new List<double>(1 << 17);
        var began = Stopwatch.GetTimestamp();
        do
        {
            var sent = Stopwatch.GetTimestamp();
            var key = times.Count % Lasting;
            load.Run(1, _ => get[key], _ => answer, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(began) < duration);
        times.Sort();
        return times;
    }

    private static Figure Of(string name, List<double> sorted, double part) =>
        new(name, sorted[(int)Math.Ceiling(sorted.Count * part) - 1], FigureUnit.Milliseconds);
}
