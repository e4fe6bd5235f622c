using System.Data.Common;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Data;

/// <summary>
/// Makes a request that comes more than once have its effect once: a lost response makes callers retry, and retries of one
/// request may run at the same time, on any copy.
/// </summary>
/// <remarks>
/// <para>Two forms, by where the effect is:</para>
/// <list type="bullet">
/// <item>In this database: <see cref="RunAsync"/> commits claim, effect and response in one transaction. Of any number of
/// concurrent calls one executes; the others wait for it and replay. If it fails, nothing is left, and the next one executes.</item>
/// <item>Outside of the process (a payment provider, an SMTP server): <see cref="ClaimAsync"/>, then the effect, then
/// <see cref="CompleteAsync(IdempotencyClaim, byte[], CancellationToken)"/>. While the claim stands, others are told that it
/// is in flight. When it has ended (the claimant died, or hangs) the next call takes over with a higher epoch, and the late
/// completion of the earlier is refused. What happened outside is unknown then: the effect itself must be given the key, or be
/// looked up, before it is done again.</item>
/// </list>
/// <para>Invariants: one row per (distribution key, principal, operation, key); a stored response never changes while it is
/// remembered; an epoch only grows, over the removal of its row too, as it is never below the milliseconds of its claim.
/// Bounds: a response has up to <see cref="MaxResponseLength"/> bytes, texts up to 255 characters; rows are removed by
/// <see cref="SweepAsync"/> after <see cref="IdempotencyOptions.TimeToLive"/>. Reads are of the latest state. Each call keeps
/// to the request's distribution key; only the sweep crosses it. Safe for concurrent use.</para>
/// </remarks>
public sealed class IdempotencyStore
{
    /// <summary>The largest response, in bytes.</summary>
    public const int MaxResponseLength = 64 * 1024;

    /// <summary>Its table, for <see cref="DatabaseSchema.With"/>.</summary>
    public static readonly SchemaPart Schema = new(
        [new Table("idempotency", "distribution_key")],
        Migration.FromResources(typeof(IdempotencyStore).Assembly, "idempotency"));

    private const long Done = 1;

    // A row that meets the claim is taken over when it is no longer remembered, or when its claim has ended.
    private static readonly Statement Claim = new("""
        insert into idempotency
            (distribution_key, principal, operation, request_key, fingerprint, state, epoch, lease_until, expires, response)
        values ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9)
        on conflict (distribution_key, principal, operation, request_key) do update set
            fingerprint = excluded.fingerprint,
            state = 0,
            epoch = case when idempotency.epoch < excluded.epoch then excluded.epoch else idempotency.epoch + 1 end,
            lease_until = excluded.lease_until,
            expires = excluded.expires,
            response = excluded.response
        where idempotency.expires <= $6
            or (idempotency.state = 0 and idempotency.lease_until <= $6 and idempotency.fingerprint = excluded.fingerprint)
        returning epoch
        """);

    private static readonly Statement Complete = new("""
        update idempotency set state = 1, response = $6
        where distribution_key = $1 and principal = $2 and operation = $3 and request_key = $4 and epoch = $5 and state = 0
        """);

    private static readonly Statement Abandon = new("""
        delete from idempotency
        where distribution_key = $1 and principal = $2 and operation = $3 and request_key = $4 and epoch = $5 and state = 0
        """);

    private static readonly Statement Read = new("""
        select fingerprint, state, lease_until, response, expires from idempotency
        where distribution_key = $1 and principal = $2 and operation = $3 and request_key = $4
        """) { FindsOne = true };

    private static readonly Statement Sweep = new("""
        with ended as materialized (
            select distribution_key, principal, operation, request_key from idempotency
            where expires <= $1 order by expires limit $2 {skip_locked})
        delete from idempotency where (distribution_key, principal, operation, request_key) in
            (select distribution_key, principal, operation, request_key from ended)
        """);

    private readonly IDatabase _database;
    private readonly TimeProvider _time;
    private readonly IdempotencyOptions _options;

