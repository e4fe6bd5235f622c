using System.Data.Common;
using Groundwork.Ports.Database;
using Npgsql;

namespace Groundwork.Postgres.Reading;

/// <summary>
/// One caller's read on its way through a lane: it waits, is sent, and is over once: answered, failed or cancelled.
/// </summary>
/// <remarks>
/// Cancelling and being over exclude each other, and so do cancelling and mapping: the map of a caller that has gone is not called.
/// Apart from that only one lane touches it. It may be sent more than once, since it changes nothing.
/// </remarks>
internal abstract class PendingRead(Command command)
{
    private const int Waiting = 0;
    private const int Mapping = 1;
    private const int Over = 2;

    private int _state = Waiting;
    private CancellationToken _cancellation;
    private CancellationTokenRegistration _registration;
    private NpgsqlBatchCommand? _sent;

    /// <summary>Whether nobody waits for it any more.</summary>
    public bool IsOver => Volatile.Read(ref _state) == Over;

    /// <summary>Whether the server has finished with it, in the batch that it was sent in last.</summary>
    public bool IsAnswered => _sent is { StatementType: not StatementType.Unknown };

    /// <summary>Lets a token end the wait. Called once, before it is queued.</summary>
    public void CancelWith(CancellationToken token)
    {
        _cancellation = token;
        if (token.CanBeCanceled)
            _registration = token.UnsafeRegister(static state => ((PendingRead)state!).Cancel(), this);
    }

    /// <summary>Makes what is sent, forgetting what came of sending it before.</summary>
    public NpgsqlBatchCommand ToBatchCommand()
    {
        var sent = new NpgsqlBatchCommand(Sql.Text(command.Statement));
        Sql.Add(sent.Parameters, command.Arguments);
        return _sent = sent;
    }

    /// <summary>Maps its rows and completes its caller, unless that has gone.</summary>
    /// <exception cref="Exception">What the connection threw: it is still to be answered then.</exception>
    public async ValueTask AnswerAsync(NpgsqlDataReader reader)
    {
        if (Interlocked.CompareExchange(ref _state, Mapping, Waiting) != Waiting)
            return;
        try
        {
            await MapAsync(reader);
        }
        catch
        {
            Volatile.Write(ref _state, Waiting);
            if (_cancellation.IsCancellationRequested)
                Cancel();
            throw;
        }

        End();
        Complete();
    }

    /// <summary>Completes its caller without a row, where the statement returned none to be read.</summary>
    public void AnswerEmpty()
    {
        if (TryEnd())
            Complete();
    }

    /// <summary>It was not read.</summary>
    public void Fail(Exception failure)
    {
        if (TryEnd())
            SetFailed(failure);
    }

    /// <summary>Reads the rows to their end; what the map throws is kept for <see cref="Complete"/>.</summary>
    protected abstract ValueTask MapAsync(NpgsqlDataReader reader);

    /// <summary>Hands the caller what was mapped.</summary>
    protected abstract void Complete();

    /// <summary>Hands the caller a failure.</summary>
    protected abstract void SetFailed(Exception failure);

    /// <summary>Ends the caller's wait.</summary>
    protected abstract void SetCancelled(CancellationToken token);

    private void Cancel()
    {
        if (Interlocked.CompareExchange(ref _state, Over, Waiting) == Waiting)
            SetCancelled(_cancellation);
    }

    private bool TryEnd()
    {
        if (Interlocked.CompareExchange(ref _state, Over, Waiting) != Waiting)
            return false;
        _registration.Unregister();
        return true;
    }

    private void End()
    {
        Volatile.Write(ref _state, Over);
        _registration.Unregister();
    }
}

/// <summary>A read and the map of its rows.</summary>
internal sealed class PendingRead<T>(Command command, Func<DbDataReader, T> map) : PendingRead(command)
{
    private readonly TaskCompletionSource<IReadOnlyList<T>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<T> _rows = [];
    private Exception? _mapFailure;

    public Task<IReadOnlyList<T>> Task => _completion.Task;

    protected override async ValueTask MapAsync(NpgsqlDataReader reader)
    {
        (_rows, _mapFailure) = ([], null);
        List<T>? more = null;
        while (_mapFailure is null && await reader.ReadAsync())
        {
            try
            {
                if (_rows.Count == 0)
                    _rows = [map(reader)];
                else
                    (more ??= [_rows[0]]).Add(map(reader));
            }
            catch (Exception e)
            {
                _mapFailure = e;
            }
        }

        _rows = more ?? _rows;
    }

    protected override void Complete()
    {
        if (_mapFailure is null)
            _completion.TrySetResult(_rows);
        else
            _completion.TrySetException(_mapFailure);
    }

    protected override void SetFailed(Exception failure) => _completion.TrySetException(failure);

    protected override void SetCancelled(CancellationToken token) => _completion.TrySetCanceled(token);
}
