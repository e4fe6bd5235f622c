using System.Threading.Channels;
using Groundwork.Ports.Database;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Groundwork.Sqlite;

/// <summary>
/// The one writer of a file: many callers' commands, one transaction, one fsync.
/// </summary>
/// <remarks>
/// <para>A thread of its own does, over and over:</para>
/// <list type="number">
/// <item>waits for a command, then takes what is there, up to the batch's size, without waiting for more: while one
/// batch syncs, the next one gathers, so the batch grows with the load and costs an idle caller nothing;</item>
/// <item><c>begin immediate</c>, and runs each command; one that fails alone keeps its failure, and SQLite has undone it;</item>
/// <item><c>commit</c>, which returns after the fsync;</item>
/// <item>tells every caller its outcome, failures included: a key that was taken by a neighbour is only taken once
/// the neighbour has committed.</item>
/// </list>
/// <para>Invariants: no caller is told "done" before its commit returned. Nothing ends the thread but closing: whatever
/// goes wrong fails the batch. After an I/O error the connection is not trusted any more, see <see cref="Recover"/>.</para>
/// <para>A dedicated thread, and not a task, because it blocks in fsync; a lock around each insert was ten times slower.</para>
/// </remarks>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private readonly string _name;
    private readonly string _file;
    private readonly Func<SqliteSession> _open;
    private readonly SqliteCheckpointer _checkpointer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _batchSize;
    private readonly Channel<PendingCommand> _queue;
    private readonly DatabaseTelemetry _telemetry;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteSession _session;
    private bool _suspect;

    /// <summary>Starts the writer's thread.</summary>
    /// <param name="name">The schema's name.</param>
    /// <param name="file">The database's file, for messages.</param>
    /// <param name="session">The open connection, which the writer owns from now on.</param>
    /// <param name="open">Opens another one, after an I/O error.</param>
    /// <param name="checkpointer">Is told how much was written.</param>
    /// <param name="queueLength">How many commands may wait.</param>
    /// <param name="batchSize">How many commands at most share a transaction.</param>
    public SqliteWriter(
        string name, string file, SqliteSession session, Func<SqliteSession> open, SqliteCheckpointer checkpointer,
        int queueLength, int batchSize, TimeProvider time, ILogger logger)
    {
        (_name, _file, _session, _open, _checkpointer) = (name, file, session, open, checkpointer);
        (_batchSize, _time, _logger) = (batchSize, time, logger);
        _queue = Channel.CreateBounded<PendingCommand>(new BoundedChannelOptions(queueLength) { SingleReader = true });
        _telemetry = new DatabaseTelemetry(() => [(name, _queue.Reader.Count)]);
        new Thread(Loop) { Name = $"sqlite writer {name}", IsBackground = true }.Start();
    }

    /// <summary>Queues a command; waits in front of a full queue, in the order of the callers.</summary>
    public Task<T> EnqueueAsync<T>(PendingCommand<T> command, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        if (cancellationToken.CanBeCanceled)
            command.Watch(cancellationToken);
        return _queue.Writer.TryWrite(command) ? command.Outcome : WaitAndEnqueueAsync(command, cancellationToken);
    }

    /// <summary>Queues many commands, each for itself, and completes when all are done; see <see cref="IDatabase.WriteAllAsync"/>.</summary>
    public async Task EnqueueAllAsync(IReadOnlyList<Command> commands, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (commands.Count == 0)
            return;
        var set = new WriteSet(commands);
        using var watching = cancellationToken.UnsafeRegister(static (state, token) => ((WriteSet)state!).Cancel(token), set);
        foreach (var member in set.Members)
        {
            try
            {
                if (!_queue.Writer.TryWrite(member))
                    await _queue.Writer.WriteAsync(member, CancellationToken.None);
            }
            catch (ChannelClosedException)
            {
                member.Fail(SqliteErrors.Closed(_name));
            }
        }

        await set.Outcome;
    }

    /// <summary>Takes nothing more and runs what was accepted.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _ended.Task;
        _telemetry.Dispose();
    }

    /// <summary>Closes the connection, after <see cref="DisposeAsync"/>. SQLite moves what is left of the log, unless that would trust
    /// a disk that has failed.</summary>
    public void CloseSession()
    {
        if (_suspect || _checkpointer.IsInDoubt)
            _session.KeepLogAtClose();
        _session.Dispose();
    }

    private async Task<T> WaitAndEnqueueAsync<T>(PendingCommand<T> command, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(command, cancellationToken);
        }
        catch (Exception e)
        {
            command.Release();
            throw e is ChannelClosedException ? SqliteErrors.Closed(_name) : e;
        }

        return await command.Outcome;
    }

    private void Loop()
    {
        var batch = new List<PendingCommand>(_batchSize);
        while (WaitForCommand())
        {
            while (batch.Count < _batchSize && _queue.Reader.TryRead(out var command))
            {
                if (command.TryJoin())
                    batch.Add(command);
            }

            if (batch.Count > 0)
                RunBatch(batch);
            batch.Clear();
        }

        _ended.SetResult();
    }

    // The one place that blocks on a task: this thread has nothing else to do.
    private bool WaitForCommand()
    {
        var ready = _queue.Reader.WaitToReadAsync();
        return ready.IsCompletedSuccessfully ? ready.Result : ready.AsTask().GetAwaiter().GetResult();
    }

    private void RunBatch(List<PendingCommand> batch)
    {
        var started = _time.GetTimestamp();
        try
        {
            if (_suspect)
                Recover();
            _session.Doubt = null;
            do
                _session.Run("begin immediate");
            while (!TryRunAll(batch));
            _session.Run("commit");
        }
        catch (Exception e)
        {
            FailBatch(batch, e);
            return;
        }

        var duration = _time.GetElapsedTime(started);
        foreach (var command in batch)
            command.Complete(batch.Count);
        FollowUp(batch.Count, duration);
    }

    /// <summary>
    /// Runs every command of a batch. A caller's own code that fails after its statement has run leaves that statement
    /// done: then all is rolled back, and false asks for another round without it.
    /// </summary>
    private bool TryRunAll(List<PendingCommand> batch)
    {
        foreach (var command in batch)
        {
            if (command.IsExcluded)
                continue;
            try
            {
                command.Failure = null;
                command.Run(_session);
            }
            catch (Exception e)
            {
                command.Failure = e;
                command.IsExcluded = e is not DatabaseException && !command.UndoesItself;
            }

            if (_session.Doubt is { } doubt)
                throw doubt;
            if (command.IsExcluded)
            {
                _session.Run("rollback");
                return false;
            }
        }

        return true;
    }

    private void FailBatch(List<PendingCommand> batch, Exception error)
    {
        SqliteLog.BatchFailed(_logger, batch.Count, _file, error);
        var failure = error switch
        {
            DatabaseException e => e,
            SqliteException e => SqliteErrors.Translate(e, _file),
            _ => new DatabaseException(DatabaseFailure.Other, $"The writer of {_file} failed: {error.Message}", error),
        };

        try
        {
            _suspect |= IsDiskError(failure);
            if (_session.InTransaction)
                _session.Run("rollback");
        }
        catch (DatabaseException)
        {
            _suspect = true;
        }

        foreach (var command in batch)
            command.Fail(SqliteErrors.Repeat(failure));
    }

    /// <summary>
    /// After an I/O error (a failed fsync above all) it is unknown which pages of the log are on the disk, and a second
    /// fsync may report success for pages that the system has dropped. So nothing more is appended to that log: a new
    /// connection moves every commit that was acknowledged into the main file, syncs that, and cuts the log to nothing,
    /// the failed commit with it. Until this succeeds, every batch fails.
    /// </summary>
    private void Recover()
    {
        var fresh = _open();
        _session.Dispose();
        _session = fresh;
        if (!_checkpointer.MoveAll(_session))
            throw new DatabaseException(DatabaseFailure.Unavailable, $"{_file} is recovering from a disk error. The command was not done; try again.");
        _suspect = false;
        SqliteLog.Reopened(_logger, _file);
    }

    // What is left to do once the callers know. Whatever fails here, the batch is committed.
    private void FollowUp(int commands, TimeSpan duration)
    {
        try
        {
            _telemetry.Committed(_name, commands, duration);
            _checkpointer.Wrote(_session);
        }
        catch (Exception e)
        {
            _suspect = e is DatabaseException error && IsDiskError(error);
            SqliteLog.CheckpointFailed(_logger, _file, e);
        }
    }

    private static bool IsDiskError(DatabaseException error) => error.InnerException is SqliteException { SqliteErrorCode: raw.SQLITE_IOERR };
}
