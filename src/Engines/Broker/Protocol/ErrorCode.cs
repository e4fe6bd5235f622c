namespace Groundwork.Broker.Protocol;

/// <summary>What an answer says of an operation, by Kafka's numbers.</summary>
internal enum ErrorCode : short
{
    /// <summary>The server failed in a way that no other code names.</summary>
    Unknown = -1,

    /// <summary>All is well.</summary>
    None = 0,

    /// <summary>The offset is before the log's start or behind its end.</summary>
    OffsetOutOfRange = 1,

    /// <summary>A batch is damaged: its checksum, its size or its form is wrong.</summary>
    CorruptMessage = 2,

    /// <summary>There is no such topic or partition here.</summary>
    UnknownTopicOrPartition = 3,

    /// <summary>The size asked for is not positive.</summary>
    InvalidFetchSize = 4,

    /// <summary>The partition has no leader yet; ask again.</summary>
    LeaderNotAvailable = 5,

    /// <summary>This node does not lead the partition; ask for its metadata again.</summary>
    NotLeaderOrFollower = 6,

    /// <summary>It was not done in the time that the request gave.</summary>
    RequestTimedOut = 7,

    /// <summary>The broker cannot be reached.</summary>
    BrokerNotAvailable = 8,

    /// <summary>The replica is not here.</summary>
    ReplicaNotAvailable = 9,

    /// <summary>A batch is larger than the topic takes.</summary>
    MessageTooLarge = 10,

    /// <summary>The controller has been replaced.</summary>
    StaleControllerEpoch = 11,

    /// <summary>The text committed with an offset is longer than allowed.</summary>
    OffsetMetadataTooLarge = 12,

    /// <summary>The connection was lost before the answer.</summary>
    NetworkException = 13,

    /// <summary>The coordinator is still reading its log; ask again.</summary>
    CoordinatorLoadInProgress = 14,

    /// <summary>There is no coordinator yet; ask again.</summary>
    CoordinatorNotAvailable = 15,

    /// <summary>This node does not coordinate that group or transaction.</summary>
    NotCoordinator = 16,

    /// <summary>The topic's name is not allowed, or the topic is internal.</summary>
    InvalidTopicException = 17,

    /// <summary>A batch is larger than a segment.</summary>
    RecordListTooLarge = 18,

    /// <summary>Fewer replicas are in sync than the topic asks for; nothing was written.</summary>
    NotEnoughReplicas = 19,

    /// <summary>It was written, but to fewer replicas than the topic asks for.</summary>
    NotEnoughReplicasAfterAppend = 20,

    /// <summary>acks is -1, 0 or 1.</summary>
    InvalidRequiredAcks = 21,

    /// <summary>The member speaks of another generation of its group.</summary>
    IllegalGeneration = 22,

    /// <summary>The member has no protocol in common with its group.</summary>
    InconsistentGroupProtocol = 23,

    /// <summary>The group's name is empty or too long.</summary>
    InvalidGroupId = 24,

    /// <summary>The group does not know the member.</summary>
    UnknownMemberId = 25,

    /// <summary>The session's timeout is outside of what the server allows.</summary>
    InvalidSessionTimeout = 26,

    /// <summary>The group is rebalancing: join again.</summary>
    RebalanceInProgress = 27,

    /// <summary>The offsets committed at once are more than one batch can hold.</summary>
    InvalidCommitOffsetSize = 28,

    /// <summary>The caller may not do that with the topic.</summary>
    TopicAuthorizationFailed = 29,

    /// <summary>The caller may not do that with the group.</summary>
    GroupAuthorizationFailed = 30,

    /// <summary>The caller may not do that with the cluster.</summary>
    ClusterAuthorizationFailed = 31,

    /// <summary>A record's time is outside of what the topic takes.</summary>
    InvalidTimestamp = 32,

    /// <summary>The server does not have that way to authenticate.</summary>
    UnsupportedSaslMechanism = 33,

    /// <summary>The request is not allowed in this state of authentication.</summary>
    IllegalSaslState = 34,

    /// <summary>The server does not speak that version of the request.</summary>
    UnsupportedVersion = 35,

    /// <summary>There is a topic of that name.</summary>
    TopicAlreadyExists = 36,

