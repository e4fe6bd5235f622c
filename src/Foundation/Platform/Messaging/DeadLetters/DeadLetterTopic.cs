using System.Globalization;
using Groundwork.Platform.Data;
using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging;

/// <summary>
/// The records of a topic that its groups have given up, in a topic beside it (<c>NAME.dead-letters</c>, one partition): people look at them, mend the cause, and replay or drop
/// them. Any client of Kafka can read it.
/// </summary>
/// <remarks>
/// <para>A letter is the record with headers that say where it came from, who has given it up and why (<see cref="EventHeaders"/>). That it is settled is said by a note behind it in the
/// same topic, a record without a value that names the letter's offset; so the state is where the letters are, any copy can settle any letter in any order, and needs
/// nothing else. A committed offset, the other way, could only say that all up to one letter are settled.</para>
/// <para>A replay appends the record to its topic anew, for the group alone that has given it up (<see cref="EventHeaders.Replay"/>; an <see cref="EventConsumer"/> of another group passes
/// over it), with the id that it had, and then the note. A letter with a note is not replayed again. A crash between the two, and two callers who replay one letter at
/// the same moment, append it twice: with one id, so that an <see cref="Inbox"/> has its effect once.</para>
/// <para>A replay comes behind what its key had since: order is lost by it, which whoever replays accepts.</para>
/// <para>Listing reads from a position to the end: it takes as long as there are letters. Memory: a page. Safe for concurrent use.</para>
/// </remarks>
/// <param name="broker">Where.</param>
/// <param name="topic">The topic that the records come from.</param>
/// <param name="time">The clock.</param>
public sealed class DeadLetterTopic(IBroker broker, string topic, TimeProvider time)
{
    /// <summary>What a topic's name ends with that holds the dead letters of another.</summary>
    public const string Suffix = ".dead-letters";

    /// <summary>The most that one listing returns.</summary>
    public const int MaxPage = 1000;

    private const int Partition = 0;

    private volatile bool _isThere;

    /// <summary>Its name.</summary>
    public string Name { get; } = topic + Suffix;

    /// <summary>Lists letters that are neither replayed nor dropped.</summary>
    /// <param name="limit">How many at most: 1 to <see cref="MaxPage"/>.</param>
    /// <param name="from">Where to begin: <see cref="DeadRecordPage.Next"/> of the page before; 0 for the first page.</param>
    /// <param name="group">Of which group; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<DeadRecordPage> ListAsync(int limit, long from = 0, string? group = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPage);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        var letters = new Dictionary<long, DeadRecord>();
        long? next = null;
        await foreach (var record in ReadAsync(from, cancellationToken))
        {
            if (SettledBy(record) is { } settled)
            {
                letters.Remove(settled);
            }
            else if (Read(record) is { } letter && (group is null || letter.Group == group))
            {
                // Those that there is no room for are looked at by the next page, notes behind them too.
                if (next is null && letters.Count < limit)
                    letters.Add(letter.Position, letter);
                else
                    next ??= letter.Position;
            }
        }

