using Groundwork.Ports.Database;
using Groundwork.Primitives;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Data;

/// <summary>Works off a queue in the background of this copy, as long as it runs.</summary>
/// <remarks>
/// <para>One loop claims no more items than it has free hands, so that no claim waits here. Each item is handled on its own:</para>
/// <list type="number">
/// <item>The handler runs, with a token that is cancelled when its time is up, when its claim is lost, or when a stop cannot
/// wait for it any longer.</item>
/// <item>Meanwhile its claim is extended, every third of <see cref="WorkQueueOptions.Visibility"/>.</item>
/// <item>The item is settled as the handler's result says.</item>
/// </list>
/// <para>An idle worker sleeps until this copy enqueues something (at once), until the next item is due, or until it looks for
/// what other copies have enqueued. A failing database is waited for with growing delays; nothing that a handler throws ends
/// the loop. A handler that ignores its token keeps its hand, and loses its claim when its time is up.</para>
/// <para>Safe for concurrent use. One worker a queue object: it gets the wake-ups.</para>
/// </remarks>
public sealed partial class WorkQueueWorker : IAsyncDisposable
{
    /// <summary>How long a stop waits for handlers that were cancelled.</summary>
    public static readonly TimeSpan BreakOffTime = TimeSpan.FromSeconds(5);

