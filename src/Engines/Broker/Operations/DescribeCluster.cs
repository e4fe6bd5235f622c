using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>DescribeCluster, 0–2: the nodes and who is the controller.</summary>
internal sealed class DescribeCluster() : Operation<DescribeClusterRequest>(ApiKey.DescribeCluster)
{
    private const sbyte Brokers = 1;

    protected override ValueTask<IResponse?> RunAsync(DescribeClusterRequest request, Call call)
    {
        if (request.EndpointType != Brokers)
            return new(new DescribeClusterResponse { ErrorCode = ErrorCode.MismatchedEndpointType, ErrorMessage = "This is a broker's listener.", EndpointType = Brokers });
        var id = call.Node.Options.NodeId;
        return new(new DescribeClusterResponse
        {
            ClusterId = call.Node.ClusterId,
            ControllerId = id,
            EndpointType = Brokers,
            Brokers = [new() { BrokerId = id, Host = call.Local.Address.ToString(), Port = call.Local.Port }],
            ClusterAuthorizedOperations = request.IncludeClusterAuthorizedOperations ? Permissions.OnCluster : Permissions.NotAsked,
        });
    }
}
