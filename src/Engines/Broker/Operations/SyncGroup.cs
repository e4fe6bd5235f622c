using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>SyncGroup, 0–5: the leader brings what it assigned, and every member gets its own once that is durable.</summary>
internal sealed class SyncGroup() : Operation<SyncGroupRequest>(ApiKey.SyncGroup)
{
    protected override async ValueTask<IResponse?> RunAsync(SyncGroupRequest request, Call call)
    {
        var answer = await call.Node.Groups.SyncAsync(
            new SyncCall
            {
                Group = request.GroupId,
                Identity = new MemberIdentity(request.MemberId, request.GroupInstanceId),
                Generation = request.GenerationId,
                ProtocolType = request.ProtocolType,
                Protocol = request.ProtocolName,
                Assignments = [.. request.Assignments.Select(assigned => new MemberAssignment(assigned.MemberId, assigned.Assignment))],
            },
            call.Cancelled);
        return new SyncGroupResponse
        {
            ErrorCode = answer.Error,
            ProtocolType = answer.ProtocolType,
            ProtocolName = answer.Protocol,
            Assignment = answer.Assignment,
        };
    }
}
