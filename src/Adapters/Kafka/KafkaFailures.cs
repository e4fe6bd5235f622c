using Confluent.Kafka;
using Groundwork.Ports.Messaging;

namespace Groundwork.Kafka;

/// <summary>Turns what Kafka and its driver report into the port's failure.</summary>
internal static class KafkaFailures
{
    /// <summary>What a call ended with.</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="address">Where.</param>
    public static BrokerException Of(KafkaException e, KafkaAddress address) => Of(e.Error, address, e);

    /// <inheritdoc cref="Of(KafkaException, KafkaAddress)"/>
    public static BrokerException Of(Error error, KafkaAddress address, Exception? e = null) => Kind(error.Code) switch
    {
        BrokerFault.Unavailable => new(
            BrokerFault.Unavailable, $"Kafka at {address} cannot be reached, or did not answer in time: {error.Reason}. Whether an append was done is unknown. Check that it runs, and that Broker:Connection names it.", e),
        BrokerFault.NoSuchTopic => new(BrokerFault.NoSuchTopic, $"Kafka at {address} has no such topic or partition. Make it first.", e),
        BrokerFault.Revoked => new(BrokerFault.Revoked, "The group has agreed anew: the records come to another member again.", e),
        BrokerFault.Damaged => new(BrokerFault.Damaged, $"Records at Kafka {address} cannot be read: {error.Reason}.", e),
        _ when IsOfAccess(error.Code) => new(
            BrokerFault.Refused, $"Kafka at {address} does not let us in, or not do that ({error.Code}). Check security, user and password in Broker:Connection, and what the user may do.", e),
        var kind => new(kind, $"Kafka at {address} refused it: {error.Reason}.", e),
    };

    /// <summary>Nothing was heard within <c>Broker:Timeout</c>.</summary>
    public static BrokerException TimedOut(KafkaAddress address, TimeSpan timeout, Exception? e = null) => new(
        BrokerFault.Unavailable, $"Kafka at {address} did not answer within {timeout.TotalSeconds:0} s. Check that it runs, and that Broker:Connection names it.", e);

    /// <summary>There is no such topic.</summary>
    public static BrokerException NoSuchTopic(string topic) => new(BrokerFault.NoSuchTopic, $"There is no topic {topic}. Make it first.");

    /// <summary>There is no such partition.</summary>
    public static BrokerException NoSuchPartition(string topic, int partition) => new(BrokerFault.NoSuchTopic, $"There is no partition {partition} of a topic {topic}.");

    private static bool IsOfAccess(ErrorCode code) => code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed
        or ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed;

    private static BrokerFault Kind(ErrorCode code) => code switch
    {
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition => BrokerFault.NoSuchTopic,
        ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId or ErrorCode.RebalanceInProgress or ErrorCode.FencedInstanceId
            or ErrorCode.Local_AssignmentLost or ErrorCode.Local_Fenced => BrokerFault.Revoked,
        ErrorCode.Local_BadMsg or ErrorCode.Local_BadCompression or ErrorCode.InvalidMsg => BrokerFault.Damaged,
        ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_TimedOut or ErrorCode.Local_MsgTimedOut
            or ErrorCode.Local_TimedOutQueue or ErrorCode.Local_QueueFull or ErrorCode.Local_Resolve or ErrorCode.Local_WaitCoord
            or ErrorCode.Local_PurgeQueue or ErrorCode.Local_PurgeInflight or ErrorCode.Local_Destroy or ErrorCode.Local_Retry
            or ErrorCode.RequestTimedOut or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend
            or ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderForPartition or ErrorCode.BrokerNotAvailable or ErrorCode.NetworkException
            or ErrorCode.GroupCoordinatorNotAvailable or ErrorCode.NotCoordinatorForGroup or ErrorCode.GroupLoadInProgress
            or ErrorCode.KafkaStorageError or ErrorCode.ThrottlingQuotaExceeded => BrokerFault.Unavailable,
        _ => BrokerFault.Refused,
    };
}
