using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>ListGroups, 0–5: all groups, from 4 on by states, from 5 on by types, of which there is "classic" only.</summary>
internal sealed class ListGroups() : Operation<ListGroupsRequest>(ApiKey.ListGroups)
{
    private const string Classic = "classic";

    protected override ValueTask<IResponse?> RunAsync(ListGroupsRequest request, Call call)
    {
        var states = new List<GroupState>();
        foreach (var name in request.StatesFilter)
        {
            if (Enum.TryParse<GroupState>(name, ignoreCase: true, out var state))
                states.Add(state);
        }

        // States that nobody knows have no groups; no states at all have all.
        var isNone = (request.StatesFilter.Count > 0 && states.Count == 0)
            || (request.TypesFilter.Count > 0 && !request.TypesFilter.Contains(Classic, StringComparer.OrdinalIgnoreCase));
        if (isNone)
            return new(new ListGroupsResponse());
        var code = call.Node.Groups.List(states, out var groups);
        return new(new ListGroupsResponse
        {
            ErrorCode = code,
            Groups = [.. groups.Select(group => new ListGroupsResponse.ListedGroup
            {
                GroupId = group.Group, ProtocolType = group.ProtocolType, GroupState = group.State.ToString(), GroupType = Classic,
            })],
        });
    }
}
