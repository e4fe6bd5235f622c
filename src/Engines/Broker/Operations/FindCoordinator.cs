using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>FindCoordinator, 0–6: which node keeps a group; from 4 on of several groups at once. Transactions have none yet, and are refused in a way after which no client asks again.</summary>
internal sealed class FindCoordinator() : Operation<FindCoordinatorRequest>(ApiKey.FindCoordinator)
{
    private const short FirstOfSeveral = 4;
    private const sbyte Group = 0;
    private const sbyte Transaction = 1;

    protected override ValueTask<IResponse?> RunAsync(FindCoordinatorRequest request, Call call)
    {
        var (id, host, port) = (call.Node.Options.NodeId, call.Local.Address.ToString(), call.Local.Port);
        var (code, message) = request.KeyType switch
        {
            Group => (ErrorCode.None, (string?)null),
            Transaction => (ErrorCode.TransactionalIdAuthorizationFailed, "Transactions are not offered yet."),
            _ => (ErrorCode.InvalidRequest, $"Groups (0) have coordinators, not kind {request.KeyType}."),
        };
        var isKnown = code == ErrorCode.None;
        return new(call.Version < FirstOfSeveral
            ? new FindCoordinatorResponse { ErrorCode = code, ErrorMessage = message, NodeId = isKnown ? id : -1, Host = isKnown ? host : "", Port = isKnown ? port : -1 }
            : new FindCoordinatorResponse
            {
                Coordinators = [.. request.CoordinatorKeys.Select(key => new FindCoordinatorResponse.Coordinator
                {
                    Key = key, NodeId = isKnown ? id : -1, Host = isKnown ? host : "", Port = isKnown ? port : -1, ErrorCode = code, ErrorMessage = message,
                })],
            });
    }
}
