using Groundwork.Platform.Data;
using Groundwork.Ports.Database;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Modules;
using Groundwork.Primitives;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Messaging;

/// <summary>Brings an outbox's events to the broker, in the background of this copy, as long as it runs.</summary>
/// <remarks>
/// <para>One loop, while this copy has the lease:</para>
/// <list type="number">
/// <item>It reads the oldest events that may go, up to <see cref="PageSize"/>.</item>
/// <item>It appends them, as <see cref="RelayPage"/> says.</item>
/// <item>It removes what is in its topic, and takes down what was refused: that event waits, and its key behind it, or it is given up.</item>
/// <item>Where nothing may go it sleeps until this copy adds something (at once), a refused one is due, or it looks for what other copies have added.</item>
/// </list>
/// <para>One copy relays at a time, by a lease: two at once would be right too, and send everything twice. So nothing hangs on the lease, and its epoch guards
/// nothing: a copy that was overtaken and wakes up repeats events that the other has sent, which at least once allows, each behind those before it; removes
/// only what it has appended itself; and what it takes down of a refused event counts only if nobody has counted since. Claims on events, the other
/// way, cost two writes more for each, and could not keep a key's order while several copies work.</para>
/// <para>A broker that is away makes all wait, with growing delays, and counts against no event. A process that dies between append and removal leaves
/// events that are sent again. Safe for concurrent use. One relay an outbox object: it gets the wake-ups.</para>
/// </remarks>
public sealed partial class OutboxRelay : IAsyncDisposable
{
    /// <summary>How many events are read at once.</summary>
    public const int PageSize = 256;

    // One outbox a database.
    private const string LeaseKind = "outbox";
    private const string LeaseName = "relay";

