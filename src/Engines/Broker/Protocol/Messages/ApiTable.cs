// Made from the files in Schema: change those, and run the tests with GROUNDWORK_ACCEPT=1.
namespace Groundwork.Broker.Protocol;

/// <summary>The APIs of the table, in the order of their numbers.</summary>
internal static class ApiTable
{
    public static readonly IReadOnlyList<ApiInfo> All =
    [
        // What comes in versions before 3 is in the old formats, which are not kept here.
        // librdkafka up to 2.8 does not compress by gzip, snappy or lz4 unless version 0 is among those; so Kafka 4 says so too.
        new(ApiKey.Produce, new(0, 12), new(3, 12), new(0, 12), 9),
        // Who asks with a version before 4 reads the old formats only.
        new(ApiKey.Fetch, new(0, 17), new(4, 17), new(4, 17), 12),
        new(ApiKey.ListOffsets, new(0, 10), new(0, 10), new(0, 10), 6),
        new(ApiKey.Metadata, new(0, 13), new(0, 13), new(0, 13), 9),
        new(ApiKey.OffsetCommit, new(0, 9), new(0, 9), new(0, 9), 8),
        new(ApiKey.OffsetFetch, new(0, 9), new(0, 9), new(0, 9), 6),
        new(ApiKey.FindCoordinator, new(0, 6), new(0, 6), new(0, 6), 3),
        new(ApiKey.JoinGroup, new(0, 9), new(0, 9), new(0, 9), 6),
        new(ApiKey.Heartbeat, new(0, 4), new(0, 4), new(0, 4), 4),
        new(ApiKey.LeaveGroup, new(0, 5), new(0, 5), new(0, 5), 4),
        new(ApiKey.SyncGroup, new(0, 5), new(0, 5), new(0, 5), 4),
        new(ApiKey.DescribeGroups, new(0, 6), new(0, 6), new(0, 6), 5),
        new(ApiKey.ListGroups, new(0, 5), new(0, 5), new(0, 5), 3),
        new(ApiKey.SaslHandshake, new(0, 1), null, null, null),
        new(ApiKey.ApiVersions, new(0, 4), new(0, 4), new(0, 4), 3),
        new(ApiKey.CreateTopics, new(0, 7), new(0, 7), new(0, 7), 5),
        new(ApiKey.DeleteTopics, new(0, 6), new(0, 6), new(0, 6), 4),
        new(ApiKey.DeleteRecords, new(0, 2), new(0, 2), new(0, 2), 2),
        new(ApiKey.InitProducerId, new(0, 5), new(0, 5), new(0, 5), 2),
        new(ApiKey.OffsetForLeaderEpoch, new(0, 4), new(0, 4), new(0, 4), 4),
        new(ApiKey.AddPartitionsToTxn, new(0, 5), null, null, 3),
        new(ApiKey.AddOffsetsToTxn, new(0, 4), null, null, 3),
        new(ApiKey.EndTxn, new(0, 5), null, null, 3),
        new(ApiKey.TxnOffsetCommit, new(0, 5), null, null, 3),
        new(ApiKey.DescribeAcls, new(0, 3), new(0, 3), new(0, 3), 2),
        new(ApiKey.DescribeConfigs, new(0, 4), new(0, 4), new(0, 4), 4),
        new(ApiKey.AlterConfigs, new(0, 2), new(0, 2), new(0, 2), 2),
        new(ApiKey.DescribeLogDirs, new(0, 4), new(0, 4), new(0, 4), 2),
        new(ApiKey.SaslAuthenticate, new(0, 2), null, null, 2),
        new(ApiKey.CreatePartitions, new(0, 3), new(0, 3), new(0, 3), 2),
        new(ApiKey.DeleteGroups, new(0, 2), new(0, 2), new(0, 2), 2),
        new(ApiKey.IncrementalAlterConfigs, new(0, 1), new(0, 1), new(0, 1), 1),
        new(ApiKey.ListPartitionReassignments, new(0, 0), new(0, 0), new(0, 0), 0),
        new(ApiKey.OffsetDelete, new(0, 0), new(0, 0), new(0, 0), null),
        new(ApiKey.DescribeCluster, new(0, 2), new(0, 2), new(0, 2), 0),
        new(ApiKey.DescribeProducers, new(0, 0), new(0, 0), new(0, 0), 0),
        new(ApiKey.DescribeTransactions, new(0, 0), null, null, 0),
        new(ApiKey.ListTransactions, new(0, 1), null, null, 0),
        new(ApiKey.ConsumerGroupHeartbeat, new(0, 1), null, null, 0),
        new(ApiKey.ConsumerGroupDescribe, new(0, 1), null, null, 0),
        new(ApiKey.DescribeTopicPartitions, new(0, 0), null, null, 0),
    ];
}
