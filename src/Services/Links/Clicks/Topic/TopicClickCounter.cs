using Groundwork.Ports.Database;
using Groundwork.Ports.Messaging;
using Groundwork.Primitives;
using Microsoft.Extensions.Logging;

namespace Groundwork.Links.Clicks;

/// <summary>
/// Counts the clicks of the topic, as a member of a group in which each copy has one: each click once, whoever dies when.
/// </summary>
/// <remarks>
/// <para>A partition's clicks are gathered into a window until it is <see cref="WriteAfter"/> old or full. Then:</para>
/// <list type="number">
/// <item>its end is written down (<see cref="WindowStore"/>): whoever goes on from here counts the same stretch;</item>
/// <item>its parts are written, under a name that the stretch gives them, so that writing them again changes nothing;</item>
/// <item>it is finished: all before its end is counted;</item>
/// <item>the group's offset is committed, so that the next one need not read it.</item>
/// </list>
/// <para>What is counted is decided by the second and third alone. The group only shares out the work: two members that count a partition at the same time write the same parts, or one of them is
/// refused, and begins anew where the other is. A committed offset that is behind is read again and passed over.</para>
/// <para>Where the database is away, reading waits, and clicks wait in the topic. One task; the counts are read by any.</para>
/// </remarks>
internal sealed partial class TopicClickCounter : IClickIntake, IAsyncDisposable
{
    /// <summary>How old a click gets in memory before it is written.</summary>
    public static readonly TimeSpan WriteAfter = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    // So long are a killed copy's partitions nobody's.
    private static readonly MemberOptions Membership = new() { SessionTimeout = TimeSpan.FromSeconds(10) };

