using Groundwork.Ports.Database;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Groundwork.Sqlite;

/// <summary>
/// Moves the write-ahead log into the main file, off the writer's path as long as that can keep up, and keeps the log
/// within its bound.
/// </summary>
/// <remarks>
/// <para>Each time a quarter of the bound was written, a passive checkpoint runs on a connection of its own, beside the
/// writer and the readers. SQLite begins the log anew at the next commit, if nothing was written meanwhile.</para>
/// <para>Under steady writing something always was. So when as much as the bound was written since the log last began
/// anew for certain, the writer waits for that checkpoint and moves the rest itself, between two batches.</para>
/// <para>A read transaction that stays open (a backup) keeps the log from beginning anew: it grows for that long, by the
/// pages that are written, and the writer tries again each quarter, for <see cref="PatienceMs"/>.</para>
/// <para>A checkpoint that moves only a part does not sync it, so one that fails puts all in doubt that was moved since the log
/// began: the next one, whoever runs it, starts over (<see cref="SqliteLogIndex"/>). Until one has succeeded, the log goes on:
/// SQLite begins it anew only after a checkpoint that has moved and synced all of it.</para>
/// <para><see cref="Wrote"/> and <see cref="MoveAll"/> are called by the writer's thread only, <see cref="DisposeAsync"/> after it
/// has ended.</para>
/// </remarks>
internal sealed class SqliteCheckpointer : IAsyncDisposable
{
    /// <summary>How long the writer waits for readers of old pages to end, when the log has reached its bound.</summary>
    public const int PatienceMs = 50;

    private const int PageBytes = 4096;

    private readonly string _file;
    private readonly ILogger _logger;
    private readonly int _limitPages;
    private SqliteSession? _session;
    private Task _running = Task.CompletedTask;
    private int _sinceCheckpoint;
    private int _sinceRestart;
    private volatile bool _startOver;

    /// <param name="file">The database's file.</param>
    /// <param name="logLimitBytes">The bound of the log.</param>
    /// <param name="logger">Where a failed checkpoint is reported; it is tried again.</param>
    public SqliteCheckpointer(string file, long logLimitBytes, ILogger logger)
    {
        (_file, _logger) = (file, logger);
        _limitPages = (int)(logLimitBytes / PageBytes);
    }

    /// <summary>Whether what was moved may not be on the disk: a checkpoint has failed, and none has succeeded since.</summary>
    public bool IsInDoubt => _startOver;

    /// <summary>Told after each batch.</summary>
    /// <param name="writer">The writer's own session, between two transactions.</param>
    /// <exception cref="DatabaseException">The log reached its bound and could not be moved.</exception>
    public void Wrote(SqliteSession writer)
    {
        var pages = writer.TakePagesWritten();
        _sinceCheckpoint += pages;
        _sinceRestart += pages;
        if (_sinceRestart >= _limitPages)
        {
            Restart(writer);
        }
        else if (_sinceCheckpoint >= _limitPages / 4 && _running.IsCompleted)
        {
            _sinceCheckpoint = 0;
            _running = Task.Run(Checkpoint);
        }
    }

    /// <summary>After a disk error: moves the whole log, and cuts it to nothing.</summary>
    /// <param name="writer">A session that has seen no error, between two transactions.</param>
    /// <returns>False where somebody reads from it.</returns>
    /// <exception cref="DatabaseException">The disk fails still.</exception>
    public bool MoveAll(SqliteSession writer)
    {
        _running.Wait();
        _startOver = true;
        return Move(writer, raw.SQLITE_CHECKPOINT_TRUNCATE);
    }

    /// <summary>Waits for the running checkpoint, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _running;
        _session?.Dispose();
    }

    private void Restart(SqliteSession writer)
    {
        // Where it fails or is held up, the next attempt comes a quarter later.
        _sinceCheckpoint = 0;
        _sinceRestart = _limitPages - (_limitPages / 4);

        // On the writer's own thread, which has nothing else to do: only one checkpoint can run at a time.
        _running.Wait();
        writer.WaitForLocks(PatienceMs);
        try
        {
            if (Move(writer, raw.SQLITE_CHECKPOINT_RESTART))
                _sinceRestart = 0;
        }
        finally
        {
            writer.WaitForLocks(SqlitePragmas.BusyTimeoutMs);
        }
    }

    // One at a time: in the background, or on the writer's thread while nothing runs in the background.
    private bool Move(SqliteSession session, int mode)
    {
        if (_startOver)
            session.ForgetMoved();
        _startOver = true;
        var all = session.Checkpoint(mode);
        _startOver = false;
        return all;
    }

    private void Checkpoint()
    {
        try
        {
            _session ??= new SqliteSession(SqlitePragmas.OpenCheckpointer(_file), _file);
            Move(_session, raw.SQLITE_CHECKPOINT_PASSIVE);
        }
        catch (Exception e) when (e is SqliteException or DatabaseException)
        {
            // A connection that has seen the disk fail is not used again.
            _session?.Dispose();
            _session = null;
            SqliteLog.CheckpointFailed(_logger, _file, e);
        }
    }
}
