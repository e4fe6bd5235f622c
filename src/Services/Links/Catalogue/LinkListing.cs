using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links;

/// <summary>
/// Lists links, newest first, by walking the index of all links, of one owner or of one tag.
/// </summary>
/// <remarks>
/// <para>An index narrows by owner or by tag; the rest of a filter is looked at in code, where codes are known (they are not
/// stored) and where case means the same on every engine. So a page may have to pass over many rows: it looks at
/// <see cref="MaxScanned"/> of them and then ends early, with the position from which the next one goes on.</para>
/// <para>Always the latest: on a replica, a link just made or deleted would be missing or shown for longer than anything else of
/// it (rule 12). A listing is off the hot path, so the primary can bear it.</para>
/// </remarks>
internal sealed class LinkListing([FromKeyedServices(LinkStore.SchemaName)] IDatabase database, LinkStore store)
{
    /// <summary>How many rows a page looks at, at most.</summary>
    public const int MaxScanned = 20_000;

    // What is read at once where most rows are passed over: a reader's connection is free for others in between.
    private const int ScanStep = 1000;

    private static readonly Statement SelectAll = new($"""
        select {LinkStore.Columns} from links where (created_at, number) < ($1, $2) order by created_at desc, number desc limit $3
        """);

    private static readonly Statement SelectOfOwner = new($"""
        select {LinkStore.Columns} from links where owner = $4 and (created_at, number) < ($1, $2) order by created_at desc, number desc limit $3
        """);

    // A tag's row is there exactly as long as its link has the tag, so the join loses none.
    private static readonly Statement SelectOfTag = new($"""
        select {LinkStore.Columns}
        from (
            select created_at as tag_created_at, number as tag_number from link_tags
            where tag = $4 and (created_at, number) < ($1, $2) order by created_at desc, number desc limit $3
        ) tagged join links on number = tag_number
        order by tag_created_at desc, tag_number desc
        """);

    /// <summary>Reads the next page.</summary>
    /// <param name="filter">Which links.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="after">Behind which position it begins.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>The links, and where the next page begins; null where there are no more.</returns>
    public async Task<(IReadOnlyList<Link> Links, LinkPosition? Next)> ReadAsync(
        LinkFilter filter, int limit, LinkPosition after, CancellationToken cancellationToken)
    {
        using var span = LinksSpans.Begin("list links");
        var shown = new List<Link>();
        for (var scanned = 0; scanned < MaxScanned;)
        {
            // One more than are missing says whether there is another page.
            var step = Math.Min(filter.Text is null ? limit - shown.Count + 1 : ScanStep, MaxScanned - scanned);
            var links = await database.ReadAsync(CommandOf(filter, after, step), store.ReadLink, Freshness.Latest, cancellationToken);
            span?.SetTag(LinksSpans.Scanned, scanned + links.Count);
            foreach (var link in links)
            {
                if (!filter.Shows(link))
                    continue;
                if (shown.Count == limit)
                    return (shown, LinkPosition.Of(shown[^1]));
                shown.Add(link);
            }

            if (links.Count < step)
                return (shown, null);
            after = LinkPosition.Of(links[^1]);
            scanned += step;
        }

        return (shown, after);
    }

    private static Command CommandOf(LinkFilter filter, LinkPosition after, int step) => filter switch
    {
        { Tag: { } tag } => new(SelectOfTag, Command.AnyKey, after.CreatedAt, after.Number, (long)step, tag),
        { Owner: { } owner } => new(SelectOfOwner, Command.AnyKey, after.CreatedAt, after.Number, (long)step, owner),
        _ => new(SelectAll, Command.AnyKey, after.CreatedAt, after.Number, (long)step),
    };
}
