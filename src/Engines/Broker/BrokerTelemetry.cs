using System.Diagnostics.Metrics;
using Groundwork.Broker.Node;
using Groundwork.Broker.Serving;

namespace Groundwork.Broker;

/// <summary>What the broker reports of itself; read when somebody asks, so that a request pays nothing for it.</summary>
internal sealed class BrokerTelemetry : IDisposable
{
    private readonly Meter _meter = new("Groundwork.Broker");

    public BrokerTelemetry(BrokerNode node, KafkaServer? server)
    {
        _meter.CreateObservableGauge("groundwork.broker.partitions", () => node.Topics.PartitionCount, "{partition}", "Partitions of all topics.");
        _meter.CreateObservableGauge("groundwork.broker.request.memory", () => node.Memory.Taken + node.AnswerMemory.Taken, "By", "What requests in flight and answers to consumers take.");
        _meter.CreateObservableCounter("groundwork.broker.journal.syncs", () => node.Logs.Committer.Rounds, "{sync}", "Syncs of the journal, each shared by all who waited for one.");
        _meter.CreateObservableCounter("groundwork.broker.records", () => EachPartition(node, log => log.EndOffset), "{record}", "Offsets given in a partition.");
        _meter.CreateObservableGauge("groundwork.broker.log.size", () => EachPartition(node, log => log.IsUsed ? log.Size : 0), "By", "The segments of a partition.");
        _meter.CreateObservableCounter("groundwork.broker.topic.records", () => EachTopic(node, log => log.EndOffset, log => log.Traffic.RecordsOut), "{record}", "Records appended to a topic, and read from it by all who read.");
        _meter.CreateObservableCounter("groundwork.broker.topic.bytes", () => EachTopic(node, log => log.Traffic.BytesIn, log => log.Traffic.BytesOut), "By", "Bytes of batches appended to a topic, and read from it by all who read.");
        _meter.CreateObservableGauge(
            "groundwork.broker.partition.hot", () => node.Loads.Hot().Select(hot => new Measurement<double>(hot.Share, Tags(hot.Topic, hot.Partition))), "1",
            "The share of what comes to its topic that a hot partition gets; of others nothing is told.");
        _meter.CreateObservableGauge("groundwork.broker.consumer.lag", () => Lags(node), "{record}", "Records that a group has not yet said to have read, of a partition.");
        _meter.CreateObservableGauge(
            "groundwork.broker.consumer.retention.left", () => Left(node), "s", "Until retention takes the next record that a group wants; what is negative is lost to it.");
        if (server is null)
            return;
        _meter.CreateObservableGauge("groundwork.broker.clients", () => server.Connected, "{client}", "Clients that are connected.");
        _meter.CreateObservableCounter("groundwork.broker.bytes", () => Bytes(server), "By", "Bytes of requests and answers.");
        _meter.CreateObservableCounter(
            "groundwork.broker.requests",
            () => server.Counts.Each().Select(each => new Measurement<long>(each.Requests, new KeyValuePair<string, object?>("api", each.Api.ToString()))),
            "{request}", "Requests of clients, by what they asked.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Bytes(KafkaServer server) =>
    [
        new(server.Counts.BytesIn, new KeyValuePair<string, object?>("direction", "in")),
        new(server.Counts.BytesOut, new KeyValuePair<string, object?>("direction", "out")),
    ];

    private static IEnumerable<Measurement<long>> EachPartition(BrokerNode node, Func<Logs.PartitionLog, long> of) =>
        node.Topics.All.SelectMany(topic => topic.Partitions.Select((log, i) => new Measurement<long>(of(log), Tags(topic.Name, i))));

    private static IEnumerable<Measurement<long>> EachTopic(BrokerNode node, Func<Logs.PartitionLog, long> came, Func<Logs.PartitionLog, long> went) =>
        node.Topics.All.SelectMany(topic => new[]
        {
            new Measurement<long>(topic.Partitions.Sum(came), new("topic", topic.Name), new("direction", "in")),
            new Measurement<long>(topic.Partitions.Sum(went), new("topic", topic.Name), new("direction", "out")),
        });

    private static IEnumerable<Measurement<long>> Lags(BrokerNode node) =>
        ConsumerLag.Each(node).Select(lag => new Measurement<long>(lag.Records, Tags(lag)));

    private static IEnumerable<Measurement<double>> Left(BrokerNode node) =>
        ConsumerLag.Each(node).Where(lag => lag.UntilRetention is not null)
            .Select(lag => new Measurement<double>(lag.UntilRetention!.Value.TotalSeconds, Tags(lag)));

    private static KeyValuePair<string, object?>[] Tags(string topic, int partition) => [new("topic", topic), new("partition", partition)];

    private static KeyValuePair<string, object?>[] Tags(ConsumerLag lag) =>
        [new("group", lag.Group), new("topic", lag.Topic), new("partition", lag.Partition)];
}
