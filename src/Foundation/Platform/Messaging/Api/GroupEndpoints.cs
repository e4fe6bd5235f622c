using Groundwork.Platform.Http;
using Groundwork.Ports.Messaging.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Messaging.Api;

/// <summary><c>/v1/groups</c> and <c>/v1/groups/{group}</c>.</summary>
internal static class GroupEndpoints
{
    public const string Description =
        "A group's name is percent-encoded. How far it is behind is counted in records, and in the time until retention takes the next one that it wants: below zero it is gone already. "
        + "The ETag changes with what the group has committed.";

    public static IResult List(
        [AsParameters] PageRequest page, [FromQuery(Name = "q")] string? words, [FromServices] IBrokerInspector broker)
    {
        if (!page.TryRead<GroupPosition>(out var limit, out var after, out var problem))
            return problem;
        if (words?.Length > GroupName.MaxLength)
            return BrokerProblems.Invalid("q", $"q has {words.Length} characters; {GroupName.MaxLength} are allowed.");
        return BrokerProblems.Try(() =>
        {
            var rows = broker.ListGroups()
                .SkipWhile(name => after is not null && string.CompareOrdinal(name, after.Name) <= 0)
                .Where(name => string.IsNullOrEmpty(words) || name.Contains(words, StringComparison.OrdinalIgnoreCase))
                .Select(broker.ReadGroup).OfType<GroupDetail>()
                .Take(limit + 1).ToList();
            return Results.Ok(Page.Of(rows, limit, GroupItemView.Of, row => new GroupPosition(row.Name)));
        });
    }

    public static IResult Read(string group, HttpContext http, [FromServices] IBrokerInspector broker)
    {
        if (!GroupName.TryRead(http, "", out var name, out var problem))
            return problem;
        return BrokerProblems.Try(() =>
        {
            if (broker.ReadGroup(name) is not { } found)
                return BrokerProblems.NoGroup(name);

            // Members come and lags grow under the same tag: so there is no answer without them.
            http.Response.Headers.ETag = GroupItemView.TagOf(found).ToString();
            return Results.Ok(GroupView.Of(found));
        });
    }

    public static Task<IResult> DeleteAsync(string group, HttpContext http, [FromServices] IBrokerInspector broker, CancellationToken cancellationToken) =>
        BrokerProblems.TryAsync(async () =>
        {
            if (!GroupName.TryRead(http, "", out var name, out var problem))
                return problem;
            var found = broker.ReadGroup(name);
            if (EntityTag.Refuse(http.Request, found is null ? null : GroupItemView.TagOf(found)) is { } refusal)
                return refusal;
            if (found is null)
                return BrokerProblems.NoGroup(name);
            await broker.DeleteGroupAsync(name, cancellationToken);
            return Results.NoContent();
        });
}

/// <summary>Where a page of groups begins: behind a name.</summary>
internal sealed record GroupPosition(string Name);
