using System.Threading.Channels;
using Groundwork.Ports.Database;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Modules;
using Groundwork.Primitives;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Messaging;

/// <summary>Handles the records of topics as a member of a group, in the background of this copy, as long as it runs.</summary>
/// <remarks>
/// <para>Promised: every record is handled at least once by the group, and no offset is committed before all up to it are done. Records of one key are handled one after the other, in the
/// order of their partition; others side by side. With an <see cref="Inbox"/> each event takes effect once.</para>
/// <para>A record that fails is tried again, with growing delays, and holds back its own key only: others go past it, as far as the window reaches
/// (<see cref="EventConsumerOptions.Window"/>). After its attempts it goes to the topic's dead letters (<see cref="DeadLetterTopic"/>) and counts as done. What a handler needs and does not get
/// (<see cref="EventResult.Wait"/>; a database that is away throws as much) counts as no attempt. Attempts are this copy's: a crash begins them anew, so a record that ends its process is tried for ever.</para>
/// <para>Three parties meet in the <see cref="EventWindow"/>, under one lock: who reads fills it; hands handle what is ready in it; who commits takes what is done in front. When it is
/// full, reading ends until there is room, so that no record is in hand at the broker meanwhile, and the group can agree anew.</para>
/// <para>When a partition goes to another member, what is in hand here is handled to its end, and the other handles it again: at the same time, maybe. The inbox decides whose effect it is.</para>
/// </remarks>
public sealed partial class EventConsumer : IAsyncDisposable
{
    /// <summary>How long a stop waits for handlers that were cancelled, and for its last commit.</summary>
    public static readonly TimeSpan BreakOffTime = TimeSpan.FromSeconds(5);