        return new DeadRecordPage([.. letters.Values.OrderBy(letter => letter.Position)], next);
    }

    /// <summary>Appends a letter's record to its topic anew, for the group that has given it up.</summary>
    /// <returns>False where it is settled, or there is none at that position.</returns>
    public Task<bool> ReplayAsync(long position, CancellationToken cancellationToken = default) => SettleAsync(position, isReplay: true, cancellationToken);

    /// <summary>Says that a letter need not be looked at any more.</summary>
    /// <returns>False where it is settled, or there is none at that position.</returns>
    public Task<bool> DropAsync(long position, CancellationToken cancellationToken = default) => SettleAsync(position, isReplay: false, cancellationToken);

    /// <summary>Replays all letters that are there now.</summary>
    /// <param name="group">Of which group; null for all.</param>
    /// <param name="cancellationToken">Ends it between two letters.</param>
    /// <returns>How many.</returns>
    public async Task<int> ReplayAllAsync(string? group = null, CancellationToken cancellationToken = default)
    {
        var replayed = 0;
        for (long? from = 0; from is { } at;)
        {
            var page = await ListAsync(MaxPage, at, group, cancellationToken);
            foreach (var letter in page.Letters)
            {
                await SettleAsync(letter, isReplay: true, cancellationToken);
                replayed++;
            }

            from = page.Next;
        }

        return replayed;
    }

    /// <summary>Adds a letter; it is durable when this completes.</summary>
    /// <param name="record">What was given up.</param>
    /// <param name="group">By whom.</param>
    /// <param name="attempts">After how many tries.</param>
    /// <param name="reason">Why.</param>
    /// <param name="lifetime">How long letters are kept, where the topic is to be made.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task AddAsync(IncomingRecord record, string group, int attempts, string reason, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        if (!_isThere)
            await broker.EnsureTopicAsync(new TopicSpec(Name, 1, lifetime), cancellationToken);
        _isThere = true;
        RecordHeader[] headers =
        [
            .. record.Headers.Where(header => header.Name is EventHeaders.Id or EventHeaders.Missing || !EventHeaders.IsOwn(header.Name)),
            EventHeaders.Of(EventHeaders.LetterTopic, record.Topic),
            EventHeaders.Of(EventHeaders.LetterPartition, record.Partition),
            EventHeaders.Of(EventHeaders.LetterOffset, record.Offset),
            EventHeaders.Of(EventHeaders.LetterGroup, group),
            EventHeaders.Of(EventHeaders.LetterAttempts, attempts),
            EventHeaders.Of(EventHeaders.LetterReason, Names.CutReason(reason)),
            EventHeaders.Of(EventHeaders.LetterTime, time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)),
        ];
        await broker.AppendAsync(Name, [new OutgoingRecord(record.Key, record.Value, headers)], cancellationToken);
    }

    private async Task<bool> SettleAsync(long position, bool isReplay, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        if (await FindAsync(position, cancellationToken) is not { } letter)
            return false;
        await SettleAsync(letter, isReplay, cancellationToken);
        return true;
    }

    private async Task SettleAsync(DeadRecord letter, bool isReplay, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (isReplay)
            await broker.AppendAsync(topic, [Replay(letter)], cancellationToken);

        // A caller who goes away now must not have it replayed once more.
        var note = new OutgoingRecord(letter.Key, null, [EventHeaders.Of(EventHeaders.Settled, letter.Position)]);
        await broker.AppendAsync(Name, [note], CancellationToken.None);
    }

    private async Task<DeadRecord?> FindAsync(long position, CancellationToken cancellationToken)
    {
        DeadRecord? letter = null;
        await foreach (var record in ReadAsync(position, cancellationToken))
        {
            if (record.Offset == position)
                letter = SettledBy(record) is null ? Read(record) : null;
            if (letter is null || SettledBy(record) == position)
                return null;
        }

        return letter;
    }

    // What is there now, from a position on.
    private async IAsyncEnumerable<IncomingRecord> ReadAsync(
        long from, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await broker.FindTopicAsync(Name, cancellationToken) is null)
            yield break;
        var there = await broker.RangeAsync(Name, Partition, cancellationToken);
        if (Math.Max(from, there.Start) >= there.End)
            yield break;
        await foreach (var record in broker.ReadAsync(
            Name, Partition, ReadStart.At(Math.Max(from, there.Start)), new ReadOptions { OnGap = GapAction.Earliest }, cancellationToken))
        {
            yield return record;
            if (record.Offset >= there.End - 1)
                yield break;
        }
    }

    private static OutgoingRecord Replay(DeadRecord letter)
    {
        List<RecordHeader> headers = [.. letter.Headers];
        if (EventHeaders.Find(headers, EventHeaders.Id) is null)
            headers.Add(EventHeaders.Of(EventHeaders.Id, string.Create(CultureInfo.InvariantCulture, $"{letter.Topic}/{letter.Partition}/{letter.Offset}")));
        headers.Add(EventHeaders.Of(EventHeaders.Replay, letter.Group));
        return new OutgoingRecord(letter.Key, letter.Value, headers);
    }

    private static long? SettledBy(in IncomingRecord record) =>
        record.Value is null && long.TryParse(EventHeaders.Find(record.Headers, EventHeaders.Settled), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : null;

    // Null for what is no letter of this topic: anybody may write there, and only here is it replayed to.
    private DeadRecord? Read(in IncomingRecord record)
    {
        var headers = record.Headers;
        if (EventHeaders.Find(headers, EventHeaders.LetterTopic) != topic)
            return null;
        _ = int.TryParse(EventHeaders.Find(headers, EventHeaders.LetterPartition), CultureInfo.InvariantCulture, out var partition);
        _ = long.TryParse(EventHeaders.Find(headers, EventHeaders.LetterOffset), CultureInfo.InvariantCulture, out var offset);
        _ = int.TryParse(EventHeaders.Find(headers, EventHeaders.LetterAttempts), CultureInfo.InvariantCulture, out var attempts);
        var died = DateTimeOffset.TryParse(
            EventHeaders.Find(headers, EventHeaders.LetterTime), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) ? time : record.Time;
        return new DeadRecord(
            record.Offset, topic, partition, offset,
            EventHeaders.Find(headers, EventHeaders.LetterGroup) ?? "",
            attempts,
            EventHeaders.Find(headers, EventHeaders.LetterReason) ?? "",
            died, record.Key, record.Value,
            [.. headers.Where(header => header.Name is EventHeaders.Id or EventHeaders.Missing || !EventHeaders.IsOwn(header.Name))]);
    }
}
