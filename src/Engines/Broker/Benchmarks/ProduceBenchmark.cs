using System.Globalization;
using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Broker.Benchmarks.Rivals;
using Groundwork.Broker.Drills.Clients;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks;

/// <summary>Durable produce: what producers send with <c>acks=all</c>, answered when it is synced.</summary>
internal sealed class ProduceBenchmark(string shape, int recordBytes, int recordsABatch, int partitions, int connections, int underWay) : ServedBenchmark
{
    private const string Topic = "bench";

    private const long DiskBytes = 1L << 30;

    // Long enough that what is compiled, made and grown at its beginning weighs nothing.
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(4);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        new ProduceBenchmark("1k", 1024, 64, 1, 4, 5),
        new ProduceBenchmark("1k.p100", 1024, 64, 100, 4, 5),
        new ProduceBenchmark("100b", 100, 1000, 1, 4, 5),
        new ProduceBenchmark("1k.single", 1024, 1, 1, 1, 1),
        new ProduceBenchmark("1k.single.c64", 1024, 1, 1, 64, 1),
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
        var round = context.Smoke ? Round / 100 : Round;
        var diskBytes = context.Smoke ? DiskBytes / 100 : DiskBytes;
        var ours = await ServerWorker.StartBrokerAsync(context, Path.Combine(context.Folder, "broker"), cancellationToken);
        using (var client = await BrokerClient.ConnectAsync(ours.Port, cancellationToken))
            await DrillTopic.CreateAsync(client, Topic, partitions, cancellationToken);
        var sink = await ServerWorker.StartSinkAsync(context, cancellationToken);
        var requests = Requests(partition => KafkaRequests.Produce(Topic, partition, KafkaRequests.Batch(partition, recordBytes, recordsABatch)));
        var shape = new RequestShape(underWay, 1, () => new FrameCounter());
        return
        [
            Served(ours, round, _ => requests, shape),
            Served(sink, round, _ => requests, shape),
            DiskLimit.Create(context.Folder, diskBytes, diskBytes / recordBytes),
            DiskLimit.CreateNew(context.Folder, diskBytes, diskBytes / recordBytes),
            await RedisAsync(context, round, cancellationToken),
            await NatsAsync(context, round, cancellationToken),
            await RabbitAsync(context, round, cancellationToken),
        ];
    }

    private async Task<Contender> RedisAsync(IBenchmarkContext context, TimeSpan round, CancellationToken cancellationToken)
    {
        if (RedisStreams.Missing is { } missing)
            return Contender.Absent(RedisStreams.Name, missing);
        var redis = Requests(partition => RedisStreams.Append(Topic, partition, recordBytes, recordsABatch));
        var program = await RedisStreams.StartAsync(Path.Combine(context.Folder, "redis"), cancellationToken);
        return Served(
            new ServerUnderLoad(RedisStreams.Name, program.Port, program.ProcessId, program.DisposeAsync), round,
            _ => redis, RedisStreams.Shape(underWay, recordsABatch));
    }

    private async Task<Contender> NatsAsync(IBenchmarkContext context, TimeSpan round, CancellationToken cancellationToken)
    {
        if (NatsStreams.Missing is { } missing)
            return Contender.Absent(NatsStreams.Name, missing);
        var program = await NatsStreams.StartAsync(Path.Combine(context.Folder, "nats"), Topic, cancellationToken);
        return Served(
            new ServerUnderLoad(NatsStreams.Name, program.Port, program.ProcessId, program.DisposeAsync), round,
            connection => Requests(partition => NatsStreams.Append(connection, Topic, partition, recordBytes, recordsABatch)), NatsStreams.Shape(underWay, recordsABatch));
    }

    private async Task<Contender> RabbitAsync(IBenchmarkContext context, TimeSpan round, CancellationToken cancellationToken)
    {
        if (RabbitStreams.Missing is { } missing)
            return Contender.Absent(RabbitStreams.Name, missing);
        var requests = Requests(partition => RabbitStreams.Append(partition, recordBytes, recordsABatch));
        var server = await RabbitStreams.StartAsync(Path.Combine(context.Folder, "rabbitmq"), Topic, partitions, cancellationToken);
        return Served(server, round, _ => requests, RabbitStreams.Shape(underWay, recordsABatch, Topic, partitions));
    }

    private byte[][] Requests(Func<int, byte[]> request) => [.. Enumerable.Range(0, partitions).Select(request)];

    private Contender Served(ServerUnderLoad server, TimeSpan round, Func<int, byte[][]> requests, RequestShape shape)
    {
        var load = new PipelinedLoad(server.Port, connections, requests, shape);
        return new Contender(
            server.Name,
            async cancellationToken => recordsABatch * await load.RunAsync(round, cancellationToken),
            () =>
            {
                load.Dispose();
                return server.EndAsync();
            },
            server.ProcessId)
        {
            OnlyServerCounts = true,
            FiguresAsync = _ => new([.. Percentiles.Of(load.Latency), new Figure("resident memory", server.ResidentBytes(), FigureUnit.Bytes)]),
        };
    }
}
