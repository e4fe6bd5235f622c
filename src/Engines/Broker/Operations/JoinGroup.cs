using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>
/// JoinGroup, 0–9: a member comes into a group, and is answered when everybody has. Before version 1 the time to rebalance is the
/// session's; before 4 a member is taken without having been given its id first.
/// </summary>
internal sealed class JoinGroup() : Operation<JoinGroupRequest>(ApiKey.JoinGroup)
{
    private const short FirstWithRebalanceTimeout = 1;
    private const short FirstWithMemberId = 4;
    private const short FirstWithSkippedAssignment = 9;
    private const short FirstWithoutProtocol = 7;

    protected override async ValueTask<IResponse?> RunAsync(JoinGroupRequest request, Call call)
    {
        var answer = await call.Node.Groups.JoinAsync(
            new JoinCall
            {
                Group = request.GroupId,
                Identity = new MemberIdentity(request.MemberId, request.GroupInstanceId),
                ClientId = call.Header.ClientId ?? "",
                ClientHost = $"/{call.Remote.Address}",
                SessionTimeoutMs = request.SessionTimeoutMs,
                RebalanceTimeoutMs = call.Version < FirstWithRebalanceTimeout ? request.SessionTimeoutMs : request.RebalanceTimeoutMs,
                ProtocolType = request.ProtocolType,
                Protocols = [.. request.Protocols.Select(protocol => new MemberProtocol(protocol.Name, protocol.Metadata))],
                NeedsMemberId = call.Version >= FirstWithMemberId,
                KnowsSkippedAssignment = call.Version >= FirstWithSkippedAssignment,
                Reason = request.Reason,
            },
            call.Cancelled);
        return new JoinGroupResponse
        {
            ErrorCode = answer.Error,
            GenerationId = answer.Generation,
            ProtocolType = answer.ProtocolType,
            ProtocolName = answer.Protocol ?? (call.Version < FirstWithoutProtocol ? "" : null),
            Leader = answer.Leader,
            SkipAssignment = answer.SkipAssignment,
            MemberId = answer.MemberId,
            Members = [.. answer.Members.Select(member => new JoinGroupResponse.JoinGroupResponseMember
            {
                MemberId = member.MemberId, GroupInstanceId = member.InstanceId, Metadata = member.Metadata,
            })],
        };
    }
}
