using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>Heartbeat, 0–4: a member is alive, and learns whether its group rebalances.</summary>
internal sealed class Heartbeat() : Operation<HeartbeatRequest>(ApiKey.Heartbeat)
{
    protected override ValueTask<IResponse?> RunAsync(HeartbeatRequest request, Call call) => new(new HeartbeatResponse
    {
        ErrorCode = call.Node.Groups.Heartbeat(request.GroupId, new MemberIdentity(request.MemberId, request.GroupInstanceId), request.GenerationId),
    });
}