    private static readonly Backoff DatabaseBackoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));
    private static readonly TimeSpan DeadLetterSweep = TimeSpan.FromHours(1);

    private readonly WorkQueue _queue;
    private readonly Func<WorkItem, CancellationToken, Task<WorkResult>> _handler;
    private readonly WorkQueueWorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _hands;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _breakingOff = new();
    private readonly Lock _lifecycle = new();
    private Task _loop = Task.CompletedTask;
    private PeriodicSweep? _sweep;
    private Task? _stop;

    /// <summary>A worker that has not begun.</summary>
    /// <param name="queue">What it works off.</param>
    /// <param name="handler">Does one piece of work; may be called for the same item more than once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads retries of the database; safe for concurrent use.</param>
    /// <param name="logger">Where it reports.</param>
    /// <param name="options">How it works.</param>
    public WorkQueueWorker(
        WorkQueue queue,
        Func<WorkItem, CancellationToken, Task<WorkResult>> handler,
        TimeProvider time,
        Random random,
        ILogger logger,
        WorkQueueWorkerOptions? options = null)
    {
        (_queue, _handler, _time, _random, _logger) = (queue, handler, time, random, logger);
        _options = options ?? new WorkQueueWorkerOptions();
        _options.Check();
        _hands = new SemaphoreSlim(_options.Concurrency, _options.Concurrency);
    }

    /// <summary>Begins. What is due already, from before a restart, comes first.</summary>
    public void Start()
    {
        lock (_lifecycle)
        {
            if (_sweep is not null || _stop is not null)
                throw new InvalidOperationException("A worker starts once.");
            _sweep = new PeriodicSweep(DeadLetterSweep, _queue.DeadLetters.SweepAsync, _time, _logger);
            _loop = Task.Run(LoopAsync);
        }
    }

    /// <summary>
    /// Ends: nothing more is claimed, handlers may finish until <paramref name="cancellationToken"/>; then they are cancelled,
    /// and what they leave undone is released to others at once.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        lock (_lifecycle)
            return _stop ??= StopOnceAsync(cancellationToken);
    }

    /// <summary>Stops, without waiting for handlers to finish.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(new CancellationToken(canceled: true));

    private async Task StopOnceAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop;
        if (_sweep is not null)
            await _sweep.DisposeAsync();

        var free = 0;
        try
        {
            for (; free < _options.Concurrency; free++)
                await _hands.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await _breakingOff.CancelAsync();
            using var patience = new CancellationTokenSource(BreakOffTime, _time);
            for (; free < _options.Concurrency && !patience.IsCancellationRequested; free++)
                await _hands.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LoopAsync()
    {
        var failures = 0;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (!await ClaimAndBeginAsync())
                    await IdleAsync();
                failures = 0;
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (DatabaseException e)
            {
                var delay = DatabaseBackoff.Delay(++failures, _random.NextDouble());
                LogDatabaseFailed(_queue.Name, delay, e);
                await Task.Delay(delay, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Claims as many items as there are free hands, and begins on them.</summary>
    /// <returns>False where nothing was due.</returns>
    private async Task<bool> ClaimAndBeginAsync()
    {
        await _hands.WaitAsync(_stopping.Token);
        var free = 1;
        while (free < _options.Concurrency && _hands.Wait(0, CancellationToken.None))
            free++;

        try
        {
            var items = await _queue.ClaimAsync(free, CancellationToken.None); // a claim that is made is worked on, or released
            free -= items.Count;
            foreach (var item in items)
                _ = Task.Run(() => HandleAsync(item));
            return items.Count > 0;
        }
        finally
        {
            if (free > 0)
                _hands.Release(free);
        }
    }

    private async Task IdleAsync()
    {
        var wait = _options.PollInterval;
        if (await _queue.NextDueAsync(_stopping.Token) is { } due)
        {
            var left = due - _time.GetUtcNow();
            if (left <= TimeSpan.Zero)
                return;
            if (left < wait)
                wait = left;
        }

        using var timeout = new CancellationTokenSource(wait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        await _queue.WaitForSignalAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task HandleAsync(WorkItem item)
    {
        try
        {
            using var timeout = new CancellationTokenSource(_options.HandlerTimeout, _time);
            using var handling = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _breakingOff.Token);
            using var handled = new CancellationTokenSource();
            var extending = ExtendAsync(item, handling, handled.Token);             // 2
            var result = await RunHandlerAsync(item, handling.Token);               // 1
            await handled.CancelAsync();
            await extending;
            if (!await SettleAsync(item, result))                                   // 3
                LogClaimLost(_queue.Name, item.Id, item.Epoch);
        }
        catch (DatabaseException e)
        {
            LogNotSettled(_queue.Name, item.Id, e);
        }
        finally
        {
            _hands.Release();
        }
    }

    private async Task<WorkResult> RunHandlerAsync(WorkItem item, CancellationToken cancellationToken)
    {
        try
        {
            return _stopping.IsCancellationRequested ? new WorkResult.BrokenOff() : await _handler(item, cancellationToken);
        }
        catch (OperationCanceledException) when (_breakingOff.IsCancellationRequested)
        {
            return new WorkResult.BrokenOff();
        }
#pragma warning disable CA1031 // whatever a handler throws is its item's failure, never the worker's
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogHandlerFailed(_queue.Name, item.Id, item.Attempt, e);
            return WorkResult.Retry(e is OperationCanceledException ? "It was cancelled: out of time, or its claim was lost." : e.Message);
        }
    }

    private async Task ExtendAsync(WorkItem item, CancellationTokenSource handling, CancellationToken handled)
    {
        // A tick does not wait for the database: one that comes while it is asked counts right after.
        using var timer = new PeriodicTimer(_queue.Visibility / 3, _time);
        using var end = handled.UnsafeRegister(static timer => ((PeriodicTimer)timer!).Dispose(), timer);
        while (await timer.WaitForNextTickAsync(CancellationToken.None) && !handling.IsCancellationRequested)
        {
            try
            {
                if (!await _queue.ExtendAsync(item, CancellationToken.None))
                {
                    await handling.CancelAsync();
                    return;
                }
            }
            catch (DatabaseException e)
            {
                LogNotExtended(_queue.Name, item.Id, e); // two more tries before the claim ends
            }
        }
    }

    private async Task<bool> SettleAsync(WorkItem item, WorkResult result) => result switch
    {
        WorkResult.Finished => await _queue.AcknowledgeAsync(item),
        WorkResult.Failed failed => await _queue.RetryAsync(item, failed.Reason, failed.After),
        WorkResult.Hopeless hopeless => await _queue.BuryAsync(item, hopeless.Reason),
        WorkResult.BrokenOff => await _queue.ReleaseAsync(item),
        _ => true,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The queue {Queue} could not be read; the next try is in {Delay}.")]
    private partial void LogDatabaseFailed(string queue, TimeSpan delay, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Attempt {Attempt} at the item {Id} of the queue {Queue} failed.")]
    private partial void LogHandlerFailed(string queue, string id, int attempt, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The item {Id} of the queue {Queue} could not be settled; it will be delivered again.")]
    private partial void LogNotSettled(string queue, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The claim of the item {Id} of the queue {Queue} could not be extended.")]
    private partial void LogNotExtended(string queue, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Epoch {Epoch} of the item {Id} of the queue {Queue} came too late: another has it.")]
    private partial void LogClaimLost(string queue, string id, long epoch);
}
