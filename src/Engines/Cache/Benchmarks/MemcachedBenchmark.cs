using System.Globalization;
using Groundwork.Cache.Benchmarks.Load;
using Groundwork.Ports.Experiments;

namespace Groundwork.Cache.Benchmarks;

/// <summary>
/// GET and SET beside memcached, which redis-benchmark does not speak to: a load of our own, the same for all, in each one's protocol.
/// </summary>
internal sealed class MemcachedBenchmark(bool isSet, int valueBytes, int clients, int pipeline, int operations) : ServedBenchmark
{
    private const int Keys = 96_000;
    private const int FillPipeline = 32;

    /// <summary>All of them: of each round about a second.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        .. from shape in ((int Clients, int Pipeline, int Operations)[])[(50, 1, 80_000), (50, 32, 1_000_000), (1, 1, 15_000)]
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
    public override Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken) =>
        ServerUnderLoad.StartAllAsync(
            context, CacheWorker.DefaultMebibytes, server => Served(server, context.Smoke, cancellationToken), cancellationToken);

    private Contender Served(ServerUnderLoad server, bool smoke, CancellationToken cancellationToken)
    {
        var load = new PipelinedLoad(server.Port, clients);
        var keys = new KeyLoad(server.Dialect, valueBytes, pipeline);
        var count = smoke ? Keys / 30 : Keys;
        using (var fill = new PipelinedLoad(server.Port, connections: 8))
            new KeyLoad(server.Dialect, valueBytes, FillPipeline).Fill(fill, count, cancellationToken);
        var round = keys.Prepare(load, isSet, count, smoke ? operations / 100 : operations, cancellationToken);
        return new Contender(
            server.Name,
            _ => Task.FromResult(round()),
            () =>
            {
                load.Dispose();
                return server.EndAsync();
            },
            server.ProcessId)
        { OnlyServerCounts = true };
    }
}
