using Groundwork.Platform.Data;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Messaging;

/// <summary>
/// Has an event take its effect once, however often it comes: its id is kept in the transaction of the effect.
/// </summary>
/// <remarks>
/// <para>Promised: of all deliveries of an event to a consumer, at the same time and after crashes too, one has the effect, as long as the id is remembered. Whoever handles an
/// event derives the distribution key from the event alone, so that its next delivery meets the same row.</para>
/// <para>An id is remembered for <see cref="DefaultLifetime"/> unless told otherwise: longer than a topic keeps its records, so that also a group that is set back to the beginning
/// has no effect twice. With the broker's defaults a record lives up to 14 days: 7 days of retention, which count for a whole segment, which takes records for up to 7 days. A replay
/// of a dead letter needs no longer: what it stands for had no effect.</para>
/// <para>Reads nothing but in its own writes. Safe for concurrent use, by any number of copies.</para>
/// </remarks>
public sealed class Inbox
{
    /// <summary>How long ids are remembered where nothing else is said.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(15);

    /// <summary>Its table, for <see cref="DatabaseSchema.With"/>.</summary>
    public static readonly SchemaPart Schema = new(
        [new Table("inbox", "distribution_key")], Migration.FromResources(typeof(Inbox).Assembly, "inbox"));

    private static readonly Statement Insert = new(
        "insert into inbox (distribution_key, consumer, event_id, received) values ($1, $2, $3, $4) on conflict do nothing");

    private static readonly Statement Sweep = new("""
        with ended as materialized (
            select distribution_key, event_id from inbox where consumer = $1 and received <= $2 order by received limit $3 {skip_locked})
        delete from inbox where consumer = $1 and (distribution_key, event_id) in (select distribution_key, event_id from ended)
        """);

    private readonly IDatabase _database;
    private readonly TimeProvider _time;
    private readonly string _consumer;
    private readonly TimeSpan _lifetime;

    /// <summary>The inbox of one consumer, in a database whose schema has <see cref="Schema"/>.</summary>
    /// <param name="database">Where the effects are, too.</param>
    /// <param name="time">The clock.</param>
    /// <param name="consumer">Whose: each has every event once. Usually the group's name; 1 to 255 characters.</param>
    /// <param name="lifetime">How long ids are remembered: 1 hour to 10 years; null for <see cref="DefaultLifetime"/>.</param>
    public Inbox(IDatabase database, TimeProvider time, string consumer, TimeSpan? lifetime = null)
    {
        Names.Check(consumer, nameof(consumer));
        (_database, _time, _consumer, _lifetime) = (database, time, consumer, lifetime ?? DefaultLifetime);
        ArgumentOutOfRangeException.ThrowIfLessThan(_lifetime, TimeSpan.FromHours(1), nameof(lifetime));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_lifetime, TimeSpan.FromDays(3660), nameof(lifetime));
    }

    /// <summary>Runs an event's effect, unless it was run.</summary>
    /// <param name="distributionKey">The key of the tables that it changes, 1 to 255 characters.</param>
    /// <param name="eventId">Which event: <see cref="EventHeaders.IdOf"/>.</param>
    /// <param name="effect">The effect, bound to <see cref="IDatabase.TransactAsync{T}"/>'s rules. What it throws undoes everything, and reaches the caller.</param>
    /// <param name="cancellationToken">Takes effect until the work has begun.</param>
    /// <returns>False where it was run before.</returns>
    public Task<bool> RunAsync(
        string distributionKey, string eventId, Func<ITransaction, ValueTask> effect, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(effect);
        return _database.TransactAsync(distributionKey, RunAsync, cancellationToken);

        async ValueTask<bool> RunAsync(ITransaction transaction)
        {
            if (!await TryTakeAsync(transaction, distributionKey, eventId))
                return false;
            await effect(transaction);
            return true;
        }
    }

    /// <summary>Keeps an event's id in a caller's transaction of a distribution key.</summary>
    /// <returns>False where it is there: the event had its effect, and the caller leaves it be.</returns>
    public async ValueTask<bool> TryTakeAsync(ITransaction transaction, string distributionKey, string eventId)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        Names.Check(distributionKey, nameof(distributionKey));
        Names.Check(eventId, nameof(eventId));
        return await transaction.ExecuteAsync(Insert, distributionKey, _consumer, eventId, _time.GetUtcNow()) == 1;
    }

    /// <summary>Forgets this consumer's ids that are past their lifetime, for <see cref="PeriodicSweep"/>.</summary>
    /// <returns>How many it forgot, up to <paramref name="max"/>.</returns>
    public Task<int> SweepAsync(int max, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(new Command(Sweep, Command.AnyKey, _consumer, _time.GetUtcNow() - _lifetime, (long)max), cancellationToken);
}
