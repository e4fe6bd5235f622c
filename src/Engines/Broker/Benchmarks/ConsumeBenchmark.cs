using System.Globalization;
using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks;

/// <summary>Reading what lies in the page cache: what a consumer does that is not far behind.</summary>
internal sealed class ConsumeBenchmark(string shape, int recordBytes, int recordsABatch, int partitions, int consumers, bool commits, long records) : ServedBenchmark
{
    /// <summary>All of them: a quarter of a gigabyte each.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new ConsumeBenchmark("1k", 1024, 64, 1, 1, false, 256_000),
        new ConsumeBenchmark("1k.p100", 1024, 64, 100, 1, false, 256_000),
        new ConsumeBenchmark("100b", 100, 1000, 1, 1, false, 2_500_000),
        new ConsumeBenchmark("1k.single", 1024, 1, 1, 1, false, 100_000),
        new ConsumeBenchmark("1k.groups5", 1024, 64, 1, 5, true, 256_000),
    ];

    /// <inheritdoc/>
    public override string Name => $"broker.consume.{shape}";

    /// <inheritdoc/>
    public override string Work => string.Create(
        CultureInfo.InvariantCulture,
        $"{records:N0} records of {recordBytes} bytes in batches of {recordsABatch:N0} in {partitions} partition(s), in the page cache, each read by {(commits ? $"{consumers} groups, which commit after each 16 answers" : "one consumer")}, up to 1 MiB at a time.");

    /// <inheritdoc/>
    public override string Unit => "records";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var each = Math.Max(recordsABatch, (context.Smoke ? records / 100 : records) / partitions / recordsABatch * recordsABatch);
        return
        [
            Served(await FilledTopic.StartAsync(context, "broker", partitions, recordBytes, recordsABatch, each, cancellationToken), each, commits),
            Served(await ServerWorker.StartSourceAsync(context, recordBytes, recordsABatch, cancellationToken), each, commits: false),
        ];
    }

    private Contender Served(ServerUnderLoad server, long each, bool commits)
    {
        var load = new ConsumeLoad(server.Port, FilledTopic.Name, partitions, consumers, commits);
        return new Contender(
            server.Name, cancellationToken => load.RunAsync(each, cancellationToken),
            () =>
            {
                load.Dispose();
                return server.EndAsync();
            },
            server.ProcessId)
        {
            OnlyServerCounts = true,
            FiguresAsync = _ => new([new Figure("resident memory", server.ResidentBytes(), FigureUnit.Bytes)]),
        };
    }
}
