using System.Data.Common;
using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Access.Keys;

/// <summary>Keys at rest: every statement about principals stands here.</summary>
internal sealed class KeyStore([FromKeyedServices(KeyStore.SchemaName)] IDatabase database)
{
    public const string SchemaName = "access";

    public static readonly DatabaseSchema Schema = new(
        SchemaName,
        [new("principals", "id"), new("principal_names", "name"), new("sessions", "id"), new("protection_keys", "id")],
        Migration.FromResources(typeof(KeyStore).Assembly, "access"));

    private const string Columns =
        "id, name, scopes, verifier, previous_verifier, previous_until, created_at, rotated_at, expires_at, revoked_at";

    private static readonly Statement Select = new($"select {Columns} from principals where id = $1 and kind = 'key'") { FindsOne = true };

    private static readonly Statement SelectUnrevoked = new(
        $"select {Columns} from principals where kind = 'key' and revoked_at is null order by name, id");

    private static readonly Statement CountUnrevoked = new(
        "select count(*) from principals where kind = 'key' and revoked_at is null");

    private static readonly Statement AnyLive = new(
        "select 1 from principals where kind = 'key' and revoked_at is null and (expires_at is null or expires_at > $1) limit 1");

    private static readonly Statement Insert = new(
        "insert into principals (id, kind, name, scopes, verifier, created_at, expires_at) values ($1, 'key', $2, $3, $4, $5, $6)");

    private static readonly Statement Rotate = new(
        "update principals set previous_verifier = case when $4 > $3 then verifier end, previous_until = case when $4 > $3 then $4 end, "
        + "verifier = $2, rotated_at = $3 where id = $1 and kind = 'key' and revoked_at is null");

    private static readonly Statement Revoke = new(
        "update principals set revoked_at = $2 where id = $1 and kind = 'key' and revoked_at is null");

    private static readonly Statement Forget = new(
        "delete from principals where id in (select id from principals where kind = 'key' and revoked_at is not null "
        + "order by revoked_at desc, id limit 100000 offset $1)");

    private static readonly Statement SelectName = new("select id, claimed_at from principal_names where name = $1");

    private static readonly Statement ClaimName = new(
        "insert into principal_names (name, id, claimed_at) values ($1, $2, $3) on conflict do nothing");

    private static readonly Statement TakeOverName = new("update principal_names set id = $3, claimed_at = $4 where name = $1 and id = $2");

    private static readonly Statement ReleaseName = new("delete from principal_names where name = $1 and id = $2");

    /// <summary>A key by its id, revoked or not.</summary>
    public async Task<StoredKey?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(new Command(Select, id, id), Map, Freshness.Latest, cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>Which key a name stands for, and since when.</summary>
    public async Task<(string Id, DateTimeOffset ClaimedAt)?> HolderAsync(string name, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            new Command(SelectName, name, name), row => (row.GetString(0), Time(row.GetInt64(1))), Freshness.Latest, cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>Those that were not revoked, by name.</summary>
    public Task<IReadOnlyList<StoredKey>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(new Command(SelectUnrevoked, Command.AnyKey), Map, Freshness.Latest, cancellationToken);

    /// <summary>How many were not revoked.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken) =>
        (await database.ReadAsync(
            new Command(CountUnrevoked, Command.AnyKey), row => row.GetInt64(0), Freshness.Latest, cancellationToken))[0];

    /// <summary>Whether there is one that holds now.</summary>
    public async Task<bool> AnyLiveAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        (await database.ReadAsync(
            new Command(AnyLive, Command.AnyKey, now), row => true, Freshness.Latest, cancellationToken)).Count > 0;

    /// <summary>Keeps a new key; it is durable when this returns.</summary>
    public Task InsertAsync(StoredKey key, CancellationToken cancellationToken) => database.WriteAsync(
        new Command(Insert, key.Id, key.Id, key.Name, key.Scopes.ToString(), key.Verifier, key.CreatedAt, key.ExpiresAt), cancellationToken);

    /// <summary>Replaces the secret; the one before holds until <paramref name="previousUntil"/>.</summary>
    /// <returns>False where the key was revoked.</returns>
    public async Task<bool> RotateAsync(
        string id, byte[] verifier, DateTimeOffset now, DateTimeOffset previousUntil, CancellationToken cancellationToken) =>
        await database.WriteAsync(new Command(Rotate, id, id, verifier, now, previousUntil), cancellationToken) == 1;

    /// <summary>Ends a key.</summary>
    /// <returns>False where it had been revoked.</returns>
    public async Task<bool> RevokeAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.WriteAsync(new Command(Revoke, id, id, now), cancellationToken) == 1;

    /// <summary>Removes revoked keys, except the last ones.</summary>
    public Task ForgetRevokedAsync(long keep, CancellationToken cancellationToken) =>
        database.WriteAsync(new Command(Forget, Command.AnyKey, keep), cancellationToken);

    /// <summary>Claims a free name.</summary>
    /// <returns>False where it isn't free.</returns>
    public async Task<bool> ClaimNameAsync(string name, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.WriteAsync(new Command(ClaimName, name, name, id, now), cancellationToken) == 1;

    /// <summary>Claims a name from a key that no longer holds it.</summary>
    /// <returns>False where another was quicker.</returns>
    public async Task<bool> TakeOverNameAsync(
        string name, string from, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.WriteAsync(new Command(TakeOverName, name, name, from, id, now), cancellationToken) == 1;

    /// <summary>Lets a name go.</summary>
    public Task ReleaseNameAsync(string name, string id, CancellationToken cancellationToken) =>
        database.WriteAsync(new Command(ReleaseName, name, name, id), cancellationToken);

    private static StoredKey Map(DbDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        ScopeSet.Parse(row.GetString(2)),
        row.GetFieldValue<byte[]>(3),
        row.IsDBNull(4) ? null : row.GetFieldValue<byte[]>(4),
        TimeOrNull(row, 5),
        Time(row.GetInt64(6)),
        TimeOrNull(row, 7),
        TimeOrNull(row, 8),
        TimeOrNull(row, 9));

    private static DateTimeOffset? TimeOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : Time(row.GetInt64(column));

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
