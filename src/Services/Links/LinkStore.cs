using System.Data.Common;
using System.Globalization;
using Groundwork.Links.Clicks;
using Groundwork.Platform.Data;
using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links;

/// <summary>Links at rest. Each is spread by its number; what it changes in one call is one transaction of that number.</summary>
internal sealed class LinkStore([FromKeyedServices(LinkStore.SchemaName)] IDatabase database, CodeBook codes, LinksOptions options, TimeProvider time)
{
    public const string SchemaName = "links";

    public static readonly DatabaseSchema Schema = new DatabaseSchema(
        SchemaName,
        [new("links", "number"), new("link_tags", "number"), new("sequences", "name"), new("secrets", "name"), .. ClickStore.Tables],
        Migration.FromResources(typeof(LinkStore).Assembly, "links")).With(IdempotencyStore.Schema).With(Signals.Schema);

    // Longer than a create is remembered by its Idempotency-Key: until then the tombstone keeps a late retry from bringing it back.
    private static readonly TimeSpan TombstoneLife = TimeSpan.FromDays(2);

    /// <summary>What <see cref="ReadLink"/> reads, in its order.</summary>
    internal const string Columns =
        "number, alias, origin, created_at, version, state, long_url, expires_at, redirect, forward_query, owner, tags, title";

    private static readonly Statement Insert = new($"""
        insert into links ({Columns}, purge_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        on conflict do nothing
        """);

    private static readonly Statement Select = new($"select {Columns} from links where number = $1") { FindsOne = true };

    private static readonly Statement SelectTarget = new("""
        select long_url, alias, redirect, forward_query, state, expires_at from links where number = $1 and state <> 2
        """) { FindsOne = true };

    private static readonly Statement Update = new("""
        update links set version = version + 1, state = $3, long_url = $4, expires_at = $5, redirect = $6, forward_query = $7,
            owner = $8, tags = $9, title = $10, purge_at = $11
        where number = $1 and version = $2
        """);

    private static readonly Statement InsertTag = new("insert into link_tags (number, tag, created_at) values ($1, $2, $3) on conflict do nothing");

    private static readonly Statement DeleteTag = new("delete from link_tags where number = $1 and tag = $2 and created_at = $3");

    /// <summary>Creates that may be sent again.</summary>
    public IdempotencyStore Requests { get; } = new(database, time);

    /// <summary>Stores a new link; it is durable when this returns.</summary>
    /// <returns>False where its number is taken; nothing was done then.</returns>
    public async Task<bool> InsertAsync(Link link, CancellationToken cancellationToken)
    {
        var arguments = InsertArguments(link);
        if (link.Content.Tags.Count == 0)
            return await database.WriteAsync(new Command(Insert, Key(link.Number), arguments), cancellationToken) == 1;

        return await database.TransactAsync(Key(link.Number), InsertWithTagsAsync, cancellationToken);

        async ValueTask<bool> InsertWithTagsAsync(ITransaction transaction)
        {
            if (await transaction.ExecuteAsync(Insert, arguments) == 0)
                return false;
            foreach (var tag in link.Content.Tags)
                await transaction.ExecuteAsync(InsertTag, link.Number, tag, link.CreatedAt);
            return true;
        }
    }

