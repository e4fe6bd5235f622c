using System.Globalization;
using Groundwork.Cache.Benchmarks.Load;
using Groundwork.Cache.Benchmarks.Rivals;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>
/// GET and SET beside memcached, which redis-benchmark does not speak to: a load of our own, the same for all, in each one's protocol.
/// </summary>
internal sealed class MemcachedBenchmark(bool isSet, int valueBytes, int clients, int pipeline, int operations) : Benchmark
{
    private const int Keys = 96_000;
    private const int FillPipeline = 32;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        .. from shape in ((int Clients, int Pipeline, int Operations)[])[(50, 1, 400_000), (50, 32, 3_000_000), (1, 1, 60_000)]
           from bytes in (int[])[16, 1024]
           from isSet in (bool[])[false, true]
           select new MemcachedBenchmark(isSet, bytes, shape.Clients, shape.Pipeline, shape.Operations),
    ];

    /// <inheritdoc/>
    public override string Name => string.Create(
        CultureInfo.InvariantCulture, $"cache.memcached.{(isSet ? "set" : "get")}{(valueBytes == 1024 ? "-1k" : "")}.c{clients}.p{pipeline}");

    /// <inheritdoc/>
    public override string Work => string.Create(
        CultureInfo.InvariantCulture,
        $"{(isSet ? "SET" : "GET")} of {Keys:N0} keys with values of {valueBytes} bytes over {clients} connection(s), {pipeline} command(s) at a time, from one thread.");

    /// <inheritdoc/>
    public override string Unit => "commands";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var (worker, port) = await CacheWorker.StartAsync(context, cancellationToken);
        List<Contender> contenders = [Served("Groundwork", Dialect.Redis, port, worker.ProcessId, context.Smoke, worker.DisposeAsync, cancellationToken)];
        if (RedisPrograms.Missing is { } noRedis)
        {
            contenders.Add(Contender.Absent("redis-server", noRedis));
        }
        else
        {
            var redis = await RedisPrograms.StartServerAsync(cancellationToken);
            contenders.Add(Served("redis-server", Dialect.Redis, redis.Port, redis.ProcessId, context.Smoke, redis.DisposeAsync, cancellationToken));
        }

        if (Memcached.Missing is { } noMemcached)
        {
            contenders.Add(Contender.Absent("memcached", noMemcached));
        }
        else
        {
            var memcached = await Memcached.StartServerAsync(cancellationToken);
            contenders.Add(Served("memcached", Dialect.Memcached, memcached.Port, memcached.ProcessId, context.Smoke, memcached.DisposeAsync, cancellationToken));
        }

        return contenders;
    }

    /// <inheritdoc/>
    public override Task WorkAsync(string argument, TextWriter output, CancellationToken cancellationToken) =>
        CacheWorker.RunAsync(argument, output, cancellationToken);

    private Contender Served(string name, Dialect dialect, int port, int process, bool smoke, Func<ValueTask> dispose, CancellationToken cancellationToken)
    {
        var load = new PipelinedLoad(port, clients);
        var keys = new KeyLoad(dialect, valueBytes, pipeline);
        var count = smoke ? Keys / 30 : Keys;
        using (var fill = new PipelinedLoad(port, connections: 8))
            new KeyLoad(dialect, valueBytes, FillPipeline).Fill(fill, count, cancellationToken);
        var round = keys.Prepare(load, isSet, count, smoke ? operations / 100 : operations, cancellationToken);
        return new Contender(
            name,
            _ => Task.FromResult(round()),
            () =>
            {
                load.Dispose();
                return dispose();
            },
            process)
        { OnlyServerCounts = true };
    }
}
