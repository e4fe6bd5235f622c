using System.Data.Common;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Data;

/// <summary>
/// Leases: one holder at a time of each name, over all copies of the program, that ends by itself when its holder dies.
/// </summary>
/// <remarks>
/// <para>A lease alone proves nothing: a holder that was stopped (a long pause, a suspended machine) goes on writing when it
/// resumes, after its lease has ended and gone to another. So each lease has an epoch, and a guarded write stands in one
/// transaction with <see cref="FenceAsync"/>, which the database answers: an old epoch is refused, and the transaction rolls
/// back. When <see cref="TryAcquireAsync"/> has returned, no write of an earlier holder can commit any more.</para>
/// <para>Clocks: a lease's end is computed by its holder's clock and judged by that of whoever wants it. A skew of s
/// between two copies therefore lets a lease be taken up to s early, or keeps it s longer after a crash. Early costs a
/// takeover, never a wrong write. Lengths far above the skew (10 s against the milliseconds that NTP keeps to) make that rare.</para>
/// <para>Invariants: an epoch only grows, over releases and restarts, so a row is never removed: one per name and kind, about
/// 100 bytes. The name is the distribution key. Reads nothing but in its own writes. Safe for concurrent use.</para>
/// </remarks>
public sealed class LeaseStore
{
    /// <summary>Its table, for <see cref="DatabaseSchema.With"/>.</summary>
    public static readonly SchemaPart Schema = new(
        [new Table("lease", "name")],
        Migration.FromResources(typeof(LeaseStore).Assembly, "leases"));

    private static readonly Statement Acquire = new("""
        insert into lease (name, kind, holder, epoch, expires) values ($1, $2, $3, 1, $4)
        on conflict (name, kind) do update set holder = excluded.holder, epoch = lease.epoch + 1, expires = excluded.expires
        where lease.expires <= $5
        returning epoch
        """);

    private static readonly Statement Take = new("""
        insert into lease (name, kind, holder, epoch, expires) values ($1, $2, $3, 1, $4)
        on conflict (name, kind) do update set holder = excluded.holder, epoch = lease.epoch + 1, expires = excluded.expires
        returning epoch
        """);

    private static readonly Statement SetEnd = new(
        "update lease set expires = $4 where name = $1 and kind = $2 and epoch = $3");

    // A write, not a read: it holds the row until the commit, so that whoever acquires the lease next waits for it.
    private static readonly Statement Fence = new(
        "update lease set epoch = epoch where name = $1 and kind = $2 and epoch = $3");

    private readonly IDatabase _database;
    private readonly TimeProvider _time;
    private readonly string _kind;
    private readonly string _holder;
    private readonly TimeSpan _length;

    /// <summary>The leases of one kind, in a database whose schema has <see cref="Schema"/>.</summary>
    /// <param name="database">Where the rows that they guard are, too.</param>
    /// <param name="time">The clock.</param>
    /// <param name="kind">What sort of right: <c>sequencer</c>. 1 to 255 characters.</param>
    /// <param name="holder">Who this is, for whoever looks at the table: the instance's name. 1 to 255 characters.</param>
    /// <param name="length">How long a lease lasts when it is not renewed: 1 second to 1 hour.</param>
    public LeaseStore(IDatabase database, TimeProvider time, string kind, string holder, TimeSpan length)
    {
        Names.Check(kind, nameof(kind));
        Names.Check(holder, nameof(holder));
        ArgumentOutOfRangeException.ThrowIfLessThan(length, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, TimeSpan.FromHours(1));
        (_database, _time, _kind, _holder, _length) = (database, time, kind, holder, length);
    }

    /// <summary>Acquires a lease that nobody holds.</summary>
    /// <returns>Null where somebody does, be it this very program: a lease is never shared.</returns>
    public async Task<Lease?> TryAcquireAsync(string name, CancellationToken cancellationToken = default)
    {
        Names.Check(name, nameof(name));
        var now = _time.GetUtcNow();
        var epochs = await _database.WriteAsync(
            new Command(Acquire, name, name, _kind, _holder, now + _length, now), ReadEpoch, cancellationToken);
        return epochs.Count > 0 ? new Lease(_kind, name, epochs[0], now + _length) : null;
    }

    /// <summary>
    /// Takes a lease from whoever holds it. For callers who know that the holder is gone (nobody else can be running), or whose
    /// claim comes from elsewhere (a cluster's directory); the fence keeps it right where they err.
    /// </summary>
    public async Task<Lease> TakeAsync(string name, CancellationToken cancellationToken = default)
    {
        Names.Check(name, nameof(name));
        var until = _time.GetUtcNow() + _length;
        var epochs = await _database.WriteAsync(new Command(Take, name, name, _kind, _holder, until), ReadEpoch, cancellationToken);
        return new Lease(_kind, name, epochs[0], until);
    }

    /// <summary>Makes a lease last a whole length from now; best called every third of it.</summary>
    /// <returns>The lease with its new end; null where somebody else has acquired it since.</returns>
    public async Task<Lease?> RenewAsync(Lease lease, CancellationToken cancellationToken = default)
    {
        var until = _time.GetUtcNow() + _length;
        return await SetEndAsync(lease, until, cancellationToken) ? lease with { Until = until } : null;
    }

    /// <summary>Gives a lease up, so that others need not wait for its end. Its epoch stays, and will be exceeded.</summary>
    /// <returns>False where somebody else has acquired it since.</returns>
    public Task<bool> ReleaseAsync(Lease lease, CancellationToken cancellationToken = default) =>
        SetEndAsync(lease, DateTimeOffset.UnixEpoch, cancellationToken);

    /// <summary>
    /// Lets a transaction commit only while nobody has acquired the lease since. Stands in the transaction of each guarded
    /// write, whose key is the lease's name. A lease that has ended but was not acquired by anybody still passes.
    /// </summary>
    /// <exception cref="ClaimLostException">Somebody has; the transaction rolls back with it.</exception>
    public static async ValueTask FenceAsync(ITransaction transaction, Lease lease)
    {
        if (await transaction.ExecuteAsync(Fence, lease.Name, lease.Kind, lease.Epoch) == 0)
            throw new ClaimLostException($"Epoch {lease.Epoch} of the {lease.Kind} '{lease.Name}' is no longer the latest.");
    }

    private async Task<bool> SetEndAsync(Lease lease, DateTimeOffset until, CancellationToken cancellationToken) =>
        await _database.WriteAsync(new Command(SetEnd, lease.Name, lease.Name, lease.Kind, lease.Epoch, until), cancellationToken) == 1;

    private static long ReadEpoch(DbDataReader reader) => reader.GetInt64(0);
}