    /// <summary>A store in a database whose schema has <see cref="Schema"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public IdempotencyStore(IDatabase database, TimeProvider time, IdempotencyOptions? options = null)
    {
        (_database, _time, _options) = (database, time, options ?? new IdempotencyOptions());
        _options.Check();
    }

    /// <summary>
    /// Runs <paramref name="work"/> once for all calls of a request, in the transaction that also keeps its response.
    /// </summary>
    /// <param name="request">Which request.</param>
    /// <param name="work">The effect, on tables of the same distribution key, and the response to keep. It is bound to
    /// <see cref="IDatabase.TransactAsync{T}"/>'s rules. What it throws undoes everything and reaches the caller, so a refusal
    /// that should be replayed too is a response.</param>
    /// <param name="cancellationToken">Takes effect until the work has begun.</param>
    /// <returns><see cref="IdempotencyResult.Executed"/>, <see cref="IdempotencyResult.Replayed"/>,
    /// <see cref="IdempotencyResult.Mismatch"/>; <see cref="IdempotencyResult.InFlight"/> where the key was claimed.</returns>
    /// <exception cref="DatabaseException">The database failed; <see cref="DatabaseFailure.Unavailable"/> leaves it open whether
    /// the work was done, and calling again finds out.</exception>
    public Task<IdempotencyResult> RunAsync(
        IdempotentRequest request, Func<ITransaction, ValueTask<byte[]>> work, CancellationToken cancellationToken = default)
    {
        request.Check();
        return _database.TransactAsync(request.DistributionKey, RunAsync, cancellationToken);

        async ValueTask<IdempotencyResult> RunAsync(ITransaction transaction)
        {
            var now = _time.GetUtcNow();
            var epochs = await transaction.QueryAsync(Claim, ReadEpoch, ClaimArguments(request, now));
            if (epochs.Count == 0)
            {
                var rows = await transaction.QueryAsync(
                    Read, ReadRow, request.DistributionKey, request.Principal, request.Operation, request.Key);
                return rows[0].Answer(request, now);
            }

            var response = CheckResponse(await work(transaction));
            await transaction.ExecuteAsync(
                Complete, request.DistributionKey, request.Principal, request.Operation, request.Key, epochs[0], response);
            return new IdempotencyResult.Executed(response);
        }
    }

    /// <summary>Looks a request up, changing nothing.</summary>
    /// <returns>What a call of it would be answered with now; null where it is not known, and its work is still to be done.</returns>
    public async Task<IdempotencyResult?> FindAsync(IdempotentRequest request, CancellationToken cancellationToken = default)
    {
        request.Check();
        var now = _time.GetUtcNow();
        var rows = await _database.ReadAsync(
            new Command(Read, request.DistributionKey, request.DistributionKey, request.Principal, request.Operation, request.Key),
            ReadRow,
            Freshness.Latest,
            cancellationToken);
        return rows.Count > 0 && !rows[0].IsFreeFor(request, now) ? rows[0].Answer(request, now) : null;
    }

    /// <summary>Asks for the right to do a request's work outside of the database.</summary>
    /// <returns><see cref="IdempotencyResult.Claimed"/>, <see cref="IdempotencyResult.Replayed"/>,
    /// <see cref="IdempotencyResult.Mismatch"/> or <see cref="IdempotencyResult.InFlight"/>.</returns>
    public async Task<IdempotencyResult> ClaimAsync(IdempotentRequest request, CancellationToken cancellationToken = default)
    {
        request.Check();
        var now = _time.GetUtcNow();
        var epochs = await _database.WriteAsync(
            new Command(Claim, request.DistributionKey, ClaimArguments(request, now)), ReadEpoch, cancellationToken);
        if (epochs.Count > 0)
            return new IdempotencyResult.Claimed(new IdempotencyClaim(request, epochs[0], now + _options.Lease));

        var rows = await _database.ReadAsync(
            new Command(Read, request.DistributionKey, request.DistributionKey, request.Principal, request.Operation, request.Key),
            ReadRow,
            Freshness.Latest,
            cancellationToken);

        // Given up since the claim met it: as if it were still in flight, and free at once.
        return rows.Count > 0 ? rows[0].Answer(request, now) : new IdempotencyResult.InFlight(TimeSpan.Zero);
    }

