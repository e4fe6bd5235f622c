using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>LeaveGroup, 0–5: members leave, or are sent away by an operator; one before version 3, several from then on.</summary>
internal sealed class LeaveGroup() : Operation<LeaveGroupRequest>(ApiKey.LeaveGroup)
{
    private const short FirstOfSeveral = 3;

    protected override ValueTask<IResponse?> RunAsync(LeaveGroupRequest request, Call call)
    {
        List<MemberIdentity> members = call.Version < FirstOfSeveral
            ? [new MemberIdentity(request.MemberId)]
            : [.. request.Members.Select(member => new MemberIdentity(member.MemberId, member.GroupInstanceId))];
        var errors = new ErrorCode[members.Count];
        var code = call.Node.Groups.Leave(request.GroupId, members, errors);
        if (call.Version < FirstOfSeveral)
            return new(new LeaveGroupResponse { ErrorCode = code == ErrorCode.None ? errors[0] : code });
        return new(new LeaveGroupResponse
        {
            ErrorCode = code,
            Members = code != ErrorCode.None ? [] : [.. members.Select((member, i) => new LeaveGroupResponse.MemberResponse
            {
                MemberId = member.MemberId, GroupInstanceId = member.InstanceId, ErrorCode = errors[i],
            })],
        });
    }
}
