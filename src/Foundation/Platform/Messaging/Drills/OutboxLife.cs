using System.Text;
using Groundwork.Ports.Database;
using Groundwork.Ports.Messaging;
using Groundwork.Primitives;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Platform.Messaging.Drills;

/// <summary>
/// One life of the process that <see cref="OutboxDrill"/> kills: writers change items and add an event to each change, a relay tells them, and a reader a partition has each
/// take effect. Used once.
/// </summary>
/// <remarks>
/// A reader goes on where its last life wrote down that it was, which it does behind every <see cref="PlaceEvery"/> events: what took effect since comes again. It stands for a
/// member of a group, whose session would outlast many lives of this process.
/// </remarks>
internal sealed class OutboxLife : IAsyncDisposable
{
    /// <summary>The topic of the events.</summary>
    public const string Topic = "drill.changes";

    /// <summary>How many partitions it has.</summary>
    public const int Partitions = 2;

    /// <summary>How many write at once.</summary>
    public const int Writers = 16;

    private const int Items = 24;
    private const int PlaceEvery = 32;
    private const int UndoneOneIn = 8;

    // So that what is told keeps up with what is written, and kills meet all that goes on.
    private const int LongestPauseMs = 30;

    // A refused event is tried again well within a life, and never given up: chance refuses no event so often.
    private static readonly OutboxOptions Options = new()
    {
        MaxAttempts = 1000,
        Backoff = new Backoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200)),
        PollInterval = TimeSpan.FromMilliseconds(20),
    };

    private readonly IDatabase _database;
    private readonly IBroker _broker;
    private readonly Outbox _outbox;
    private readonly OutboxRelay _relay;
    private readonly Inbox _inbox;

    /// <param name="database">With <see cref="ItemRows.Schema"/>.</param>
    /// <param name="broker">Where the topic is.</param>
    /// <param name="time">The clock.</param>
    public OutboxLife(IDatabase database, IBroker broker, TimeProvider time)
    {
        (_database, _broker) = (database, broker);
        _outbox = new Outbox(database, time, Random.Shared, Options);
        _relay = new OutboxRelay(_outbox, broker, "drill", time, Random.Shared, NullLogger.Instance);
        _inbox = new Inbox(database, time, "effects");
        _relay.Start();
    }

    /// <summary>Writes, tells and reads until it is killed, cancelled, or something fails.</summary>
    /// <param name="random">What the writers do.</param>
    /// <param name="isBeside">Whether events are appended beside the transactions, by half of the writers before and by the others after each, instead of in them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Random random, bool isBeside, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = Enumerable.Range(0, Writers).Select(writer => WriteAsync(writer, new Random(random.Next()), isBeside, ending.Token))
            .Concat(Enumerable.Range(0, Partitions).Select(partition => ReadAsync(partition, long.MaxValue, ending.Token)))
            .ToList();

        // None ends by itself, so the first that does is the reason for the end of all.
        var first = await Task.WhenAny(tasks);
        await ending.CancelAsync();
        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    /// <summary>Tells what waits and has it take effect; returns when nothing is left of either.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        while ((await _outbox.CountAsync(cancellationToken)).Waiting > 0)
            await Task.Delay(Options.PollInterval, cancellationToken);
        await Task.WhenAll(Enumerable.Range(0, Partitions).Select(ReadAllAsync));

        async Task ReadAllAsync(int partition) =>
            await ReadAsync(partition, (await _broker.RangeAsync(Topic, partition, cancellationToken)).End, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _relay.DisposeAsync();

    private async Task WriteAsync(int writer, Random random, bool isBeside, CancellationToken cancellationToken)
    {
        while (true)
        {
            var item = FormattableString.Invariant($"item-{random.Next(Items)}");
            var changed = new OutboxEvent(Topic, Encoding.UTF8.GetBytes(item), null);
            var isUndone = random.Next(UndoneOneIn) == 0;
            if (isBeside && writer % 2 == 0)
                await AppendAsync(changed, cancellationToken);
            var isCommitted = await ChangeAsync(item, changed, isBeside, isUndone, cancellationToken);
            if (isBeside && writer % 2 == 1 && isCommitted)
                await AppendAsync(changed, cancellationToken);
            _outbox.Wake();
            await Task.Delay(random.Next(LongestPauseMs), cancellationToken);
        }
    }

    private async Task<bool> ChangeAsync(string item, OutboxEvent changed, bool isBeside, bool isUndone, CancellationToken cancellationToken)
    {
        try
        {
            return await _database.TransactAsync(
                item,
                async transaction =>
                {
                    await ItemRows.ChangeAsync(transaction, item, changed.Id);
                    if (!isBeside)
                        await _outbox.AddAsync(transaction, item, changed);
                    return isUndone ? throw new UndoneException() : true;
                },
                cancellationToken);
        }
        catch (UndoneException)
        {
            return false;
        }
    }

    private async Task AppendAsync(OutboxEvent changed, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _broker.AppendAsync(Topic, [new OutgoingRecord(changed.Key, changed.Value, [EventHeaders.Of(EventHeaders.Id, changed.Id)])], cancellationToken);
                return;
            }
            catch (BrokerException)
            {
                // Whoever has no outbox can only try again, as long as he lives.
            }
        }
    }

    // Up to an offset.
    private async Task ReadAsync(int partition, long end, CancellationToken cancellationToken)
    {
        var next = await ItemRows.PlaceAsync(_database, partition, cancellationToken);
        if (next >= end)
            return;
        await foreach (var record in _broker.ReadAsync(Topic, partition, ReadStart.At(next), null, cancellationToken))
        {
            var (item, id) = (Encoding.UTF8.GetString(record.Key!.Value.Span), EventHeaders.IdOf(record));
            await _inbox.RunAsync(item, id, transaction => ItemRows.TakeEffectAsync(transaction, item, id), cancellationToken);
            if ((record.Offset + 1) % PlaceEvery == 0)
                await ItemRows.MovePlaceAsync(_database, partition, record.Offset + 1, cancellationToken);
            if (record.Offset + 1 >= end)
                return;
        }
    }

    /// <summary>A writer thinks better of its change.</summary>
    private sealed class UndoneException : Exception;
}