    private static readonly Backoff BrokerBackoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));

    private readonly IBroker _broker;
    private readonly IReadOnlyCollection<string> _topics;
    private readonly Func<EventDelivery, CancellationToken, Task<EventResult>> _handler;
    private readonly EventConsumerOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly MessagingTelemetry? _telemetry;
    private readonly Dictionary<string, DeadLetterTopic> _letters;
    private readonly Lock _gate = new();
    private readonly EventWindow _window;
    private readonly Channel<bool> _moved = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Channel<bool> _done = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _breakingOff = new();
    private readonly ITimer _alarm;
    private Task _loop = Task.CompletedTask;
    private string? _problem;
    private int _inHand;

    /// <summary>A consumer that has not begun.</summary>
    /// <param name="broker">Where the topics are.</param>
    /// <param name="group">The group's name, 1 to 255 characters.</param>
    /// <param name="topics">What it reads, at least one.</param>
    /// <param name="handler">Handles one record; may be called for the same one more than once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads retries; safe for concurrent use.</param>
    /// <param name="logger">Where it reports.</param>
    /// <param name="options">How it works.</param>
    /// <param name="telemetry">Where it counts; null for nowhere.</param>
    public EventConsumer(
        IBroker broker,
        string group,
        IReadOnlyCollection<string> topics,
        Func<EventDelivery, CancellationToken, Task<EventResult>> handler,
        TimeProvider time,
        Random random,
        ILogger logger,
        EventConsumerOptions? options = null,
        MessagingTelemetry? telemetry = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentNullException.ThrowIfNull(topics);
        ArgumentOutOfRangeException.ThrowIfZero(topics.Count);
        ArgumentNullException.ThrowIfNull(time);
        (_broker, Group, _topics, _handler, _time, _random, _logger, _telemetry) = (broker, group, topics, handler, time, random, logger, telemetry);
        _options = options ?? new EventConsumerOptions();
        _options.Check();
        _letters = topics.Distinct(StringComparer.Ordinal).ToDictionary(topic => topic, topic => new DeadLetterTopic(broker, topic, time), StringComparer.Ordinal);
        _window = new EventWindow(_options.Window, _options.WindowBytes);
        _alarm = time.CreateTimer(_ => Pump(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The group's name.</summary>
    public string Group { get; }

    /// <summary>Begins, where the group has committed.</summary>
    public void Start() => _loop = Task.Run(LoopAsync);

    /// <summary>How it is: degraded while it cannot read.</summary>
    public ModuleHealth Health() => Volatile.Read(ref _problem) is { } problem
        ? new ModuleHealth(HealthState.Degraded, $"The group {Group} cannot read: {problem}")
        : ModuleHealth.Healthy;

    /// <summary>Ends: nothing more is read, handlers may finish until <paramref name="cancellationToken"/>, then they are cancelled; what is done is committed.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await using var patience = cancellationToken.UnsafeRegister(static source => _ = ((CancellationTokenSource)source!).CancelAsync(), _breakingOff);
        await _stopping.CancelAsync();
        await _loop;
        await _alarm.DisposeAsync();
    }

    /// <summary>Stops, without waiting for handlers to finish.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(new CancellationToken(canceled: true));

    private async Task LoopAsync()
    {
        var failures = 0;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await using var member = await _broker.JoinAsync(Group, _topics, _options.Member, _stopping.Token);
                await TakePartAsync(member, () => failures = 0);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (BrokerException e)
            {
                var delay = BrokerBackoff.Delay(++failures, _random.NextDouble());
                Volatile.Write(ref _problem, e.Message);
                LogCannotRead(_logger, Group, delay, e);
                await Task.Delay(delay, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Until reading fails, or the consumer stops.
    private async Task TakePartAsync(IGroupMember member, Action hasRead)
    {
        using var over = new CancellationTokenSource();
        var commits = new WindowCommits(member, Group, _window, _gate, () => _moved.Writer.TryWrite(true), _time, _random, _logger);
        var committing = commits.RunAsync(_done, over.Token);
        try
        {
            await ReadOnAsync(member, hasRead);
        }
        finally
        {
            await RestAsync();
            await over.CancelAsync();
            await committing;
            await commits.EndAsync(BreakOffTime);
            lock (_gate)
                _window.Clear();
        }
    }

    private async Task ReadOnAsync(IGroupMember member, Action hasRead)
    {
        while (true)
        {
            await foreach (var record in member.ReadAsync(_stopping.Token))
            {
                Volatile.Write(ref _problem, null);
                hasRead();
                if (Add(record))
                    break;
            }

            while (IsFull())
                await _moved.Reader.ReadAsync(_stopping.Token);
        }
    }

    // Whether there is no room for another.
    private bool Add(in IncomingRecord record)
    {
        lock (_gate)
        {
            // What of its earlier life is in hand here goes on, as it would at another member.
            if (_window.HasHad(record))
                _window.Drop(record);
            _window.Add(record);
        }

        Pump();
        return IsFull();
    }

    private bool IsFull()
    {
        lock (_gate)
        {
            _ = _window.Committable();
            return _window.IsFull;
        }
    }

    /// <summary>Gives what is ready to free hands, and has itself called when the next one is due.</summary>
    private void Pump()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            while (_inHand < _options.Concurrency && !_stopping.IsCancellationRequested && _window.Take(now) is { } item)
            {
                _inHand++;
                _ = Task.Run(() => HoldAsync(item));
            }

            if (_inHand < _options.Concurrency && !_stopping.IsCancellationRequested && _window.NextDue is { } due)
                _alarm.Change(due > now ? due - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task HoldAsync(WindowItem item)
    {
        try
        {
            await HandleAsync(item);
        }
        finally
        {
            lock (_gate)
                _inHand--;
            _moved.Writer.TryWrite(true);
            _done.Writer.TryWrite(true);
            Pump();
        }
    }

    // Until nothing is in hand, or what is does not heed that it was cancelled.
    private async Task RestAsync()
    {
        using var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        await using var hurry = _breakingOff.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).CancelAfter(BreakOffTime), patience);
        while (IsBusy() && !patience.IsCancellationRequested)
            await ((Task)_moved.Reader.ReadAsync(patience.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        bool IsBusy()
        {
            lock (_gate)
                return _inHand > 0;
        }
    }

    private async Task HandleAsync(WindowItem item)
    {
        var result = item.Reason is null ? await RunHandlerAsync(item) : EventResult.GiveUp(item.Reason);
        var now = _time.GetUtcNow();
        switch (result)
        {
            case EventResult.Finished:
                End(item);
                break;
            case EventResult.Waiting:
                Again(item, now + BrokerBackoff.Delay(++item.Waits, _random.NextDouble()));
                break;
            case EventResult.Failed failed when ++item.Attempts < _options.MaxAttempts:
                _telemetry?.Failed(Group);
                item.Waits = 0;
                Again(item, now + _options.Backoff.Delay(item.Attempts, _random.NextDouble()));
                break;
            case EventResult.Failed failed:
                _telemetry?.Failed(Group);
                await GiveUpAsync(item, failed.Reason);
                break;
            case EventResult.Hopeless hopeless:
                item.Attempts += item.Reason is null ? 1 : 0;
                await GiveUpAsync(item, hopeless.Reason);
                break;
        }
    }

    private async Task<EventResult> RunHandlerAsync(WindowItem item)
    {
        var record = item.Record;
        if (EventHeaders.Find(record.Headers, EventHeaders.Replay) is { } replay && replay != EventHeaders.OutboxReplay && replay != Group)
            return EventResult.Done; // for another group
        try
        {
            using var timeout = new CancellationTokenSource(_options.HandlerTimeout, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _breakingOff.Token);
            return await _handler(new EventDelivery(record, EventHeaders.IdOf(record), item.Attempts + 1), either.Token);
        }
        catch (OperationCanceledException) when (_breakingOff.IsCancellationRequested)
        {
            return EventResult.Wait("The consumer stops.");
        }
        catch (DatabaseException e) when (e.Failure is DatabaseFailure.Unavailable or DatabaseFailure.Contention or DatabaseFailure.DiskFull)
        {
            LogNotItsFault(_logger, record.Offset, record.Topic, record.Partition, Group, e);
            return EventResult.Wait(e.Message);
        }
#pragma warning disable CA1031 // whatever a handler throws is its record's failure, never the consumer's
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(_logger, item.Attempts + 1, record.Offset, record.Topic, record.Partition, Group, e);
            return EventResult.Retry(e is OperationCanceledException ? "It was cancelled: out of time." : e.Message);
        }
    }

    // It is done when its letter is durable, and not before.
    private async Task GiveUpAsync(WindowItem item, string reason)
    {
        item.Reason = reason;
        var record = item.Record;
        try
        {
            await AddLetterAsync(record, item.Attempts, reason);
            _telemetry?.Letter(Group);
            LogGivenUp(_logger, record.Offset, record.Topic, record.Partition, Group, item.Attempts, reason);
            End(item);
        }
        catch (Exception e) when (e is BrokerException or OperationCanceledException)
        {
            if (!_breakingOff.IsCancellationRequested)
                LogNoLetter(_logger, record.Offset, record.Topic, record.Partition, Group, e);
            Again(item, _time.GetUtcNow() + BrokerBackoff.Delay(++item.Waits, _random.NextDouble()));
        }
    }

    private async Task AddLetterAsync(IncomingRecord record, int attempts, string reason)
    {
        var letters = _letters[record.Topic];
        try
        {
            await letters.AddAsync(record, Group, attempts, reason, _options.LetterLifetime, _breakingOff.Token);
        }
        catch (BrokerException e) when (e.Fault == BrokerFault.Refused && record.Value is not null)
        {
            // With what is said of it, it is longer than a record may be: its place is kept, where the record itself lies on.
            await letters.AddAsync(
                record with { Value = null, Headers = [.. record.Headers.Where(header => header.Name == EventHeaders.Id)] }, Group, attempts,
                $"{reason} (The record was too long to be kept here.)", _options.LetterLifetime, _breakingOff.Token);
        }
    }

    private void End(WindowItem item)
    {
        lock (_gate)
            _window.Done(item);
        _telemetry?.Handled(Group);
    }

    private void Again(WindowItem item, DateTimeOffset due)
    {
        lock (_gate)
            _window.Retry(item, due);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The group {Group} cannot read; the next try is in {Delay}.")]
    private static partial void LogCannotRead(ILogger logger, string group, TimeSpan delay, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Attempt {Attempt} at record {Offset} of {Topic}, partition {Partition}, failed in group {Group}.")]
    private static partial void LogFailed(ILogger logger, int attempt, long offset, string topic, int partition, string group, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Record {Offset} of {Topic}, partition {Partition}, waits in group {Group}: the database does not take its effect.")]
    private static partial void LogNotItsFault(ILogger logger, long offset, string topic, int partition, string group, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Record {Offset} of {Topic}, partition {Partition}, was given up by group {Group} after {Attempts} attempts, and lies in the dead letters. {Reason}")]
    private static partial void LogGivenUp(ILogger logger, long offset, string topic, int partition, string group, int attempts, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The dead letter of record {Offset} of {Topic}, partition {Partition}, cannot be written for group {Group}; its key waits.")]
    private static partial void LogNoLetter(ILogger logger, long offset, string topic, int partition, string group, Exception exception);
}
