using System.Data.Common;
using System.Globalization;
using System.Threading.Channels;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Data;

/// <summary>
/// A durable queue of work in a module's own database: what was enqueued is delivered at least once, by any copy, in spite of
/// crashes at any moment. It shares the module's transactions; events for others go by the outbox, which keeps an order.
/// </summary>
/// <remarks>
/// <para>An item's life: enqueued (waits until it is due) → claimed, with an epoch and an end → acknowledged (gone). Or it
/// fails: it waits longer each time, and after <see cref="WorkQueueOptions.MaxAttempts"/> deliveries it is a dead letter, which
/// people list, replay or drop (<see cref="DeadLetters"/>). A claim that ends unsettled (the process died) makes the item due
/// again, and the delivery counts; so an item that kills its process becomes a dead letter too and never blocks the queue.</para>
/// <para>Invariants: an item is enqueued if and only if the transaction that it stands in commits. At any time at most one
/// claim of an item can settle it: that with the latest epoch. Work may be done twice (a claim ended while its holder still
/// worked), so handlers are idempotent; one whose effect is in this database settles in the same transaction
/// (<see cref="AcknowledgeAsync(ITransaction, WorkItem)"/>), and is then done exactly once.</para>
/// <para>Order: batches take higher priorities first, then what was due earlier; a batch is in the order of priority and
/// arrival. Nothing more is promised: retries and several copies overtake.</para>
/// <para>Bounds: a payload has up to <see cref="MaxPayloadLength"/> bytes, a batch up to <see cref="MaxBatch"/> items; dead
/// letters have a lifetime; the number of items is bounded by the disk, and <see cref="CountAsync"/> shows it coming. An item's
/// distribution key is that of the transaction that enqueued it, and settling keeps to it. Claiming crosses keys (one statement
/// a batch, off the path of requests). Reads are of the latest state, except for counts and listings. Safe for concurrent use,
/// by any number of copies.</para>
/// </remarks>
public sealed class WorkQueue
{
    /// <summary>The largest payload, in bytes. Larger things go to the object store, and their names here.</summary>
    public const int MaxPayloadLength = 256 * 1024;

    /// <summary>The most items that one claim takes.</summary>
    public const int MaxBatch = 256;

    /// <summary>The table of all queues and timers of a module, for <see cref="DatabaseSchema.With"/>.</summary>
    public static readonly SchemaPart Schema = new(
        [new Table("work_item", "distribution_key")],
        Migration.FromResources(typeof(WorkQueue).Assembly, "work_queue"));

    private readonly IDatabase _database;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly WorkQueueOptions _options;

    // One token at most: that something has been enqueued since the worker last looked.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>A queue in a database whose schema has <see cref="Schema"/>.</summary>
    /// <param name="database">The module's database.</param>
    /// <param name="time">The clock. Copies whose clocks differ see items become due, and claims end, by that much apart.</param>
    /// <param name="random">Spreads retries; one that is safe for concurrent use, such as <see cref="Random.Shared"/>.</param>
    /// <param name="name">The queue's name, 1 to 255 characters; each is a queue of its own.</param>
    /// <param name="options">How it treats its items; the same in every copy.</param>
    public WorkQueue(IDatabase database, TimeProvider time, Random random, string name, WorkQueueOptions? options = null)
    {
        Names.Check(name, nameof(name));
        (_database, _time, _random, Name, _options) = (database, time, random, name, options ?? new WorkQueueOptions());
        _options.Check();
        DeadLetters = new DeadLetters(database, time, name, _options.DeadLetterLifetime, Wake);
    }

    /// <summary>The queue's name.</summary>
    public string Name { get; }

    /// <summary>What was given up.</summary>
    public DeadLetters DeadLetters { get; }

    internal TimeSpan Visibility => _options.Visibility;

    /// <summary>Enqueues work by itself.</summary>
    /// <param name="distributionKey">By what it is spread; 1 to 255 characters.</param>
    /// <returns>False where an item of that <see cref="NewWork.Id"/> is there already, in whatever state; it was left as it is.</returns>
    public async Task<bool> EnqueueAsync(string distributionKey, NewWork work, CancellationToken cancellationToken = default)
    {
        var enqueued = await _database.WriteAsync(
            new Command(WorkQueueSql.Enqueue, distributionKey, NewArguments(distributionKey, work)), cancellationToken) == 1;
        Wake();
        return enqueued;
    }

