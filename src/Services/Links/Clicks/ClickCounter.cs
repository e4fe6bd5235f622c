using Groundwork.Ports.Database;
using Groundwork.Primitives;
using Microsoft.Extensions.Logging;

namespace Groundwork.Links.Clicks;

/// <summary>
/// Counts clicks in memory, by link and hour, and writes them down soon after.
/// </summary>
/// <remarks>
/// <para>One task at an interval:</para>
/// <list type="number">
/// <item>fetches what was recorded, and adds it to what is pending;</item>
/// <item>closes what is pending when it is <see cref="WriteAfter"/> old, or full (<see cref="PendingClicks.MaxBytes"/>);</item>
/// <item>writes of what is closed as much as is due, a part a link and hour, in the order of the links: the busier a link, the
/// more clicks share a part. It is spread over the time in which the next ones gather, so that requests find the database free
/// in between;</item>
/// <item>has added up what has become many (<see cref="ClickWriter"/>);</item>
/// <item>on a new day, has its salt made, and the old ones removed.</item>
/// </list>
/// <para>Where the database is slow, clicks wait where they were recorded. Where it fails, what is pending waits within the bound
/// and is tried again under the same name, so that none counts twice, unless nobody knew whether a write was done, it was, and
/// somebody has merged its hour before the next try; beyond the bound the older half is dropped, and counted. A graceful stop
/// writes all. What kill -9 takes is what was not written: the clicks of twice <see cref="WriteAfter"/> at most. They are
/// statistics: a redirect never waits for them.</para>
/// <para>Safe for concurrent use; the state is held by a semaphore, which is held while writing.</para>
/// </remarks>
internal sealed partial class ClickCounter : IClickIntake, IAsyncDisposable
{
    /// <summary>How old a click gets in memory before it is written.</summary>
    public static readonly TimeSpan WriteAfter = TimeSpan.FromSeconds(10);

    // How much sooner what is closed is written than the next is to be closed.
    private const double Pace = 1.25;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ClickRecorder _recorder;
    private readonly ClickWriter _writer;
    private readonly VisitorSalts _salts;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ClickReader _reader = new();
    private readonly SemaphoreSlim _gate = new(1);
    private readonly List<PendingPart> _group = new(ClickWriter.MaxWrites);
    private readonly List<PendingPart> _urgent = [];
    private readonly StripedCounter _counted = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private PendingClicks _open = new();
    private PendingClicks _closed = new();
    private long _closedAt;
    private long _lost;

    public ClickCounter(ClickRecorder recorder, ClickWriter writer, VisitorSalts salts, TimeProvider time, ILogger<ClickCounter> logger) =>
        (_recorder, _writer, _salts, _time, _logger) = (recorder, writer, salts, time, logger);

    /// <inheritdoc/>
    public long Counted => _counted.Value;

    /// <summary>How many clicks, of any kind, were dropped because the database did not take them.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <inheritdoc/>
    public string? Problem => null;

    /// <summary>Begins to count.</summary>
    public void Start()
    {
        var timer = new PeriodicTimer(Interval, _time);
        _running = Task.Run(() => RunAsync(timer, _stopping.Token));
    }

    /// <inheritdoc/>
    public async Task WriteNowAsync(long number, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await DrainAsync();
            _closed.TakeOut(number, isClosed: true, _urgent);
            _open.TakeOut(number, isClosed: false, _urgent);
            await WriteUrgentAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes what is left, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            // What was recorded may be more than may be pending at once.
            do
            {
                await DrainAsync();
                await WriteUrgentAsync(CancellationToken.None);
                await WriteClosedAsync(1, CancellationToken.None);
                Close();
            }
            while (Pending > 0);
        }
        catch (DatabaseException e)
        {
            LogLost(_logger, Pending, e);
        }

        _gate.Dispose();
    }

    private int Pending => _urgent.Sum(p => p.Clicks) + _closed.Count + _open.Count;

    private async Task RunAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        using var ticking = timer;
        while (await timer.WaitForNextTickAsync(stopping))
        {
            await _gate.WaitAsync(stopping);
            try
            {
                await DrainAsync();
                await WriteUrgentAsync(stopping);
                if (_time.GetElapsedTime(_open.Since) >= WriteAfter)
                    Close();
                await WriteClosedAsync(Pace * Math.Max(_open.Fill, _time.GetElapsedTime(_closedAt) / WriteAfter), stopping);
                await _writer.TendAsync(stopping);
                await _salts.RenewAsync(stopping);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                // Whatever it was, a damaged row at worst: the clicks to come are counted all the same.
                LogFailed(_logger, Pending, e);
                DropExcess();
            }
            finally
            {
                _gate.Release();
            }
        }
    }

    // As many as the buffer holds, so that it comes to an end under any load; and no more than there is room for.
    private async ValueTask DrainAsync()
    {
        var now = _time.GetTimestamp();
        for (var i = 0; i < ClickRecorder.Capacity; i++)
        {
            if (_open.IsFull)
                Close();
            if (_open.IsFull || !_recorder.TryRead(out var click))
                return;
            var salt = await _salts.OfAsync(click.At / 86_400);
            _open.Add(click.Number, click.At / 3600, _reader.Read(click, salt), now);
            _counted.Increment();
        }
    }

    // Only once what was closed before is written.
    private void Close()
    {
        if (_closed.Count > 0 || _open.Count == 0)
            return;
        (_open, _closed) = (_closed, _open);
        _closed.Close();
        _closedAt = _time.GetTimestamp();
    }

    // A group at least, until so much of it is written.
    private async Task WriteClosedAsync(double progress, CancellationToken cancellationToken)
    {
        var written = 0;
        while (_closed.Count > 0 && (written++ == 0 || _closed.Progress < progress))
        {
            _group.Clear();
            _closed.Peek(ClickWriter.MaxWrites, _group);
            await _writer.WriteAsync(_group, cancellationToken);
            _closed.Pop();
            if (_closed.Count > 0)
                await DrainAsync();
        }
    }

    // What readers wait for; what failed then is tried again.
    private async Task WriteUrgentAsync(CancellationToken cancellationToken)
    {
        if (_urgent.Count == 0)
            return;
        await _writer.WriteAsync(_urgent, cancellationToken);
        _urgent.Clear();
    }

    private void DropExcess()
    {
        if (!_open.IsFull)
            return;
        Volatile.Write(ref _lost, _lost + _urgent.Sum(p => p.Clicks) + _closed.Count);
        _urgent.Clear();
        _closed.Clear();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Clicks could not be written; {Clicks} wait for the next try.")]
    private static partial void LogFailed(ILogger logger, int clicks, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Clicks} clicks were lost at the stop: they could not be written.")]
    private static partial void LogLost(ILogger logger, int clicks, Exception exception);
}
