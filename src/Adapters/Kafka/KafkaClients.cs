using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Groundwork.Kafka;

/// <summary>How clients of the driver are made: where they go, how long they try, and where they report. Immutable.</summary>
/// <param name="Address">Where Kafka is.</param>
/// <param name="Timeout">How long a call may take.</param>
/// <param name="Log">Where they report.</param>
internal sealed record KafkaClients(KafkaAddress Address, TimeSpan Timeout, ILogger Log)
{
    // What waits to be sent: where that is taken, an append is refused.
    private const int QueueKilobytes = 64 << 10;
    private const int QueueMessages = 1_000_000;

    /// <summary>The producer of all appends: what it says to have appended is on all replicas in sync, once and in order.</summary>
    public IProducer<byte[]?, byte[]?> Producer()
    {
        var config = Address.Apply(new ProducerConfig
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            Partitioner = Partitioner.Murmur2Random,
            MessageTimeoutMs = (int)Timeout.TotalMilliseconds,
            QueueBufferingMaxKbytes = QueueKilobytes,
            QueueBufferingMaxMessages = QueueMessages,
            LingerMs = 0, // what waits while a request is under way goes with the next one
            TopicMetadataRefreshIntervalMs = 30_000,
        });
        return new ProducerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, message) => KafkaLog.Write(Log, message)).Build();
    }

    /// <summary>A consumer, to be told more.</summary>
    public ConsumerBuilder<byte[]?, byte[]?> Consumer(ConsumerConfig config) =>
        new ConsumerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, message) => KafkaLog.Write(Log, message));
}