    /// <summary>Enqueues work in a caller's transaction: it is there if and only if that commits. The caller calls
    /// <see cref="Wake"/> after the commit; without, the item waits for the next poll.</summary>
    /// <param name="distributionKey">The transaction's key.</param>
    /// <returns>False where an item of that <see cref="NewWork.Id"/> is there already.</returns>
    public async ValueTask<bool> EnqueueAsync(ITransaction transaction, string distributionKey, NewWork work) =>
        await transaction.ExecuteAsync(WorkQueueSql.Enqueue, NewArguments(distributionKey, work)) == 1;

    /// <summary>Makes this copy's worker look at once, after a commit that enqueued something.</summary>
    public void Wake() => _signal.Writer.TryWrite(true);

    /// <summary>Claims what is due, for <see cref="WorkQueueOptions.Visibility"/>. Items that other claims hold are passed over,
    /// not waited for; those that were delivered too often become dead letters.</summary>
    /// <param name="max">How many items at most: 1 to <see cref="MaxBatch"/>.</param>
    /// <returns>The items, in the queue's order.</returns>
    public async Task<IReadOnlyList<WorkItem>> ClaimAsync(int max, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, MaxBatch);

        var now = _time.GetUtcNow();
        var until = now + _options.Visibility;
        var claimed = await _database.WriteAsync(
            new Command(WorkQueueSql.Claim, Command.AnyKey, Name, now, (long)max, until), r => ReadItem(r, until), cancellationToken);

        var items = new List<WorkItem>(claimed.Count);
        foreach (var item in claimed.OrderBy(i => i.Priority).ThenBy(i => i.Enqueued).ThenBy(i => i.Id, StringComparer.Ordinal))
        {
            if (item.Attempt <= _options.MaxAttempts)
                items.Add(item);
            else
                await BuryAsync(item, "Its claims ended unsettled: whoever worked on it died, hung, or lost the database.", cancellationToken);
        }