    /// <summary>Keeps the response of a claimed request's work, for all later calls.</summary>
    /// <returns>False where the claim was taken over, or has been completed: the response was not kept; claim again to see
    /// what holds.</returns>
    public async Task<bool> CompleteAsync(IdempotencyClaim claim, byte[] response, CancellationToken cancellationToken = default) =>
        await _database.WriteAsync(
            new Command(Complete, claim.Request.DistributionKey, CompleteArguments(claim, response)), cancellationToken) == 1;

    /// <summary>The same in a transaction of the request's distribution key, together with what else it changes.</summary>
    /// <exception cref="ClaimLostException">The claim was taken over, or has been completed; the transaction must not commit.</exception>
    public static async ValueTask CompleteAsync(ITransaction transaction, IdempotencyClaim claim, byte[] response)
    {
        if (await transaction.ExecuteAsync(Complete, CompleteArguments(claim, response)) == 0)
            throw new ClaimLostException($"Epoch {claim.Epoch} of the request '{claim.Request.Key}' is no longer the latest.");
    }

    /// <summary>Gives a claim back whose work had no effect, so that a retry need not wait for its end.</summary>
    /// <returns>False where it was taken over, or has been completed.</returns>
    public async Task<bool> AbandonAsync(IdempotencyClaim claim, CancellationToken cancellationToken = default)
    {
        var request = claim.Request;
        return await _database.WriteAsync(
            new Command(
                Abandon, request.DistributionKey, request.DistributionKey, request.Principal, request.Operation, request.Key, claim.Epoch),
            cancellationToken) == 1;
    }

    /// <summary>Forgets requests that are past their time to live, for <see cref="PeriodicSweep"/>.</summary>
    /// <returns>How many it forgot, up to <paramref name="max"/>.</returns>
    public Task<int> SweepAsync(int max, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(new Command(Sweep, Command.AnyKey, _time.GetUtcNow(), (long)max), cancellationToken);

    private DbValue[] ClaimArguments(IdempotentRequest request, DateTimeOffset now) =>
    [
        request.DistributionKey, request.Principal, request.Operation, request.Key, request.Fingerprint,
        now, now + _options.Lease, now + _options.TimeToLive, Array.Empty<byte>(),
    ];

    private static DbValue[] CompleteArguments(IdempotencyClaim claim, byte[] response)
    {
        var request = claim.Request;
        return [request.DistributionKey, request.Principal, request.Operation, request.Key, claim.Epoch, CheckResponse(response)];
    }

    private static byte[] CheckResponse(byte[] response) => response.Length <= MaxResponseLength
        ? response
        : throw new ArgumentException($"A response has at most {MaxResponseLength} bytes, not {response.Length}.", nameof(response));

    private static long ReadEpoch(DbDataReader reader) => reader.GetInt64(0);

    private static Row ReadRow(DbDataReader reader) => new(
        reader.GetFieldValue<byte[]>(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3), reader.GetInt64(4));

    private sealed record Row(byte[] Fingerprint, long State, long LeaseUntil, byte[] Response, long Expires)
    {
        // As the claim takes it over: no longer remembered, or its claim has ended and the content is the same.
        public bool IsFreeFor(IdempotentRequest request, DateTimeOffset now) => Expires <= now.ToUnixTimeMilliseconds()
            || (State != Done && LeaseUntil <= now.ToUnixTimeMilliseconds() && request.Fingerprint.AsSpan().SequenceEqual(Fingerprint));

        public IdempotencyResult Answer(IdempotentRequest request, DateTimeOffset now)
        {
            if (!request.Fingerprint.AsSpan().SequenceEqual(Fingerprint))
                return new IdempotencyResult.Mismatch();
            if (State == Done)
                return new IdempotencyResult.Replayed(Response);

            var left = LeaseUntil - now.ToUnixTimeMilliseconds();
            return new IdempotencyResult.InFlight(TimeSpan.FromMilliseconds(Math.Max(left, 0)));
        }
    }
}
