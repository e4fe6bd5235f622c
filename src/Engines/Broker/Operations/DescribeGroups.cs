using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>DescribeGroups, 0–6: groups with their members. One that is not there is dead, and from version 6 on is said not to be there.</summary>
internal sealed class DescribeGroups() : Operation<DescribeGroupsRequest>(ApiKey.DescribeGroups)
{
    private const short FirstThatKnowsMissingGroups = 6;

    protected override ValueTask<IResponse?> RunAsync(DescribeGroupsRequest request, Call call)
    {
        var response = new DescribeGroupsResponse();
        foreach (var name in request.Groups)
        {
            var code = call.Node.Groups.Describe(name, out var group);
            var isMissing = code == ErrorCode.None && group.State == GroupState.Dead && call.Version >= FirstThatKnowsMissingGroups;
            response.Groups.Add(new()
            {
                ErrorCode = isMissing ? ErrorCode.GroupIdNotFound : code,
                ErrorMessage = isMissing ? $"There is no group {name}." : null,
                GroupId = name,
                GroupState = group.State.ToString(),
                ProtocolType = group.ProtocolType,
                ProtocolData = group.Protocol,
                AuthorizedOperations = request.IncludeAuthorizedOperations ? Permissions.OnGroup : Permissions.NotAsked,
                Members = [.. group.Members.Select(member => new DescribeGroupsResponse.DescribedGroupMember
                {
                    MemberId = member.Identity.MemberId,
                    GroupInstanceId = member.Identity.InstanceId,
                    ClientId = member.ClientId,
                    ClientHost = member.ClientHost,
                    MemberMetadata = member.Metadata,
                    MemberAssignment = member.Assignment,
                })],
            });
        }

        return new(response);
    }
}