    /// <summary>The number of partitions is not allowed.</summary>
    InvalidPartitions = 37,

    /// <summary>There are not that many nodes.</summary>
    InvalidReplicationFactor = 38,

    /// <summary>The assignment names nodes that are not there, or leaves partitions out.</summary>
    InvalidReplicaAssignment = 39,

    /// <summary>A setting's name or value is not allowed.</summary>
    InvalidConfig = 40,

    /// <summary>This node is not the controller.</summary>
    NotController = 41,

    /// <summary>The request contradicts itself.</summary>
    InvalidRequest = 42,

    /// <summary>The log's format cannot do that.</summary>
    UnsupportedForMessageFormat = 43,

    /// <summary>A limit of the server forbids it.</summary>
    PolicyViolation = 44,

    /// <summary>A producer's batches came with a gap between them.</summary>
    OutOfOrderSequenceNumber = 45,

    /// <summary>A producer's batch was already written, longer ago than can be told.</summary>
    DuplicateSequenceNumber = 46,

    /// <summary>A newer producer has taken this one's place.</summary>
    InvalidProducerEpoch = 47,

    /// <summary>The transaction is not in a state that allows it.</summary>
    InvalidTxnState = 48,

    /// <summary>The producer is not the transaction's.</summary>
    InvalidProducerIdMapping = 49,

    /// <summary>The transaction's timeout is longer than allowed.</summary>
    InvalidTransactionTimeout = 50,

    /// <summary>Another change of the transaction is under way.</summary>
    ConcurrentTransactions = 51,

    /// <summary>A newer coordinator has taken this one's place.</summary>
    TransactionCoordinatorFenced = 52,

    /// <summary>The caller may not use that transactional name.</summary>
    TransactionalIdAuthorizationFailed = 53,

    /// <summary>Access is not controlled here.</summary>
    SecurityDisabled = 54,

    /// <summary>An earlier failure kept it from being tried.</summary>
    OperationNotAttempted = 55,

    /// <summary>The partition's disk failed.</summary>
    KafkaStorageError = 56,

    /// <summary>There is no such folder of logs.</summary>
    LogDirNotFound = 57,

    /// <summary>The credentials are wrong.</summary>
    SaslAuthenticationFailed = 58,

    /// <summary>Nothing is known of the producer any more.</summary>
    UnknownProducerId = 59,

    /// <summary>The partition is being moved.</summary>
    ReassignmentInProgress = 60,

    /// <summary>Delegation tokens are not used here.</summary>
    DelegationTokenAuthDisabled = 61,

    /// <summary>There is no such delegation token.</summary>
    DelegationTokenNotFound = 62,

    /// <summary>The delegation token is another's.</summary>
    DelegationTokenOwnerMismatch = 63,

    /// <summary>Delegation tokens are not given over this connection.</summary>
    DelegationTokenRequestNotAllowed = 64,

    /// <summary>The caller may not do that with delegation tokens.</summary>
    DelegationTokenAuthorizationFailed = 65,

    /// <summary>The delegation token's time is over.</summary>
    DelegationTokenExpired = 66,

    /// <summary>That kind of principal is not known.</summary>
    InvalidPrincipalType = 67,

    /// <summary>The group still has members.</summary>
    NonEmptyGroup = 68,

    /// <summary>There is no such group.</summary>
    GroupIdNotFound = 69,

    /// <summary>The fetch session is not known any more: begin a new one.</summary>
    FetchSessionIdNotFound = 70,

    /// <summary>The fetch session is at another epoch: begin a new one.</summary>
    InvalidFetchSessionEpoch = 71,

    /// <summary>The leader has no listener of that name.</summary>
    ListenerNotFound = 72,

    /// <summary>Topics cannot be deleted here.</summary>
    TopicDeletionDisabled = 73,

    /// <summary>The client's leader epoch is older than the partition's.</summary>
    FencedLeaderEpoch = 74,

    /// <summary>The client's leader epoch is newer than the partition's.</summary>
    UnknownLeaderEpoch = 75,

    /// <summary>That version of the request cannot carry this codec.</summary>
    UnsupportedCompressionType = 76,

    /// <summary>The broker has been replaced by a newer one.</summary>
    StaleBrokerEpoch = 77,

