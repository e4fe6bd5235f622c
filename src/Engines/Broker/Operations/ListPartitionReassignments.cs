using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>ListPartitionReassignments, 0: partitions that are on their way to other nodes. There are no others, so none is; tools ask before they show a topic.</summary>
internal sealed class ListPartitionReassignments() : Operation<ListPartitionReassignmentsRequest>(ApiKey.ListPartitionReassignments)
{
    protected override ValueTask<IResponse?> RunAsync(ListPartitionReassignmentsRequest request, Call call) => new(new ListPartitionReassignmentsResponse());
}
