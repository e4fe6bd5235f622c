using Groundwork.Broker.Benchmarks.Load;
using Groundwork.Broker.Drills.Clients;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Benchmarks;

/// <summary>A topic with something in it, for those who read.</summary>
internal static class FilledTopic
{
    /// <summary>Its name.</summary>
    public const string Name = "bench";

    /// <summary>Starts ours, with a topic of so many records in each partition.</summary>
    public static async Task<ServerUnderLoad> StartAsync(
        IBenchmarkContext context, string folder, int partitions, int recordBytes, int recordsABatch, long records, CancellationToken cancellationToken)
    {
        var server = await ServerWorker.StartBrokerAsync(context, Path.Combine(context.Folder, folder), cancellationToken);
        using (var client = await BrokerClient.ConnectAsync(server.Port, cancellationToken))
            await DrillTopic.CreateAsync(client, Name, partitions, cancellationToken);
        await AppendAsync(server.Port, partitions, recordBytes, recordsABatch, records, cancellationToken);
        return server;
    }

    /// <summary>Appends so many records to each partition.</summary>
    public static async Task AppendAsync(int port, int partitions, int recordBytes, int recordsABatch, long records, CancellationToken cancellationToken)
    {
        var requests = Enumerable.Range(0, partitions)
            .Select(partition => KafkaRequests.Produce(Name, partition, KafkaRequests.Batch(partition, recordBytes, recordsABatch))).ToList();
        using var load = new PipelinedLoad(port, 1, _ => requests, new RequestShape(20, 1, () => new FrameCounter()));
        await load.RunAsync(partitions * (records / recordsABatch), cancellationToken);
    }
}