    /// <summary>The leader does not know yet how far it may be read; ask again.</summary>
    OffsetNotAvailable = 78,

    /// <summary>Join again with the member's id that this answer gives.</summary>
    MemberIdRequired = 79,

    /// <summary>The preferred leader is not there.</summary>
    PreferredLeaderNotAvailable = 80,

    /// <summary>The group has as many members as are allowed.</summary>
    GroupMaxSizeReached = 81,

    /// <summary>Another member has taken this one's static name.</summary>
    FencedInstanceId = 82,

    /// <summary>No replica may become leader.</summary>
    EligibleLeadersNotAvailable = 83,

    /// <summary>The partition has the leader that it should have.</summary>
    ElectionNotNeeded = 84,

    /// <summary>The partition is not being moved.</summary>
    NoReassignmentInProgress = 85,

    /// <summary>Members of the group still read that topic.</summary>
    GroupSubscribedToTopic = 86,

    /// <summary>A record is not formed as it should be.</summary>
    InvalidRecord = 87,

    /// <summary>An offset is being committed by a transaction; ask again.</summary>
    UnstableOffsetCommit = 88,

    /// <summary>The caller has used up its share for now.</summary>
    ThrottlingQuotaExceeded = 89,

    /// <summary>A newer producer has taken this one's transactional name.</summary>
    ProducerFenced = 90,

    /// <summary>There is nothing of that name.</summary>
    ResourceNotFound = 91,

    /// <summary>There is something of that name.</summary>
    DuplicateResource = 92,

    /// <summary>The credential is not strong enough.</summary>
    UnacceptableCredential = 93,

    /// <summary>The voters are not those that were expected.</summary>
    InconsistentVoterSet = 94,

    /// <summary>The state was changed in the meantime.</summary>
    InvalidUpdateVersion = 95,

    /// <summary>The feature cannot be set to that level.</summary>
    FeatureUpdateFailed = 96,

    /// <summary>The forwarded principal cannot be read.</summary>
    PrincipalDeserializationFailure = 97,

    /// <summary>There is no such snapshot.</summary>
    SnapshotNotFound = 98,

    /// <summary>The position is outside of the snapshot.</summary>
    PositionOutOfRange = 99,

    /// <summary>There is no topic of that id.</summary>
    UnknownTopicId = 100,

    /// <summary>A broker of that id is there already.</summary>
    DuplicateBrokerRegistration = 101,

    /// <summary>No broker of that id is registered.</summary>
    BrokerIdNotRegistered = 102,

    /// <summary>The topic of that name has another id.</summary>
    InconsistentTopicId = 103,

    /// <summary>The request is for another cluster.</summary>
    InconsistentClusterId = 104,

    /// <summary>There is no such transactional name.</summary>
    TransactionalIdNotFound = 105,

    /// <summary>The fetch session mixes topics by name and by id.</summary>
    FetchSessionTopicIdError = 106,

    /// <summary>The replica may not join those in sync.</summary>
    IneligibleReplica = 107,

    /// <summary>Another leader was elected in the meantime.</summary>
    NewLeaderElected = 108,

    /// <summary>The offset is in tiered storage.</summary>
    OffsetMovedToTieredStorage = 109,

    /// <summary>The member's epoch is not the group's.</summary>
    FencedMemberEpoch = 110,

    /// <summary>Another member still has that static name.</summary>
    UnreleasedInstanceId = 111,

    /// <summary>The group's assignor is not known here.</summary>
    UnsupportedAssignor = 112,

    /// <summary>The member's epoch is old.</summary>
    StaleMemberEpoch = 113,

    /// <summary>The request went to the wrong kind of listener.</summary>
    MismatchedEndpointType = 114,

    /// <summary>That kind of listener is not known here.</summary>
    UnsupportedEndpointType = 115,

    /// <summary>There is no such controller.</summary>
    UnknownControllerId = 116,

    /// <summary>The telemetry subscription is not known.</summary>
    UnknownSubscriptionId = 117,

    /// <summary>The telemetry is larger than allowed.</summary>
    TelemetryTooLarge = 118,

    /// <summary>The registration is not valid.</summary>
    InvalidRegistration = 119,

    /// <summary>The transaction failed, and can be aborted.</summary>
    TransactionAbortable = 120,
}
