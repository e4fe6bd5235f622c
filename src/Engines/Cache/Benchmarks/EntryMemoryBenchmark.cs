using System.Diagnostics;
using Groundwork.Cache.Benchmarks.Load;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>What a small entry takes: the resident memory of a server with millions of them, less that of the same server when it was empty.</summary>
internal sealed class EntryMemoryBenchmark : ServedBenchmark
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
    public override Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken) =>
        ServerUnderLoad.StartAllAsync(
            context, Mebibytes, server => Served(server, context.Smoke ? Entries / 1000 : Entries), cancellationToken);

    // The same keys each round: what was put in for the first time was counted in the first, which warms up.
    private static Contender Served(ServerUnderLoad server, int count)
    {
        var load = new PipelinedLoad(server.Port, connections: 8);
        var keys = new KeyLoad(server.Dialect, ValueBytes, Pipeline);
        var empty = Resident(server.ProcessId);
        return new Contender(
            server.Name,
            token =>
            {
                keys.Fill(load, count, token);
                return Task.FromResult((long)count);
            },
            () =>
            {
                load.Dispose();
                return server.EndAsync();
            },
            server.ProcessId)
        {
            OnlyServerCounts = true,
            FiguresAsync = _ => ValueTask.FromResult<IReadOnlyList<Figure>>(
                [new Figure("an entry", (Resident(server.ProcessId) - empty) / (double)count, FigureUnit.Bytes), new Figure("empty", empty, FigureUnit.Bytes)]),
        };
    }

    private static long Resident(int process)
    {
        using var running = Process.GetProcessById(process);
        return running.WorkingSet64;
    }
}
