using System.Threading.Channels;
using Groundwork.Platform.Data;
using Groundwork.Ports.Database;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Platform.Messaging;

/// <summary>
/// Events that are written in the transaction of the change that they tell of, and appended to the broker afterwards (<see cref="OutboxRelay"/>): no change
/// without its event, and no event without its change, whatever crashes in between.
/// </summary>
/// <remarks>
/// <para>Promised: an event is in its topic at least once if its transaction commits, and never if it does not. Events of one topic and record's key,
/// added under one distribution key, come to the topic for the first time in the order in which their transactions committed (those of one transaction in the
/// order in which they were added). Nothing is promised between keys, nor of events without a key.</para>
/// <para>How the order is one of commits: a number from a database's sequence is drawn before the commit, so a later one may commit earlier, and a relay that
/// goes by numbers passes over what commits behind it. Here the number is drawn from a row of the distribution key, which the transaction
/// holds until it ends: whoever draws the next one has waited for the commit. So when an event is seen, all before it of its key are there too.</para>
/// <para>Bounds: an event has up to <see cref="MaxEventLength"/> bytes, a transaction adds up to <see cref="MaxEvents"/>. How many wait is bounded by the disk, and
/// shown by <see cref="CountAsync"/>, metrics and health. Safe for concurrent use, by any number of copies.</para>
/// </remarks>
public sealed class Outbox
{
    /// <summary>The most that key, value and headers of an event have together, in bytes. Larger things go to a store, and their names here.</summary>
    public const int MaxEventLength = 128 * 1024;

    /// <summary>How many events one call adds at most.</summary>
    public const int MaxEvents = 1000;

    /// <summary>Its tables, for <see cref="DatabaseSchema.With"/>; a module that relays has those of <see cref="LeaseStore.Schema"/> too.</summary>
    public static readonly SchemaPart Schema = new(
        [new Table("outbox_event", "distribution_key"), new Table("outbox_sequence", "distribution_key")],
        Migration.FromResources(typeof(Outbox).Assembly, "outbox"));

    // After which a key that had no events begins a sequence anew: far longer than clocks are apart.
    private static readonly TimeSpan SequenceLife = TimeSpan.FromDays(2);

    private readonly TimeProvider _time;
    private readonly Random _random;

    // One token at most: that something has been added since the relay last looked.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The outbox of a database whose schema has <see cref="Schema"/>.</summary>
    /// <param name="database">The module's database.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads retries; one that is safe for concurrent use, such as <see cref="Random.Shared"/>.</param>
    /// <param name="options">How it treats its events; the same in every copy.</param>
    public Outbox(IDatabase database, TimeProvider time, Random random, OutboxOptions? options = null)
    {
        (Database, _time, _random, Options) = (database, time, random, options ?? new OutboxOptions());
        Options.Check();
        Letters = new OutboxLetters(database, time, Options.LetterLifetime, Wake);
    }

    /// <summary>What was given up.</summary>
    public OutboxLetters Letters { get; }

    internal IDatabase Database { get; }

    internal OutboxOptions Options { get; }

    /// <summary>Adds events to a caller's transaction. The caller calls <see cref="Wake"/> after the commit; without, they wait for the next look.</summary>
    /// <param name="transaction">That of the change; it may run more than once, and so may this.</param>
    /// <param name="distributionKey">The transaction's key, 1 to 255 characters.</param>
    /// <param name="events">1 to <see cref="MaxEvents"/> of them, in their order.</param>
    /// <exception cref="ArgumentException">An event is too long, or has a header of ours.</exception>
    public async ValueTask AddAsync(ITransaction transaction, string distributionKey, params IReadOnlyList<OutboxEvent> events)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentOutOfRangeException.ThrowIfLessThan(events.Count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(events.Count, MaxEvents);
        Names.Check(distributionKey, nameof(distributionKey));
        foreach (var one in events)
            Check(one);
        var now = _time.GetUtcNow();
        var last = await transaction.QueryAsync(
            OutboxSql.NextSequence, row => row.GetInt64(0), distributionKey, Microseconds(now), (long)events.Count);
        var sequence = last[0] - events.Count;
        foreach (var one in events)
        {
            await transaction.ExecuteAsync(
                OutboxSql.Add, distributionKey, ++sequence, one.Id, LaneOf(one), one.Topic, one.Key, one.Value, HeaderBytes.Write(one.Headers), now);
        }
    }

