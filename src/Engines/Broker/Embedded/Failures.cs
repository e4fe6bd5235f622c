using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Ports.Messaging;

namespace Groundwork.Broker.Embedded;

/// <summary>What the engine says by Kafka's codes, in the port's words.</summary>
internal static class Failures
{
    /// <summary>What was refused, with the engine's sentence.</summary>
    public static BrokerException Of(BatchFault fault) => new(Kind(fault.Code), fault.Message);

    /// <summary>What was refused by a code alone.</summary>
    /// <param name="code">The code.</param>
    /// <param name="what">What was asked, as the beginning of a sentence.</param>
    public static BrokerException Of(ErrorCode code, string what) => new(Kind(code), $"{what} was refused: {code}.");

    /// <summary>There is no such topic.</summary>
    public static BrokerException NoSuchTopic(string topic) => new(BrokerFault.NoSuchTopic, $"There is no topic {topic}. Make it first.");

    /// <summary>There is no such partition.</summary>
    public static BrokerException NoSuchPartition(string topic, int partition) =>
        new(BrokerFault.NoSuchTopic, $"There is no partition {partition} of a topic {topic}.");

    /// <summary>The disk failed.</summary>
    public static BrokerException Of(IOException e) => new(BrokerFault.Unavailable, e.Message, e);

    /// <summary>The broker ends.</summary>
    public static BrokerException Ended() => new(BrokerFault.Unavailable, "The broker ends with its program.");

    private static BrokerFault Kind(ErrorCode code) => code switch
    {
        ErrorCode.UnknownTopicOrPartition => BrokerFault.NoSuchTopic,
        ErrorCode.CorruptMessage => BrokerFault.Damaged,
        ErrorCode.KafkaStorageError or ErrorCode.CoordinatorLoadInProgress or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator
            or ErrorCode.RequestTimedOut or ErrorCode.Unknown => BrokerFault.Unavailable,
        _ => BrokerFault.Refused,
    };
}
