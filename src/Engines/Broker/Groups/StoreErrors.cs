using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups;

/// <summary>What clients are told when the log fails: what makes them look for the coordinator and try again, as Kafka does.</summary>
internal static class StoreErrors
{
    /// <summary>The answer to a call whose append ended so.</summary>
    public static ErrorCode ToAnswer(ErrorCode append) => append switch
    {
        ErrorCode.UnknownTopicOrPartition or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.RequestTimedOut =>
            ErrorCode.CoordinatorNotAvailable,
        ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError => ErrorCode.NotCoordinator,
        ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidFetchSize => ErrorCode.Unknown,
        _ => append,
    };
}
