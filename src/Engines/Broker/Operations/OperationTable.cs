using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>Every operation, by what is asked. An API is served when it is here; a test holds it against the protocol's catalog.</summary>
internal static class OperationTable
{
    private static readonly Dictionary<ApiKey, Operation> ByApi = new Operation[]
    {
        new ApiVersions(), new Metadata(), new DescribeCluster(), new DescribeLogDirs(), new DescribeProducers(), new DescribeAcls(), new ListPartitionReassignments(),
        new Produce(), new Fetch(), new ListOffsets(), new OffsetForLeaderEpoch(), new InitProducerId(), new DeleteRecords(),
        new CreateTopics(), new DeleteTopics(), new CreatePartitions(), new DescribeConfigs(), new AlterConfigs(), new IncrementalAlterConfigs(),
        new FindCoordinator(), new JoinGroup(), new SyncGroup(), new Heartbeat(), new LeaveGroup(),
        new OffsetCommit(), new OffsetFetch(), new OffsetDelete(), new DescribeGroups(), new ListGroups(), new DeleteGroups(),
    }.ToDictionary(operation => operation.Api);

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<Operation> All => ByApi.Values;

    /// <summary>What is done for a request; null where nothing is.</summary>
    public static Operation? Find(ApiKey api) => ByApi.GetValueOrDefault(api);
}
