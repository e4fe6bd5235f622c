using Groundwork.Ports.Database;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Data;

/// <summary>
/// What one copy of the program tells the others of a change, through the module's own database: heard by all of them within
/// <see cref="Interval"/>, as long as the database answers.
/// </summary>
/// <remarks>
/// <para>A signal is a row, written in the transaction of the change that it tells of (<see cref="SendAsync"/>), so there is no
/// change without one. Each copy reads all rows at an interval and hands on those that it has not met before. Neither ids nor
/// times are compared: transactions commit in another order than they began, and clocks differ. A copy deletes what it first
/// met <see cref="KeptFor"/> ago by its own clock; by then every other copy has met it too, or knows that it was deaf.</para>
/// <para>A signal is heard at least once, also by its sender. A copy is told that it missed some, and forgets all that it
/// knows, when it listens for the first time, or after it could not for half of that time.</para>
/// <para>Where more than <see cref="MaxPending"/> are there at once, the copy that finds them puts one in their place that tells
/// every copy that it missed some, and then deletes them: none is deleted before that one is there.</para>
/// <para>A database that no other copy can open (<see cref="IDatabase.IsShared"/>) needs no signals: none are written, none
/// are looked for, and <see cref="IsCurrent"/> is always true. Safe for concurrent use. Polling was chosen over PostgreSQL's
/// LISTEN, which wants a connection of its own, says nothing of what was missed while it was broken, and is no SQL of the
/// port.</para>
/// </remarks>
public sealed partial class Signals : IAsyncDisposable
{
    /// <summary>How often a copy listens.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a signal is there.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    /// <summary>How many signals are told apart; of more it is only known that there are many.</summary>
    public const int MaxPending = 10_000;

    /// <summary>Its table, for <see cref="DatabaseSchema.With"/>.</summary>
    public static readonly SchemaPart Schema = new(
        [new Table("signals", "distribution_key")], Migration.FromResources(typeof(Signals).Assembly, "signals"));

    // After which a copy no longer vouches for what it knows: within the second that others' changes may take.
    private static readonly TimeSpan Deaf = TimeSpan.FromMilliseconds(750);

    // The distribution key of what stands for many.
    private const string Many = "*";

    private static readonly Statement Insert = new("insert into signals (distribution_key, id, subject) values ($1, $2, $3)");

    private static readonly Statement Select = new("select distribution_key, id, subject from signals limit $1");

    private static readonly Statement Delete = new("delete from signals where distribution_key = $1 and id = $2");

    private readonly IDatabase _database;
    private readonly Action<long> _heard;
    private readonly Action _missed;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private Dictionary<Signal, long> _met = [];
    private Task _listening = Task.CompletedTask;
    private bool _hasListened;
    private long _listenedAt;

    /// <param name="database">Whose schema has <see cref="Schema"/>.</param>
    /// <param name="heard">Is told the subject of each signal; must neither block nor throw.</param>
    /// <param name="missed">Is told that signals were missed; must neither block nor throw.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it reports.</param>
    public Signals(IDatabase database, Action<long> heard, Action missed, TimeProvider time, ILogger logger) =>
        (_database, _heard, _missed, _time, _logger) = (database, heard, missed, time, logger);

    /// <summary>Whether everything that other copies had changed up to now, but for the last second, was heard of.</summary>
    public bool IsCurrent => !_database.IsShared || (Volatile.Read(ref _hasListened) && _time.GetElapsedTime(Volatile.Read(ref _listenedAt)) < Deaf);

    /// <summary>Begins to listen; returns once it has heard what is there.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_database.IsShared)
            return;
        await ListenAsync(cancellationToken);
        _listening = Task.Run(() => ListenOnAsync(_stopping.Token), CancellationToken.None);
    }

    /// <summary>Tells the other copies, when the transaction commits.</summary>
    /// <param name="transaction">That of the change.</param>
    /// <param name="distributionKey">Its distribution key; not <c>*</c>.</param>
    /// <param name="subject">What has changed.</param>
    public async ValueTask SendAsync(ITransaction transaction, string distributionKey, long subject)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentOutOfRangeException.ThrowIfEqual(distributionKey, Many);
        if (_database.IsShared)
            await transaction.ExecuteAsync(Insert, distributionKey, Random.Shared.NextInt64(), subject);
    }

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ListenOnAsync(CancellationToken stopping)
    {
        var failing = false;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, _time, stopping);
                await ListenAsync(stopping);
                failing = false;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (DatabaseException e)
            {
                if (!failing)
                    LogDeaf(_logger, e);
                failing = true;
            }
        }
    }

    /// <summary>Listens once.</summary>
    internal async Task ListenAsync(CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var signals = await _database.ReadAsync(
            new Command(Select, Command.AnyKey, (long)MaxPending + 1),
            row => new Signal(row.GetString(0), row.GetInt64(1), row.GetInt64(2)),
            Freshness.Latest,
            cancellationToken);

        // Deaf up to the end of the read: when within it the database looked is not known.
        var areMany = signals.Count > MaxPending;
        if (areMany || !_hasListened || _time.GetElapsedTime(_listenedAt) > KeptFor / 2)
            _missed();

        // What is no longer there was deleted by another copy, and need not be remembered.
        var met = new Dictionary<Signal, long>(signals.Count);
        foreach (var signal in signals)
        {
            var isNew = !_met.TryGetValue(signal, out var since);
            met.Add(signal, isNew ? began : since);
            if (isNew && !areMany)
                Hear(signal);
        }

        _met = met;
        Volatile.Write(ref _listenedAt, began);
        Volatile.Write(ref _hasListened, true);
        if (areMany)
            await ReplaceAsync(signals.Where(signal => signal.Key != Many), cancellationToken);
        else
            await DeleteAsync(met.Where(m => _time.GetElapsedTime(m.Value, began) > KeptFor).Select(m => m.Key), cancellationToken);
    }

    private void Hear(Signal signal)
    {
        if (signal.Key == Many)
            _missed();
        else
            _heard(signal.Subject);
    }

    private async Task ReplaceAsync(IEnumerable<Signal> signals, CancellationToken cancellationToken)
    {
        await _database.WriteAsync(new Command(Insert, Many, Many, Random.Shared.NextInt64(), 0L), cancellationToken);
        await DeleteAsync(signals, cancellationToken);
    }

    private async Task DeleteAsync(IEnumerable<Signal> signals, CancellationToken cancellationToken) =>
        await Task.WhenAll(signals.Select(signal => _database.WriteAsync(new Command(Delete, signal.Key, signal.Key, signal.Id), cancellationToken)));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Other copies' changes cannot be heard; what is remembered is asked for again before it is served.")]
    private static partial void LogDeaf(ILogger logger, Exception exception);

    private readonly record struct Signal(string Key, long Id, long Subject);
}