    /// <summary>Finds a link by its number, tombstones included.</summary>
    public async Task<Link?> FindAsync(long number, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(new Command(Select, Key(number), number), ReadLink, Freshness.Latest, cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>Finds what following a link needs; null where there is none, or it was deleted.</summary>
    public async ValueTask<RedirectTarget?> FindTargetAsync(long number, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(new Command(SelectTarget, Key(number), number), ReadTarget, Freshness.Latest, cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>Changes a link that nobody has changed since it was read; the change is durable when this returns.</summary>
    /// <param name="was">As it was read.</param>
    /// <param name="state">Its new state; a deleted link loses its content.</param>
    /// <param name="content">Its new content.</param>
    /// <param name="tell">Tells others of the change in its transaction, spread by the key that it is given.</param>
    /// <param name="cancellationToken">Takes effect until the change has begun.</param>
    /// <returns>The link as it is now; null where it has changed in between, and nothing was done.</returns>
    public async Task<Link?> ChangeAsync(Link was, LinkState state, LinkContent content, Func<ITransaction, string, ValueTask> tell, CancellationToken cancellationToken)
    {
        var now = was with { Version = was.Version + 1, State = state, Content = state == LinkState.Deleted ? new LinkContent("") : content };
        return await database.TransactAsync(Key(was.Number), ChangeAsync, cancellationToken) ? now : null;

        async ValueTask<bool> ChangeAsync(ITransaction transaction)
        {
            var changed = await transaction.ExecuteAsync(
                Update, was.Number, was.Version, (long)now.State, now.Content.LongUrl, now.Content.ExpiresAt, (long)now.Content.Redirect,
                now.Content.ForwardQuery, now.Content.Owner, JoinTags(now.Content.Tags), now.Content.Title, PurgeAt(now));
            if (changed == 0)
                return false;
            foreach (var tag in was.Content.Tags.Except(now.Content.Tags))
                await transaction.ExecuteAsync(DeleteTag, was.Number, tag, was.CreatedAt);
            foreach (var tag in now.Content.Tags.Except(was.Content.Tags))
                await transaction.ExecuteAsync(InsertTag, was.Number, tag, was.CreatedAt);
            if (state == LinkState.Deleted)
                await ClickStore.DeleteAsync(transaction, was.Number);
            await tell(transaction, Key(was.Number));
            return true;
        }
    }

    /// <summary>Removes the tags of a link, in a transaction of its number.</summary>
    internal static async ValueTask DeleteTagsAsync(ITransaction transaction, Link link)
    {
        foreach (var tag in link.Content.Tags)
            await transaction.ExecuteAsync(DeleteTag, link.Number, tag, link.CreatedAt);
    }

    /// <summary>Reads a row of <see cref="Columns"/>.</summary>
    internal Link ReadLink(DbDataReader row)
    {
        var number = row.GetInt64(0);
        return new Link(
            number,
            codes.Space.CodeOf(number, TextOf(row, 1)),
            (LinkOrigin)row.GetInt64(2),
            TimeOf(row, 3)!.Value,
            row.GetInt64(4),
            (LinkState)row.GetInt64(5),
            new LinkContent(row.GetString(6))
            {
                ExpiresAt = TimeOf(row, 7),
                Redirect = (int)row.GetInt64(8),
                ForwardQuery = row.GetInt64(9) != 0,
                Owner = TextOf(row, 10),
                Tags = TextOf(row, 11)?.Split(',') ?? [],
                Title = TextOf(row, 12),
            });
    }

    private static RedirectTarget ReadTarget(DbDataReader row) => new(
        row.GetString(0), TextOf(row, 1), (int)row.GetInt64(2), row.GetInt64(3) != 0, row.GetInt64(4) == (long)LinkState.Disabled, TimeOf(row, 5));

    /// <summary>The distribution key of a link.</summary>
    internal static string Key(long number) => number.ToString(CultureInfo.InvariantCulture);

    private DbValue[] InsertArguments(Link link)
    {
        var content = link.Content;
        return
        [
            link.Number, link.Number < 0 ? link.Code : null, (long)link.Origin, link.CreatedAt, link.Version, (long)link.State, content.LongUrl,
            content.ExpiresAt, (long)content.Redirect, content.ForwardQuery, content.Owner, JoinTags(content.Tags), content.Title, PurgeAt(link),
        ];
    }

    private DateTimeOffset? PurgeAt(Link link) => link switch
    {
        // Their numbers come again: the same hash, the same alias. So the tombstone stays for good.
        { State: LinkState.Deleted, Origin: LinkOrigin.Hash or LinkOrigin.Alias } => null,
        { State: LinkState.Deleted } => time.GetUtcNow() + TombstoneLife,
        { Content.ExpiresAt: { } end } when end < DateTimeOffset.MaxValue - options.KeepExpired => end + options.KeepExpired,
        _ => null,
    };

    private static string? JoinTags(IReadOnlyList<string> tags) => tags.Count == 0 ? null : string.Join(',', tags);

    private static string? TextOf(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? TimeOf(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
