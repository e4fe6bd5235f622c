using System.Diagnostics;
using Groundwork.Cache.Benchmarks.Load;
using Groundwork.Cache.Benchmarks.Rivals;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>What a small entry takes: the resident memory of a server with millions of them, less that of the same server when it was empty.</summary>
internal sealed class EntryMemoryBenchmark : Benchmark
{
    private const int Entries = 10_000_000;
    private const int ValueBytes = 16;
    private const int Pipeline = 256;
    private const int Mebibytes = 2048;

    /// <inheritdoc/>
    public override string Name => "cache.memory.entries";

    /// <inheritdoc/>
    public override string Work => "Ten million entries, keys and values of 16 bytes, put into an empty server; beside the rate, the memory that each takes.";

    /// <inheritdoc/>
    public override string Unit => "entries";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var count = context.Smoke ? Entries / 1000 : Entries;
        var (worker, port) = await CacheWorker.StartAsync(context, cancellationToken, Mebibytes);
        List<Contender> contenders = [Served("Groundwork", Dialect.Redis, port, worker.ProcessId, count, worker.DisposeAsync)];
        if (RedisPrograms.Missing is { } noRedis)
        {
            contenders.Add(Contender.Absent("redis-server", noRedis));
        }
        else
        {
            var redis = await RedisPrograms.StartServerAsync(cancellationToken);
            contenders.Add(Served("redis-server", Dialect.Redis, redis.Port, redis.ProcessId, count, redis.DisposeAsync));
        }

        if (Memcached.Missing is { } noMemcached)
        {
            contenders.Add(Contender.Absent("memcached", noMemcached));
        }
        else
        {
            var memcached = await Memcached.StartServerAsync(cancellationToken);
            contenders.Add(Served("memcached", Dialect.Memcached, memcached.Port, memcached.ProcessId, count, memcached.DisposeAsync));
        }

        return contenders;
    }

    /// <inheritdoc/>
    public override Task WorkAsync(string argument, TextWriter output, CancellationToken cancellationToken) =>
        CacheWorker.RunAsync(argument, output, cancellationToken);

    // The same keys each round: what was put in for the first time was counted in the first, which warms up.
    private static Contender Served(string name, Dialect dialect, int port, int process, int count, Func<ValueTask> dispose)
    {
        var load = new PipelinedLoad(port, connections: 8);
        var keys = new KeyLoad(dialect, ValueBytes, Pipeline);
        var empty = Resident(process);
        return new Contender(
            name,
            token =>
            {
                keys.Fill(load, count, token);
                return Task.FromResult((long)count);
            },
            () =>
            {
                load.Dispose();
                return dispose();
            },
            process)
        {
            OnlyServerCounts = true,
            FiguresAsync = _ => ValueTask.FromResult<IReadOnlyList<Figure>>(
                [new Figure("an entry", (Resident(process) - empty) / (double)count, FigureUnit.Bytes), new Figure("empty", empty, FigureUnit.Bytes)]),
        };
    }

    private static long Resident(int process)
    {
        using var running = Process.GetProcessById(process);
        return running.WorkingSet64;
    }
}
