using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Broker.Drills.Clients;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks;

/// <summary>Whether a log costs more as it grows: the same work on one that is long, and on those that are new.</summary>
internal sealed class GrowthBenchmark : ServedBenchmark
{
    private const int RecordBytes = 1024;
    private const int RecordsABatch = 64;
    private const long Records = 32_000;
    private const int Times = 100;
    private const int New = 200; // more than there are rounds

    /// <inheritdoc/>
    public override string Name => "broker.growth.1k";

    /// <inheritdoc/>
    public override string Work => FormattableString.Invariant(
        $"{Records:N0} records of {RecordBytes} bytes in batches of {RecordsABatch} appended, and half of the last of them read, on a log that has {Times} times as many, and on one that has none.");

    /// <inheritdoc/>
    public override string Unit => "records";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var records = context.Smoke ? Records / 100 : Records;
        var grown = await FilledTopic.StartAsync(context, "long", 1, RecordBytes, RecordsABatch, records * Times, cancellationToken);
        var fresh = await ServerWorker.StartBrokerAsync(context, Path.Combine(context.Folder, "new"), cancellationToken);
        using (var client = await BrokerClient.ConnectAsync(fresh.Port, cancellationToken))
            await DrillTopic.CreateAsync(client, FilledTopic.Name, New, cancellationToken);
        var next = 0;
        return [On("a long log", grown, records, () => 0), On("a new log", fresh, records, () => next++ % New)];
    }

    private static Contender On(string name, ServerUnderLoad server, long records, Func<int> partition) => new(
        name,
        async cancellationToken =>
        {
            var to = partition();
            byte[][] requests = [KafkaRequests.Produce(FilledTopic.Name, to, KafkaRequests.Batch(to, RecordBytes, RecordsABatch))];
            using var load = new PipelinedLoad(server.Port, 4, _ => requests, new RequestShape(5, 1, () => new FrameCounter()));
            var written = RecordsABatch * await load.RunAsync(records / RecordsABatch, cancellationToken);
            using var client = await BrokerClient.ConnectAsync(server.Port, cancellationToken);
            var end = (await DrillTopic.FetchAsync(client, FilledTopic.Name, to, 0, cancellationToken, 1)).HighWatermark;
            for (var offset = end - (written / 2); offset < end;)
            {
                var read = await DrillTopic.FetchAsync(client, FilledTopic.Name, to, offset, cancellationToken);
                offset = DrillTopic.Records(read.Records).Last().Offset + 1;
            }

            return written;
        },
        server.EndAsync,
        server.ProcessId)
    {
        OnlyServerCounts = true,
    };
}