    private static readonly Backoff Retries = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(15));

    private readonly IBroker _broker;
    private readonly WindowStore _windows;
    private readonly ClickWriter _writer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TextPool _texts = new();
    private readonly Dictionary<int, ClickWindow> _open = [];
    private readonly List<PendingPart> _group = new(ClickWriter.MaxWrites);
    private readonly StripedCounter _counted = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private long _skipped;
    private string? _problem;

    public TopicClickCounter(IBroker broker, WindowStore windows, ClickWriter writer, TimeProvider time, ILogger<TopicClickCounter> logger) =>
        (_broker, _windows, _writer, _time, _logger) = (broker, windows, writer, time, logger);

    /// <inheritdoc/>
    public long Counted => _counted.Value;

    /// <inheritdoc/>
    public long Lost => 0;

    /// <summary>How many records of the topic were none, or had been counted.</summary>
    public long Skipped => Volatile.Read(ref _skipped);

    /// <inheritdoc/>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Begins to count.</summary>
    public void Start() => _running = Task.Run(RunAsync);

    // Its clicks may be with any copy: they are there a few seconds later.
    /// <inheritdoc/>
    public Task WriteNowAsync(long number, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Counts what was read, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    private async Task RunAsync()
    {
        var failures = 0;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await ClickTopic.EnsureAsync(_broker, _stopping.Token);
                await using var member = await _broker.JoinAsync(ClickTopic.Group, [ClickTopic.Name], Membership, _stopping.Token);
                await CountAsync(member, () => failures = 0);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was: what was read and not counted is read again.
                var delay = Retries.Delay(++failures, Random.Shared.NextDouble());
                if (e is not OvertakenException)
                    Volatile.Write(ref _problem, e.Message);
                LogBeginsAnew(_logger, delay, e);
                await Task.Delay(delay, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            finally
            {
                _open.Clear();
            }
        }
    }

    private async Task CountAsync(IGroupMember member, Action hasRead)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var records = member.ReadAsync(over.Token).GetAsyncEnumerator(over.Token);
        var next = records.MoveNextAsync().AsTask();
        var tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
        try
        {
            while (true)
            {
                await Task.WhenAny(next, tick);
                if (tick.IsCompleted)
                {
                    tick = timer.WaitForNextTickAsync(CancellationToken.None).AsTask();
                    await TendAsync(member);
                }

                if (!next.IsCompleted)
                    continue;
                if (!await next)
                    return;
                hasRead();
                Volatile.Write(ref _problem, null);
                await TakeAsync(member, records.Current);
                next = records.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            await over.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await records.DisposeAsync();
            if (_stopping.IsCancellationRequested)
                await CloseLastAsync(member);
        }
    }

    private async Task TakeAsync(IGroupMember member, IncomingRecord record)
    {
        var window = _open.GetValueOrDefault(record.Partition) ?? await BeginAsync(record.Partition);
        if (window.Ends(record))
            await CloseAsync(window, member, _stopping.Token);
        if (window.Take(record, _time.GetTimestamp()) == Taken.Counted)
            _counted.Increment();
        else
            Volatile.Write(ref _skipped, _skipped + 1);
        if (window.IsWhole)
            await CloseAsync(window, member, _stopping.Token);
    }

    private async Task<ClickWindow> BeginAsync(int partition)
    {
        var state = await _windows.LoadAsync(partition, _stopping.Token);
        var there = await _broker.RangeAsync(ClickTopic.Name, partition, _stopping.Token);
        if (there.End < state.Upto)
        {
            // Deleted and made again, or another broker's: what was counted says nothing of it.
            LogIsAnother(_logger, partition, there.End, state.Upto);
            await _windows.ResetAsync(partition, state, there.Start, _stopping.Token);
            state = await _windows.LoadAsync(partition, _stopping.Token);
        }

        return _open[partition] = new ClickWindow(partition, state, _texts);
    }

    private async Task TendAsync(IGroupMember member)
    {
        foreach (var window in _open.Values.ToList())
        {
            if (!window.IsOpen && window.Last is not null && _time.GetElapsedTime(window.Since) >= WriteAfter)
                await CloseAsync(window, member, _stopping.Token);
            if (window.Passed is not { } passed)
                continue;
            await CommitAsync(member, passed, _stopping.Token);
            window.Passed = null;
        }

        try
        {
            await _writer.TendAsync(_stopping.Token);
        }
        catch (Exception e) when (e is DatabaseException or InvalidDataException)
        {
            LogNotTended(_logger, e); // a damaged row at worst
        }
    }

    private async Task CloseAsync(ClickWindow window, IGroupMember member, CancellationToken cancellationToken)
    {
        var last = window.Last;
        if (!window.IsOpen)
        {
            if (window.Position == window.State.Next)
                return;
            if (!await _windows.OpenAsync(window.Partition, window.State, window.Position, cancellationToken))     // 1
                throw new OvertakenException(window.Partition);
            window.Opened(window.Position);
        }
        else
        {
            window.Opened(window.State.Upto);
        }

        while (window.Pending.Count > 0)                                                                          // 2
        {
            _group.Clear();
            window.Pending.Peek(ClickWriter.MaxWrites, _group);
            await _writer.WriteAsync(_group, cancellationToken);
            window.Pending.Pop();
        }

        if (!await _windows.FinishAsync(window.Partition, window.State, window.Seen(), cancellationToken))         // 3
            throw new OvertakenException(window.Partition);
        window.Finished();
        if (last is { } record)
            await CommitAsync(member, record, cancellationToken);                                                  // 4
    }

    private async Task CommitAsync(IGroupMember member, IncomingRecord last, CancellationToken cancellationToken)
    {
        try
        {
            await member.CommitAsync([last], cancellationToken);
        }
        catch (BrokerException e) when (e.Fault == BrokerFault.Revoked)
        {
            _open.Remove(last.Partition); // another's by now
        }
    }

    private async Task CloseLastAsync(IGroupMember member)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), _time);
            foreach (var window in _open.Values.Where(window => !window.IsOpen).ToList())
                await CloseAsync(window, member, patience.Token);
        }
        catch (Exception e) when (e is BrokerException or DatabaseException or OvertakenException or OperationCanceledException)
        {
            LogBeginsAnew(_logger, TimeSpan.Zero, e); // whoever comes next reads it again
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Clicks cannot be counted; what was read is read again in {Delay}.")]
    private static partial void LogBeginsAnew(ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} of the topic of clicks ends at {End}, and was counted up to {Upto}: it is another one, and is counted from its beginning.")]
    private static partial void LogIsAnother(ILogger logger, int partition, long end, long upto);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Parts of clicks could not be added up.")]
    private static partial void LogNotTended(ILogger logger, Exception exception);

    /// <summary>Somebody else has counted a partition on.</summary>
    private sealed class OvertakenException(int partition) : Exception($"Partition {partition} of the topic of clicks was counted on by another copy.");
}