        return items;
    }

    /// <summary>The work is done; the item goes.</summary>
    /// <returns>False where the claim was lost: the item goes on as its later claim decides.</returns>
    public Task<bool> AcknowledgeAsync(WorkItem item, CancellationToken cancellationToken = default) =>
        SettleAsync(WorkQueueSql.Acknowledge, item, [], cancellationToken);

    /// <summary>The work is done by this transaction, whose key is the item's: both commit, or neither.</summary>
    /// <exception cref="ClaimLostException">The claim was lost; the transaction rolls back with it.</exception>
    public async ValueTask AcknowledgeAsync(ITransaction transaction, WorkItem item)
    {
        if (await transaction.ExecuteAsync(WorkQueueSql.Acknowledge, item.DistributionKey, Name, item.Id, item.Epoch) == 0)
            throw new ClaimLostException($"Epoch {item.Epoch} of the item '{item.Id}' in the queue '{Name}' is no longer the latest.");
    }

    /// <summary>The work failed: the item is tried again later, or is given up where it had its last attempt.</summary>
    /// <param name="reason">Why, for whoever looks at the dead letter.</param>
    /// <param name="after">When to try again; by default the queue's backoff decides.</param>
    /// <returns>False where the claim was lost.</returns>
    public Task<bool> RetryAsync(
        WorkItem item, string reason, TimeSpan? after = null, CancellationToken cancellationToken = default)
    {
        if (item.Attempt >= _options.MaxAttempts)
            return BuryAsync(item, reason, cancellationToken);

        var delay = after ?? _options.Backoff.Delay(item.Attempt, _random.NextDouble());
        return SettleAsync(WorkQueueSql.Retry, item, [_time.GetUtcNow() + delay, Names.CutReason(reason)], cancellationToken);
    }

    /// <summary>The work cannot succeed: the item is given up at once.</summary>
    /// <returns>False where the claim was lost.</returns>
    public Task<bool> BuryAsync(WorkItem item, string reason, CancellationToken cancellationToken = default) =>
        SettleAsync(WorkQueueSql.Bury, item, [_time.GetUtcNow(), Names.CutReason(reason)], cancellationToken);

    /// <summary>The work was not begun, or was broken off by our own stop: the item is due at once, and the attempt does not count.</summary>
    /// <returns>False where the claim was lost.</returns>
    public Task<bool> ReleaseAsync(WorkItem item, CancellationToken cancellationToken = default) =>
        SettleAsync(WorkQueueSql.Release, item, [_time.GetUtcNow()], cancellationToken);

    /// <summary>The work takes longer: the claim stands for a whole <see cref="WorkQueueOptions.Visibility"/> from now.</summary>
    /// <returns>False where the claim was lost.</returns>
    public Task<bool> ExtendAsync(WorkItem item, CancellationToken cancellationToken = default) =>
        SettleAsync(WorkQueueSql.Extend, item, [_time.GetUtcNow() + _options.Visibility], cancellationToken);

    /// <summary>When the next item will be due, or the next claim will end; past when something is due now, null when there is nothing.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken = default)
    {
        var due = await _database.ReadAsync(
            new Command(WorkQueueSql.NextDue, Command.AnyKey, Name),
            r => r.IsDBNull(0) ? (DateTimeOffset?)null : DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(0)),
            Freshness.Latest,
            cancellationToken);
        return due[0];
    }

    /// <summary>How the queue stands. Reads all of its items, maybe from a replica: for people and dashboards.</summary>
    public async Task<WorkQueueCounts> CountAsync(CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        var counts = await _database.ReadAsync(
            new Command(WorkQueueSql.Count, Command.AnyKey, Name, now),
            r => new WorkQueueCounts(
                r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3),
                r.IsDBNull(4) ? TimeSpan.Zero : now - DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(4))),
            Freshness.ReplicaWillDo,
            cancellationToken);
        return counts[0];
    }

    /// <summary>Enqueues work, in place of what is there by the same name; a claim of that is lost.</summary>
    internal async Task PutAsync(string distributionKey, NewWork work, CancellationToken cancellationToken)
    {
        await _database.WriteAsync(
            new Command(WorkQueueSql.Put, distributionKey, NewArguments(distributionKey, work)), cancellationToken);
        Wake();
    }

    internal async ValueTask PutAsync(ITransaction transaction, string distributionKey, NewWork work) =>
        await transaction.ExecuteAsync(WorkQueueSql.Put, NewArguments(distributionKey, work));

    internal async Task<bool> RemoveAsync(string distributionKey, string id, CancellationToken cancellationToken) =>
        await _database.WriteAsync(new Command(WorkQueueSql.Remove, distributionKey, distributionKey, Name, id), cancellationToken) == 1;

    internal async ValueTask<bool> RemoveAsync(ITransaction transaction, string distributionKey, string id) =>
        await transaction.ExecuteAsync(WorkQueueSql.Remove, distributionKey, Name, id) == 1;

    /// <summary>Waits until something was enqueued here since the last wait.</summary>
    internal async Task WaitForSignalAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);

    private async Task<bool> SettleAsync(Statement statement, WorkItem item, DbValue[] more, CancellationToken cancellationToken) =>
        await _database.WriteAsync(
            new Command(statement, item.DistributionKey, [item.DistributionKey, Name, item.Id, item.Epoch, .. more]), cancellationToken) == 1;

    private DbValue[] NewArguments(string distributionKey, NewWork work)
    {
        Names.Check(distributionKey, nameof(distributionKey));
        var now = _time.GetUtcNow();
        var id = work.Id ?? Guid.CreateVersion7(now).ToString("n", CultureInfo.InvariantCulture);
        Names.Check(id, nameof(work));
        if (work.Payload.Length > MaxPayloadLength)
            throw new ArgumentException($"A payload has at most {MaxPayloadLength} bytes, not {work.Payload.Length}.", nameof(work));
        if (!Enum.IsDefined(work.Priority))
            throw new ArgumentException($"There is no priority {work.Priority}.", nameof(work));
        return [distributionKey, Name, id, (long)work.Priority, work.Due ?? now, now, work.Payload];
    }

    private static WorkItem ReadItem(DbDataReader reader, DateTimeOffset until) => new(
        reader.GetString(0),
        reader.GetString(1),
        reader.GetFieldValue<byte[]>(2),
        (WorkPriority)reader.GetInt64(3),
        (int)reader.GetInt64(4),
        reader.GetInt64(5),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(6)),
        until);
}
