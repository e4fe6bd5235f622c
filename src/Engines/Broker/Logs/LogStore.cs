using System.Collections.Concurrent;
using Groundwork.Broker.Journals;
using Groundwork.Broker.Storage;

namespace Groundwork.Broker.Logs;

/// <summary>
/// All logs of a broker, and what makes them last: the journal, its committer and the checkpoints. Safe for concurrent callers.
/// </summary>
/// <remarks>
/// <para>A start: 1. the checkpoint says how far each log may be trusted; 2. the journal's frames behind it are put in where the logs lack
/// them; 3. what lies behind those and is intact is kept, what is torn is cut off; 4. a new checkpoint, and the journal begins anew.
/// It reads the files of those logs only that were written to since the checkpoint.</para>
/// <para>While it runs: when a half of the journal is full, the logs' segments are synced and a checkpoint is written in the background;
/// only then is the half used again. If that fails, nothing more is accepted: what the half holds is not given up.</para>
/// </remarks>
internal sealed class LogStore : IAsyncDisposable
{
    // Syncs wait for the disk, not for a processor: so many at once let it put them together.
    private const int SyncsAtOnce = 16;

    private readonly ConcurrentDictionary<ulong, PartitionLog> _logs = new();
    private readonly IDisk _disk;
    private readonly Journal _journal;
    private readonly LogContext _context;
    private Task _checkpoint = Task.CompletedTask;

    private LogStore(IDisk disk, LogStoreOptions options, TimeProvider time)
    {
        _disk = disk;
        _journal = new Journal(disk, options.JournalBytes);
        _context = new LogContext(disk, new Committer(_journal, BeginCheckpoint), time, options.Report, options.Omits);
    }

    /// <summary>By which appends become durable.</summary>
    public Committer Committer => _context.Committer;

    /// <summary>All logs, in no order.</summary>
    public IEnumerable<PartitionLog> Logs => _logs.Values;

    /// <summary>Opens what is on a disk.</summary>
    /// <param name="disk">Where it lies.</param>
    /// <param name="places">The logs that there are; what the journal says of others is of deleted ones.</param>
    /// <param name="options">How.</param>
    /// <param name="time">The broker's clock.</param>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    public static LogStore Open(IDisk disk, IEnumerable<LogPlace> places, LogStoreOptions options, TimeProvider time)
    {
        var store = new LogStore(disk, options, time);
        store.Recover(places);
        return store;
    }

    /// <summary>A log that was never there.</summary>
    public PartitionLog Create(LogPlace place)
    {
        var log = new PartitionLog(place, null, _context);
        return _logs.TryAdd(place.Id, log) ? log : throw new ArgumentException($"There is a log {place.Id}.", nameof(place));
    }

    /// <summary>Forgets a log; its folder is its owner's to remove.</summary>
    public void Remove(PartitionLog log)
    {
        if (_logs.TryRemove(log.Place.Id, out var removed))
            removed.Dispose();
    }

    /// <summary>Writes a last checkpoint, so that the next start has nothing to read, and closes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await Committer.DisposeAsync();
        await _checkpoint;
        if (Committer.Failure is null)
            WriteCheckpoint(_journal.Next, isClean: true);
        foreach (var log in _logs.Values)
            log.Dispose();
        _journal.Dispose();
    }

    private void Recover(IEnumerable<LogPlace> places)
    {
        var checkpoint = CheckpointFile.Read(_disk);
        var states = checkpoint.Logs.ToDictionary(state => state.Id);
        foreach (var place in places)
            _logs[place.Id] = new PartitionLog(place, states.GetValueOrDefault(place.Id), _context);
        var damages = _journal.Replay(checkpoint.JournalFrom, entry =>
        {
            if (_logs.TryGetValue(entry.LogId, out var log))
                log.Replay(entry);
        });
        foreach (var damage in damages)
            _context.Report(new LogPlace(0, "journal", "journal", LogSettings.Default), damage);
        foreach (var log in _logs.Values.Where(log => !checkpoint.IsClean || log.IsDirty || !states.ContainsKey(log.Place.Id)))
            log.FinishRecovery();
        WriteCheckpoint(_journal.Next, isClean: false);
    }

    private void BeginCheckpoint(ulong journalFrom) => _checkpoint = Task.Run(() =>
    {
        try
        {
            WriteCheckpoint(journalFrom, isClean: false);
            _journal.Free();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Committer.Fail(e);
        }
    });

    private void WriteCheckpoint(ulong journalFrom, bool isClean)
    {
        var states = new ConcurrentBag<LogState>();
        try
        {
            _ = Parallel.ForEach(
                _logs.Values, new ParallelOptions { MaxDegreeOfParallelism = SyncsAtOnce },
                log => states.Add(log.Checkpoint()));
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<IOException>().FirstOrDefault() is { } failure)
        {
            throw new IOException(failure.Message, e);
        }

        CheckpointFile.Write(_disk, new Checkpoint(journalFrom, isClean, states));
    }
}

/// <summary>How logs are kept.</summary>
internal sealed record LogStoreOptions
{
    /// <summary>How long the journal's two files are together: how much is read again after a crash, at most.</summary>
    public long JournalBytes { get; init; } = 128L << 20;

    /// <summary>Is told of damage and failures.</summary>
    public Action<LogPlace, string> Report { get; init; } = (_, _) => { };

    /// <summary>What a drill takes away.</summary>
    public Omissions Omits { get; init; }
}
