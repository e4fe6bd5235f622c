using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>DeleteGroups, 0–2: deletes groups that have no members, with their offsets.</summary>
internal sealed class DeleteGroups() : Operation<DeleteGroupsRequest>(ApiKey.DeleteGroups)
{
    protected override async ValueTask<IResponse?> RunAsync(DeleteGroupsRequest request, Call call)
    {
        var response = new DeleteGroupsResponse();
        foreach (var group in request.GroupsNames)
            response.Results.Add(new() { GroupId = group, ErrorCode = await call.Node.Groups.DeleteAsync(group) });
        return response;
    }
}
