using System.Data.Common;
using System.Diagnostics;
using Groundwork.Ports.Database;
using Npgsql;

namespace Groundwork.Postgres.Writing;

/// <summary>
/// One caller's command on its way through a lane: it waits, joins a batch or is cancelled, and is completed once.
/// </summary>
/// <remarks>
/// Joining and cancelling exclude each other, so a cancelled command was never sent. From joining on only the lane touches it; it
/// may be sent more than once (after a rollback), and only the last time counts.
/// </remarks>
internal abstract class PendingWrite(Command command)
{
    private const int Waiting = 0;
    private const int Joined = 1;
    private const int Cancelled = 2;

    private readonly Activity? _span = DatabaseSpans.OfCaller;
    private int _state = Waiting;
    private CancellationTokenRegistration _registration;
    private NpgsqlBatchCommand? _sent;

    /// <summary>Whether the server has finished with it, in the batch that it was sent in last.</summary>
    public bool IsAnswered => _sent is { StatementType: not StatementType.Unknown };

    /// <summary>What its caller's map threw, when it was sent last.</summary>
    public Exception? MapFailure { get; protected set; }

    /// <summary>How many rows it changed, as the server said.</summary>
    protected int RowsChanged => Math.Max(0, _sent!.RecordsAffected);

    /// <summary>Lets a token cancel it for as long as it waits. Called once, before it is queued.</summary>
    public void CancelWith(CancellationToken token)
    {
        if (token.CanBeCanceled)
            _registration = token.UnsafeRegister(static (state, token) => ((PendingWrite)state!).Cancel(token), this);
    }

    /// <summary>Takes it into a batch; false where it was cancelled.</summary>
    public bool TryJoin()
    {
        _registration.Unregister();
        return Interlocked.CompareExchange(ref _state, Joined, Waiting) == Waiting;
    }

    /// <summary>Makes what is sent, forgetting what came of sending it before.</summary>
    public NpgsqlBatchCommand ToBatchCommand()
    {
        var sent = new NpgsqlBatchCommand(Sql.Text(command.Statement));
        Sql.Add(sent.Parameters, command.Arguments);
        MapFailure = null;
        return _sent = sent;
    }

    /// <summary>Reads the rows that it returned; keeps them until <see cref="HandOver"/>.</summary>
    public abstract Task ReadAsync(NpgsqlDataReader reader);

    /// <summary>It was committed: hands over the outcome.</summary>
    /// <param name="batchSize">How many commands the commit was of.</param>
    public void Succeed(int batchSize)
    {
        DatabaseSpans.Committed(_span, batchSize);
        HandOver();
    }

    /// <summary>It was not committed, or nobody knows.</summary>
    public abstract void Fail(Exception failure);

    /// <summary>Gives the caller what came of it.</summary>
    protected abstract void HandOver();

    /// <summary>Ends the caller's wait.</summary>
    protected abstract void SetCancelled(CancellationToken token);

    private void Cancel(CancellationToken token)
    {
        if (Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting)
            SetCancelled(token);
    }
}

/// <summary>A command whose caller wants the number of rows that it changed.</summary>
internal sealed class PendingCount(Command command) : PendingWrite(command)
{
    private readonly TaskCompletionSource<int> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<int> Task => _completion.Task;

    public override Task ReadAsync(NpgsqlDataReader reader) => System.Threading.Tasks.Task.CompletedTask;

    public override void Fail(Exception failure) => _completion.TrySetException(failure);

    protected override void HandOver() => _completion.TrySetResult(RowsChanged);

    protected override void SetCancelled(CancellationToken token) => _completion.TrySetCanceled(token);
}

/// <summary>A command whose caller wants the rows that it returned. A map runs again where the command is sent again.</summary>
internal sealed class PendingRows<T>(Command command, Func<DbDataReader, T> map) : PendingWrite(command)
{
    private readonly TaskCompletionSource<IReadOnlyList<T>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<T>? _rows;

    public Task<IReadOnlyList<T>> Task => _completion.Task;

    public override async Task ReadAsync(NpgsqlDataReader reader)
    {
        _rows = null;
        while (MapFailure is null && await reader.ReadAsync())
        {
            try
            {
                (_rows ??= []).Add(map(reader));
            }
            catch (Exception e)
            {
                MapFailure = e;
            }
        }
    }

    public override void Fail(Exception failure) => _completion.TrySetException(failure);

    protected override void HandOver() => _completion.TrySetResult(_rows ?? (IReadOnlyList<T>)[]);

    protected override void SetCancelled(CancellationToken token) => _completion.TrySetCanceled(token);
}
