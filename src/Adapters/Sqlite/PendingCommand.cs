using System.Data.Common;
using System.Diagnostics;
using Groundwork.Ports.Database;

namespace Groundwork.Sqlite;

/// <summary>
/// A caller's command on its way through the writer: waiting, then either cancelled by its caller or joined to a batch by
/// the writer, whichever comes first; then run, and completed after the batch's commit.
/// </summary>
internal abstract class PendingCommand
{
    private const int Waiting = 0;
    private const int Joined = 1;
    private const int Cancelled = 2;

    private readonly Activity? _span = DatabaseSpans.OfCaller;
    private int _state = Waiting;
    private CancellationTokenRegistration _cancellation;

    /// <summary>Why the command alone failed, while its neighbours go on.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Whether the batch is run again without it, since its own code failed after its statement had run.</summary>
    public bool IsExcluded { get; set; }

    /// <summary>Whether a failed <see cref="Run"/> leaves nothing behind in the transaction.</summary>
    public virtual bool UndoesItself => false;

    /// <summary>Makes cancelling possible until the command has joined a batch.</summary>
    public void Watch(CancellationToken cancellationToken) => _cancellation = cancellationToken.UnsafeRegister(
        static (state, token) => ((PendingCommand)state!).Cancel(token), this);

    /// <summary>Joins the writer's batch, unless its caller has cancelled it.</summary>
    public bool TryJoin() => Interlocked.CompareExchange(ref _state, Joined, Waiting) == Waiting;

    /// <summary>Does the work on the writer's thread and keeps the outcome.</summary>
    public abstract void Run(SqliteSession session);

    /// <summary>Tells the caller the outcome, after the commit.</summary>
    /// <param name="batchSize">How many commands the commit was of.</param>
    public void Complete(int batchSize)
    {
        DatabaseSpans.Committed(_span, batchSize);
        Release();
        if (Failure is { } failure)
            SetFailed(failure);
        else
            SetDone();
    }

    /// <summary>Tells the caller that the batch as a whole failed.</summary>
    public void Fail(Exception failure)
    {
        Release();
        SetFailed(failure);
    }

    /// <summary>Lets go of the caller's token.</summary>
    public void Release() => _cancellation.Unregister();

    /// <summary>Cancels it, unless it has joined a batch.</summary>
    public void Cancel(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, Cancelled, Waiting) == Waiting)
            SetCancelled(cancellationToken);
    }

    protected abstract void SetDone();

    protected abstract void SetFailed(Exception failure);

    protected abstract void SetCancelled(CancellationToken cancellationToken);
}

/// <summary>A command whose outcome is a <typeparamref name="T"/>.</summary>
internal abstract class PendingCommand<T> : PendingCommand
{
    // The writer's thread only ever hands outcomes over; no caller's code continues on it.
    private readonly TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The outcome, for the caller.</summary>
    public Task<T> Outcome => _outcome.Task;

    /// <summary>What <see cref="PendingCommand.Run"/> brought.</summary>
    protected T Result { get; set; } = default!;

    protected override void SetDone() => _outcome.TrySetResult(Result);

    protected override void SetFailed(Exception failure) => _outcome.TrySetException(failure);

    protected override void SetCancelled(CancellationToken cancellationToken) => _outcome.TrySetCanceled(cancellationToken);
}

/// <summary>One statement that returns how many rows it changed.</summary>
internal sealed class CountingWrite(Command command) : PendingCommand<int>
{
    public override void Run(SqliteSession session) => Result = session.Execute(command.Statement, command.Arguments);
}

/// <summary>One statement that returns rows.</summary>
internal sealed class ReturningWrite<T>(Command command, Func<DbDataReader, T> map) : PendingCommand<IReadOnlyList<T>>
{
    public override void Run(SqliteSession session) => Result = session.Query(command.Statement, map, command.Arguments);
}

/// <summary>Many statements, each done or failed by itself, whose caller waits for the last of them.</summary>
internal sealed class WriteSet
{
    private readonly TaskCompletionSource _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private int _left;

    public WriteSet(IReadOnlyList<Command> commands)
    {
        _left = commands.Count;
        Members = [.. commands.Select(c => new Member(this, c))];
    }

    /// <summary>What the writer runs.</summary>
    public IReadOnlyList<PendingCommand> Members { get; }

    /// <summary>Completes with the last one.</summary>
    public Task Outcome => _outcome.Task;

    /// <summary>Cancels those that have not joined a batch.</summary>
    public void Cancel(CancellationToken cancellationToken)
    {
        foreach (var member in Members)
            member.Cancel(cancellationToken);
    }

    private void End(Exception? failure)
    {
        if (failure is not null)
            Interlocked.CompareExchange(ref _failure, failure, null);
        if (Interlocked.Decrement(ref _left) > 0)
            return;
        if (_failure is OperationCanceledException cancelled)
            _outcome.TrySetCanceled(cancelled.CancellationToken);
        else if (_failure is { } first)
            _outcome.TrySetException(first);
        else
            _outcome.TrySetResult();
    }

    private sealed class Member(WriteSet set, Command command) : PendingCommand
    {
        public override void Run(SqliteSession session) => session.Execute(command.Statement, command.Arguments);

        protected override void SetDone() => set.End(null);

        protected override void SetFailed(Exception failure) => set.End(failure);

        protected override void SetCancelled(CancellationToken cancellationToken) => set.End(new OperationCanceledException(cancellationToken));
    }
}
