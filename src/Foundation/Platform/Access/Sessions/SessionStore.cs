using System.Data.Common;
using Groundwork.Platform.Access.Keys;
using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Access.Sessions;

/// <summary>A session as it is kept. Immutable.</summary>
/// <param name="Id">The SHA-256 of its token, in hexadecimal.</param>
/// <param name="Principal">Whose it is; a key's scopes are those of the time when it began, and are not believed.</param>
/// <param name="Verifier">The SHA-256 of the key's secret; null for a token's.</param>
internal sealed record StoredSession(
    string Id, Principal Principal, byte[]? Verifier, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset EndsAt);

/// <summary>Sessions at rest, and the key that seals forms: every statement about them stands here.</summary>
internal sealed class SessionStore([FromKeyedServices(KeyStore.SchemaName)] IDatabase database)
{
    private const string KindOfKey = "key";
    private const string KindOfToken = "token";
    private const string OnlyKey = "1";

    private static readonly Statement Select = new(
        "select id, principal_id, kind, name, scopes, verifier, created_at, expires_at, ends_at from sessions where id = $1")
    {
        FindsOne = true,
    };

    private static readonly Statement Insert = new(
        "insert into sessions (id, principal_id, kind, name, scopes, verifier, created_at, expires_at, ends_at) "
        + "values ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

    private static readonly Statement Extend = new("update sessions set expires_at = $2 where id = $1 and expires_at < $2");

    private static readonly Statement Delete = new("delete from sessions where id = $1");

    private static readonly Statement DeleteExpired = new(
        "delete from sessions where id in (select id from sessions where expires_at <= $1 order by expires_at, id limit $2)");

    private static readonly Statement DeleteOldestOf = new(
        "delete from sessions where id in (select id from sessions where principal_id = $1 order by created_at desc, id limit 100000 offset $2)");

    private static readonly Statement DeleteFirstToExpire = new(
        "delete from sessions where id in (select id from sessions order by expires_at desc, id limit 100000 offset $1)");

    private static readonly Statement SelectKey = new("select xml from protection_keys where id = $1");

    private static readonly Statement InsertKey = new("insert into protection_keys (id, xml) values ($1, $2) on conflict do nothing");

    /// <summary>A session, whether it has expired or not.</summary>
    public async Task<StoredSession?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(new Command(Select, id, id), Map, Freshness.Latest, cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>Keeps a new session; it is durable when this returns.</summary>
    public Task InsertAsync(StoredSession session, CancellationToken cancellationToken) => database.WriteAsync(
        new Command(
            Insert, session.Id, session.Id, session.Principal.Id, session.Principal.Kind == PrincipalKind.Key ? KindOfKey : KindOfToken,
            session.Principal.Name, session.Principal.Scopes.ToString(), session.Verifier, session.CreatedAt, session.ExpiresAt, session.EndsAt),
        cancellationToken);

    /// <summary>Moves a session's end further away.</summary>
    public Task ExtendAsync(string id, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        database.WriteAsync(new Command(Extend, id, id, expiresAt), cancellationToken);

    /// <summary>Ends a session.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) => database.WriteAsync(new Command(Delete, id, id), cancellationToken);

    /// <summary>Removes up to a number of those that have expired.</summary>
    /// <returns>How many.</returns>
    public Task<int> DeleteExpiredAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        database.WriteAsync(new Command(DeleteExpired, Command.AnyKey, now, (long)limit), cancellationToken);

    /// <summary>Ends a principal's oldest sessions, beyond a number.</summary>
    public Task DeleteOldestOfAsync(string principalId, long keep, CancellationToken cancellationToken) =>
        database.WriteAsync(new Command(DeleteOldestOf, Command.AnyKey, principalId, keep), cancellationToken);

    /// <summary>Ends those that would expire first, beyond a number of all.</summary>
    public Task DeleteFirstToExpireAsync(long keep, CancellationToken cancellationToken) =>
        database.WriteAsync(new Command(DeleteFirstToExpire, Command.AnyKey, keep), cancellationToken);

    /// <summary>The key that seals forms; null where none was made yet.</summary>
    public async Task<string?> FindProtectionKeyAsync(CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(new Command(SelectKey, OnlyKey, OnlyKey), row => row.GetString(0), Freshness.Latest, cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>Keeps it, unless another was quicker.</summary>
    public Task InsertProtectionKeyAsync(string xml, CancellationToken cancellationToken) =>
        database.WriteAsync(new Command(InsertKey, OnlyKey, OnlyKey, xml), cancellationToken);

    private static StoredSession Map(DbDataReader row) => new(
        row.GetString(0),
        new Principal(
            row.GetString(1), row.GetString(2) == KindOfKey ? PrincipalKind.Key : PrincipalKind.Token, row.GetString(3), ScopeSet.Parse(row.GetString(4))),
        row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5),
        Time(row.GetInt64(6)),
        Time(row.GetInt64(7)),
        Time(row.GetInt64(8)));

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