    private static readonly Backoff FailureBackoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(15));
    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(5);

    private readonly Outbox _outbox;
    private readonly IBroker _broker;
    private readonly LeaseStore _leases;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly ILogger _logger;
    private readonly MessagingTelemetry? _telemetry;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<PeriodicSweep> _sweeps = [];
    private Task _loop = Task.CompletedTask;
    private IReadOnlyList<OutboxRow> _toRemove = [];
    private Lease? _lease;
    private string? _away;
    private OutboxBacklog? _backlog;

    /// <summary>A relay that has not begun.</summary>
    /// <param name="outbox">What it relays; its database's schema has <see cref="Outbox.Schema"/> and <see cref="LeaseStore.Schema"/>.</param>
    /// <param name="broker">Where to.</param>
    /// <param name="holder">Who this copy is, for whoever looks at the lease: 1 to 255 characters.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads retries; safe for concurrent use.</param>
    /// <param name="logger">Where it reports.</param>
    /// <param name="telemetry">Where it counts; null for nowhere.</param>
    public OutboxRelay(
        Outbox outbox, IBroker broker, string holder, TimeProvider time, Random random, ILogger logger, MessagingTelemetry? telemetry = null)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        (_outbox, _broker, _time, _random, _logger, _telemetry) = (outbox, broker, time, random, logger, telemetry);
        _leases = new LeaseStore(outbox.Database, time, LeaseKind, holder, outbox.Options.Lease);
    }

    /// <summary>The outbox's name: that of its database.</summary>
    public string Name => _outbox.Database.Name;

    /// <summary>How the outbox stood some seconds ago; null before the first look.</summary>
    public OutboxBacklog? Backlog => Volatile.Read(ref _backlog);

    /// <summary>Begins. What waits already, from before a restart, comes first.</summary>
    public void Start()
    {
        _telemetry?.Watch(this);
        _sweeps.Add(new PeriodicSweep(SweepEvery, _outbox.Letters.SweepAsync, _time, _logger));
        _sweeps.Add(new PeriodicSweep(SweepEvery, _outbox.SweepAsync, _time, _logger));
        _sweeps.Add(new PeriodicSweep(CountEvery, CountAsync, _time, _logger));
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>How it is: degraded where the oldest event has waited for longer than <see cref="OutboxOptions.DegradedAfter"/>.</summary>
    public ModuleHealth Health() => Backlog is { } backlog && backlog.OldestAge >= _outbox.Options.DegradedAfter
        ? new ModuleHealth(
            HealthState.Degraded,
            $"{backlog.Waiting} events wait in the outbox '{Name}', the oldest for {backlog.OldestAge.TotalSeconds:0} s. {Volatile.Read(ref _away) ?? "Look at its dead letters and at the relay's log."}")
        : ModuleHealth.Healthy;

    /// <summary>Ends, after what is being appended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        foreach (var sweep in _sweeps)
            await sweep.DisposeAsync();
        _telemetry?.Forget(this);
    }

    private async Task LoopAsync()
    {
        var failures = 0;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (!await HasLeaseAsync())
                    await Task.Delay(_outbox.Options.Lease / 5, _time, _stopping.Token);
                else if (!await RelayAsync())
                    await IdleAsync();
                failures = 0;
                Volatile.Write(ref _away, null);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is DatabaseException or BrokerException)
            {
                var delay = FailureBackoff.Delay(++failures, _random.NextDouble());
                Volatile.Write(ref _away, e.Message);
                if (failures == 1)
                    LogWaits(_logger, Name, e);
                await Task.Delay(delay, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await EndAsync();
    }

    /// <summary>Relays a page.</summary>
    /// <returns>False where nothing may go now.</returns>
    private async Task<bool> RelayAsync()
    {
        await RemoveAsync();
        var rows = await _outbox.PickAsync(PageSize, _stopping.Token);                                // 1
        if (rows.Count == 0)
            return false;
        var page = new RelayPage(_broker, rows);
        try
        {
            await page.RunAsync(HasLeaseAsync, _stopping.Token);                                      // 2
        }
        finally
        {
            _toRemove = page.Relayed;
            _telemetry?.Relayed(Name, page.Relayed.Count);
        }

        await RemoveAsync();                                                                          // 3
        foreach (var (row, reason) in page.Refused)
            await TakeDownAsync(row, reason);
        return page.Away is null ? true : throw page.Away;
    }

    // What was appended is not appended again as long as this relay lives: where the database does not take its removal, that is tried first.
    private async Task RemoveAsync()
    {
        if (_toRemove.Count == 0)
            return;
        await _outbox.RemoveAsync(_toRemove, CancellationToken.None);
        _toRemove = [];
    }

    private async Task TakeDownAsync(OutboxRow row, string reason)
    {
        _telemetry?.Refused(Name);
        if (!await _outbox.FailAsync(row, reason, CancellationToken.None))
            return;
        LogGivenUp(_logger, row.Sequence, row.DistributionKey, Name, row.Topic, reason);
        _telemetry?.GivenUp(Name);
    }

    private async Task IdleAsync()                                                                    // 4
    {
        var wait = _outbox.Options.PollInterval;
        if (await _outbox.NextDueAsync(_stopping.Token) is { } due && due - _time.GetUtcNow() is var left && left < wait)
            wait = left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
        using var timeout = new CancellationTokenSource(wait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        await _outbox.WaitForSignalAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async ValueTask<bool> HasLeaseAsync()
    {
        var now = _time.GetUtcNow();
        if (_lease is { } held && held.Until - now > _outbox.Options.Lease * (2.0 / 3))
            return true;
        _lease = _lease is { } old ? await _leases.RenewAsync(old, _stopping.Token) : null;

        // Of a database that nobody else can open, the holder is this program's last life.
        _lease ??= _outbox.Database.IsShared
            ? await _leases.TryAcquireAsync(LeaseName, _stopping.Token)
            : await _leases.TakeAsync(LeaseName, _stopping.Token);
        return _lease is not null;
    }

    private async Task EndAsync()
    {
        try
        {
            await RemoveAsync();
            if (_lease is { } lease)
                await _leases.ReleaseAsync(lease, CancellationToken.None);
        }
        catch (DatabaseException e)
        {
            LogWaits(_logger, Name, e); // sent again after the next start; the lease ends by itself
        }
    }

    private async Task<int> CountAsync(int max, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _backlog, await _outbox.CountAsync(cancellationToken));
        return 0;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The events of the outbox {Outbox} wait.")]
    private static partial void LogWaits(ILogger logger, string outbox, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {Sequence} of {DistributionKey} in the outbox {Outbox} was given up: topic {Topic} did not take it. {Reason}")]
    private static partial void LogGivenUp(ILogger logger, long sequence, string distributionKey, string outbox, string topic, string reason);
}
