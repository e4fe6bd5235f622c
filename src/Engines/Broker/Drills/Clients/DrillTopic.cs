using System.Text;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;

namespace Groundwork.Broker.Drills.Clients;

/// <summary>What drills do with a topic beside producing to it.</summary>
internal static class DrillTopic
{
    private const int FetchBytes = 1 << 20;

    /// <summary>Makes one.</summary>
    public static async Task CreateAsync(
        BrokerClient client, string topic, int partitions, CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        var answer = await client.AskAsync(
            new CreateTopicsRequest
            {
                Topics =
                [
                    new()
                    {
                        Name = topic, NumPartitions = partitions, ReplicationFactor = 1,
                        Configs = [.. settings.Select(setting => new CreateTopicsRequest.CreatableTopicConfig { Name = setting.Name, Value = setting.Value })],
                    },
                ],
            },
            cancellationToken);
        if (answer.Topics[0].ErrorCode is not (ErrorCode.None or ErrorCode.TopicAlreadyExists))
            throw new InvalidOperationException($"The topic was not made: {answer.Topics[0].ErrorCode}, {answer.Topics[0].ErrorMessage}");
    }

    /// <summary>A number for an idempotent producer.</summary>
    public static async Task<long> NewProducerAsync(BrokerClient client, CancellationToken cancellationToken)
    {
        var answer = await client.AskAsync(new InitProducerIdRequest { TransactionalId = null }, cancellationToken);
        return answer.ErrorCode == ErrorCode.None ? answer.ProducerId : throw new InvalidOperationException($"There is no number for a producer: {answer.ErrorCode}.");
    }

    /// <summary>Sends one batch, to be answered when it is durable.</summary>
    public static ProduceRequest Produce(string topic, int partition, ReadOnlyMemory<byte> batch) => new()
    {
        Acks = -1,
        TimeoutMs = 30_000,
        TopicData = [new() { Name = topic, PartitionData = [new() { Index = partition, Records = new RecordBytes(batch) }] }],
    };

    /// <summary>Sends one batch, and returns what the broker says of it.</summary>
    public static async Task<ProduceResponse.PartitionProduceResponse> ProduceAsync(
        BrokerClient client, string topic, int partition, ReadOnlyMemory<byte> batch, CancellationToken cancellationToken) =>
        (await client.AskAsync(Produce(topic, partition, batch), cancellationToken)).Responses[0].PartitionResponses[0];

    /// <summary>Asks for what lies at an offset and behind it.</summary>
    public static FetchRequest Fetch(string topic, int partition, long offset, int maxBytes = FetchBytes, int maxWaitMs = 0) => new()
    {
        MaxWaitMs = maxWaitMs,
        MinBytes = 1,
        MaxBytes = maxBytes,
        Topics = [new() { Topic = topic, Partitions = [new() { Partition = partition, FetchOffset = offset, PartitionMaxBytes = maxBytes }] }],
    };

    /// <summary>Reads what lies at an offset and behind it, as far as one answer goes.</summary>
    public static async Task<FetchResponse.PartitionData> FetchAsync(
        BrokerClient client, string topic, int partition, long offset, CancellationToken cancellationToken, int maxBytes = FetchBytes) =>
        (await client.AskAsync(Fetch(topic, partition, offset, maxBytes), cancellationToken)).Responses[0].Partitions[0];

    /// <summary>All records of a partition from an offset on, up to its end or to an error, which is returned with them.</summary>
    public static async Task<(List<(long Offset, string Value)> Records, ErrorCode Error)> ReadAsync(
        BrokerClient client, string topic, int partition, long offset, CancellationToken cancellationToken)
    {
        var records = new List<(long, string)>();
        while (true)
        {
            var answer = await FetchAsync(client, topic, partition, offset, cancellationToken);
            if (answer.ErrorCode != ErrorCode.None || answer.Records.Length == 0)
                return (records, answer.ErrorCode);
            foreach (var record in Records(answer.Records))
            {
                if (record.Offset >= offset)
                    records.Add((record.Offset, Encoding.UTF8.GetString(record.Value.GetValueOrDefault().Span)));
                offset = Math.Max(offset, record.Offset + 1);
            }
        }
    }

    /// <summary>The records in an answer.</summary>
    public static IEnumerable<Record> Records(RecordBytes bytes)
    {
        var rest = bytes.Join();
        while (rest.Length >= RecordBatch.HeaderBytes && RecordBatch.LengthOf(rest.Span) is var length && length <= rest.Length)
        {
            foreach (var record in BatchReader.Read(rest[..length]))
                yield return record;
            rest = rest[length..];
        }
    }
}
