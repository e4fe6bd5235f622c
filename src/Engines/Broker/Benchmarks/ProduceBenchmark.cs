using System.Globalization;
using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Broker.Drills.Clients;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks;

/// <summary>Durable produce: what producers send with <c>acks=all</c>, answered when it is synced.</summary>
internal sealed class ProduceBenchmark(string shape, int recordBytes, int recordsABatch, int partitions, int connections, int underWay, long records) : ServedBenchmark
{
    private const string Topic = "bench";

    /// <summary>All of them: of each round about a second.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new ProduceBenchmark("1k", 1024, 64, 1, 4, 5, 300_000),
        new ProduceBenchmark("1k.p100", 1024, 64, 100, 4, 5, 300_000),
        new ProduceBenchmark("100b", 100, 1000, 1, 4, 5, 2_000_000),
        new ProduceBenchmark("1k.single", 1024, 1, 1, 1, 1, 2_000),
        new ProduceBenchmark("1k.single.c64", 1024, 1, 1, 64, 1, 30_000),
    ];

    /// <inheritdoc/>
    public override string Name => $"broker.produce.{shape}";

    /// <inheritdoc/>
    public override string Work => string.Create(
        CultureInfo.InvariantCulture,
        $"Records of {recordBytes} bytes in batches of {recordsABatch:N0}, to {partitions} partition(s), over {connections} connection(s) with {underWay} batch(es) under way, each answered when it is on the disk.");

    /// <inheritdoc/>
    public override string Unit => "records";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var count = context.Smoke ? records / 100 : records;
        var ours = await ServerWorker.StartBrokerAsync(context, Path.Combine(context.Folder, "broker"), cancellationToken);
        using (var client = await BrokerClient.ConnectAsync(ours.Port, cancellationToken))
            await DrillTopic.CreateAsync(client, Topic, partitions, cancellationToken);
        var sink = await ServerWorker.StartSinkAsync(context, cancellationToken);
        return [Served(ours, count), Served(sink, count), DiskLimit.Create(context.Folder, count * recordBytes, count)];
    }

    private Contender Served(ServerUnderLoad server, long count)
    {
        var load = new ProduceLoad(server.Port, Topic, partitions, connections, underWay, recordBytes, recordsABatch);
        return new Contender(
            server.Name,
            cancellationToken => load.RunAsync(Math.Max(connections, count / recordsABatch), cancellationToken),
            () =>
            {
                load.Dispose();
                return server.EndAsync();
            },
            server.ProcessId)
        {
            OnlyServerCounts = true,
            FiguresAsync = _ => new([
                new Figure("p50", load.Latency.Percentile(0.5) / 1000.0, FigureUnit.Milliseconds),
                new Figure("p99", load.Latency.Percentile(0.99) / 1000.0, FigureUnit.Milliseconds),
                new Figure("p99.9", load.Latency.Percentile(0.999) / 1000.0, FigureUnit.Milliseconds),
            ]),
        };
    }
}
