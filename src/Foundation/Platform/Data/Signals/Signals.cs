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
/// <para>A signal is heard at least once, also by its sender. Where a copy could not listen for half of that time, or more
/// than <see cref="MaxPending"/> signals are there at once, it is told that it missed some, and forgets all that it knows.</para>
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

    private static readonly Statement Insert = new("insert into signals (distribution_key, id, subject) values ($1, $2, $3)");

    private static readonly Statement Select = new("select distribution_key, id, subject from signals limit $1");

    private static readonly Statement Delete = new("delete from signals where distribution_key = $1 and id = $2");

    private readonly IDatabase _database;
    private readonly Action<long> _heard;
    private readonly Action _missed;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<(string Key, long Id), long> _met = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _listening = Task.CompletedTask;
    private long _listenedAt;

    /// <param name="database">Whose schema has <see cref="Schema"/>.</param>
    /// <param name="heard">Is told the subject of each signal; must not block.</param>
    /// <param name="missed">Is told that signals were missed; must not block.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where it reports.</param>
    public Signals(IDatabase database, Action<long> heard, Action missed, TimeProvider time, ILogger logger) =>
        (_database, _heard, _missed, _time, _logger) = (database, heard, missed, time, logger);

    /// <summary>Whether everything that other copies had changed up to now, but for the last second, was heard of.</summary>
    public bool IsCurrent => !_database.IsShared || _time.GetElapsedTime(Volatile.Read(ref _listenedAt)) < Deaf;

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
    /// <param name="distributionKey">Its distribution key.</param>
    /// <param name="subject">What has changed.</param>
    public async ValueTask SendAsync(ITransaction transaction, string distributionKey, long subject)
    {
        ArgumentNullException.ThrowIfNull(transaction);
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

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var signals = await _database.ReadAsync(
            new Command(Select, Command.AnyKey, (long)MaxPending + 1),
            row => (Key: row.GetString(0), Id: row.GetInt64(1), Subject: row.GetInt64(2)),
            Freshness.Latest,
            cancellationToken);

        if (signals.Count > MaxPending || (_listenedAt != 0 && _time.GetElapsedTime(_listenedAt, began) > KeptFor / 2))
            _missed();
        foreach (var signal in signals)
        {
            if (_met.TryAdd((signal.Key, signal.Id), began))
                _heard(signal.Subject);
        }

        Volatile.Write(ref _listenedAt, began);
        await ForgetAsync(began, cancellationToken);
    }

    private async Task ForgetAsync(long now, CancellationToken cancellationToken)
    {
        var old = _met.Where(met => _time.GetElapsedTime(met.Value, now) > KeptFor).Select(met => met.Key).ToList();
        await Task.WhenAll(old.Select(signal => _database.WriteAsync(new Command(Delete, signal.Key, signal.Key, signal.Id), cancellationToken)));
        foreach (var signal in old)
            _met.Remove(signal);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Other copies' changes cannot be heard; what is remembered is asked for again before it is served.")]
    private static partial void LogDeaf(ILogger logger, Exception exception);
}
