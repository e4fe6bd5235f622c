using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Broker.Drills.Clients;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks;

/// <summary>How long a broker of many partitions is away when it was killed.</summary>
internal sealed class StartBenchmark : ServedBenchmark
{
    private const int Topics = 10;
    private const int Partitions = 1000;
    private const int WrittenTo = 100;

    /// <inheritdoc/>
    public override string Name => "broker.start";

    /// <inheritdoc/>
    public override string Work => FormattableString.Invariant(
        $"A process is started on {Topics * Partitions:N0} partitions with a batch each, of which {WrittenTo} were written to when the one before it was killed, until it serves; then it is killed.");

    /// <inheritdoc/>
    public override string Unit => "partitions";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Contender>> PrepareAsync(IBenchmarkContext context, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(context.Folder, "broker");
        var partitions = context.Smoke ? Partitions / 100 : Partitions;
        var server = await ServerWorker.StartBrokerAsync(context, folder, cancellationToken);
        using (var client = await BrokerClient.ConnectAsync(server.Port, cancellationToken))
        {
            for (var topic = 0; topic < Topics; topic++)
                await DrillTopic.CreateAsync(client, Name(topic), partitions, cancellationToken);
        }

        await WriteAsync(server, Topics, partitions, cancellationToken);
        return
        [
            new Contender(
                "Groundwork",
                async token =>
                {
                    await server.EndAsync();
                    server = await ServerWorker.StartBrokerAsync(context, folder, token);
                    return Topics * partitions;
                },
                () => server.EndAsync())
            {
                // What the next start finds in the journal.
                FiguresAsync = async token =>
                {
                    await WriteAsync(server, 1, Math.Min(WrittenTo, partitions), token);
                    return [new Figure("resident memory", server.ResidentBytes(), FigureUnit.Bytes)];
                },
            },
        ];

        static string Name(int topic) => FormattableString.Invariant($"bench-{topic}");

        static async Task WriteAsync(ServerUnderLoad server, int topics, int partitions, CancellationToken cancellationToken)
        {
            var batch = KafkaRequests.Batch(1, 1024, 1);
            var requests = Enumerable.Range(0, topics).SelectMany(topic => Enumerable.Range(0, partitions).Select(partition => KafkaRequests.Produce(Name(topic), partition, batch))).ToList();
            using var load = new PipelinedLoad(server.Port, 1, _ => requests, new RequestShape(64, 1, () => new FrameCounter()));
            await load.RunAsync(requests.Count, cancellationToken);
        }
    }
}