    /// <summary>Makes this copy's relay look at once, after a commit that added something.</summary>
    public void Wake() => _signal.Writer.TryWrite(true);

    /// <summary>How it stands. Reads all that waits, maybe from a replica: for people and dashboards.</summary>
    public async Task<OutboxBacklog> CountAsync(CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        var counts = await Database.ReadAsync(
            new Command(OutboxSql.Count, Command.AnyKey),
            row => new OutboxBacklog(row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? TimeSpan.Zero : Age(now, row.GetInt64(2))),
            Freshness.ReplicaWillDo,
            cancellationToken);
        return counts[0];
    }

    /// <summary>What can be relayed now, up to a number, those of a lane from its first one on.</summary>
    internal Task<IReadOnlyList<OutboxRow>> PickAsync(int max, CancellationToken cancellationToken) => Database.ReadAsync(
        new Command(OutboxSql.Pick, Command.AnyKey, _time.GetUtcNow(), (long)max), OutboxRow.Read, Freshness.Latest, cancellationToken);

    /// <summary>These are in their topics.</summary>
    internal Task RemoveAsync(IReadOnlyList<OutboxRow> relayed, CancellationToken cancellationToken) => Database.WriteAllAsync(
        [.. relayed.Select(row => new Command(OutboxSql.Remove, row.DistributionKey, row.DistributionKey, row.Sequence))], cancellationToken);

    /// <summary>The broker refused it: it waits, or is given up where that was its last attempt.</summary>
    /// <returns>Whether it was given up, by this call.</returns>
    internal async Task<bool> FailAsync(OutboxRow row, string reason, CancellationToken cancellationToken)
    {
        var attempts = row.Attempts + 1;
        var isDead = attempts >= Options.MaxAttempts;
        var due = _time.GetUtcNow() + (isDead ? TimeSpan.Zero : Options.Backoff.Delay(attempts, _random.NextDouble()));
        var changed = await Database.WriteAsync(
            new Command(
                OutboxSql.Fail, row.DistributionKey, row.DistributionKey, row.Sequence, (long)row.Attempts, isDead, due, Names.CutReason(reason)),
            cancellationToken);
        return isDead && changed == 1;
    }

    /// <summary>When the next refused event may be tried again; null where none waits for that.</summary>
    internal async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        var due = await Database.ReadAsync(
            new Command(OutboxSql.NextDue, Command.AnyKey, _time.GetUtcNow()),
            row => row.IsDBNull(0) ? (DateTimeOffset?)null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)),
            Freshness.Latest,
            cancellationToken);
        return due[0];
    }

    /// <summary>Forgets keys that had no events for long, for <see cref="PeriodicSweep"/>.</summary>
    internal Task<int> SweepAsync(int max, CancellationToken cancellationToken) => Database.WriteAsync(
        new Command(OutboxSql.SweepSequences, Command.AnyKey, Microseconds(_time.GetUtcNow() - SequenceLife), (long)max), cancellationToken);

    /// <summary>Waits until something was added here since the last wait.</summary>
    internal async Task WaitForSignalAsync(CancellationToken cancellationToken) => await _signal.Reader.ReadAsync(cancellationToken);

    private static void Check(OutboxEvent one)
    {
        ArgumentException.ThrowIfNullOrEmpty(one.Topic);
        Names.Check(one.Id, nameof(OutboxEvent.Id));
        if (one.Headers.FirstOrDefault(header => EventHeaders.IsOwn(header.Name)) is { Name: { } name })
            throw new ArgumentException($"The header {name} is set by the relay.", nameof(one));
        var length = (one.Key?.Length ?? 0L) + (one.Value?.Length ?? 0) + HeaderBytes.Length(one.Headers);
        if (length > MaxEventLength)
            throw new ArgumentException($"An event has at most {MaxEventLength} bytes, not {length}.", nameof(one));
    }

    // Two keys of one lane would hold each other back, and lose nothing by it.
    private static long? LaneOf(OutboxEvent one) =>
        one.Key is { } key ? (long)WyHash.Hash(key, WyHash.Hash(System.Text.Encoding.UTF8.GetBytes(one.Topic), 0)) : null;

    private static long Microseconds(DateTimeOffset at) => (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static TimeSpan Age(DateTimeOffset now, long unixMs) => now - DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
}
