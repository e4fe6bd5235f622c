using System.Data.Common;
using Groundwork.Ports.Database;

namespace Groundwork.Sqlite;

/// <summary>
/// Several statements with code between them, inside a savepoint of the writer's batch: what fails is undone up to the
/// savepoint, and its neighbours in the batch go on. Serializable, since there is one writer.
/// </summary>
/// <remarks>
/// The work runs on the writer's thread from its first line to its last, so it can await nothing but its own statements,
/// which are complete when they return. Were it to continue on another thread, its transaction would be gone: that is
/// refused, here and in <see cref="SqliteTransaction"/>.
/// </remarks>
internal sealed class TransactionalWork<T>(Func<ITransaction, ValueTask<T>> work) : PendingCommand<T>
{
    public override bool UndoesItself => true;

    public override void Run(SqliteSession session)
    {
        session.Run("savepoint work");
        var transaction = new SqliteTransaction(session);
        try
        {
            var done = work(transaction);
            if (!done.IsCompleted)
            {
                throw new InvalidOperationException(
                    "The work of a transaction awaited something other than its own statements. It was rolled back; fetch what it needs before it begins.");
            }

            Result = done.GetAwaiter().GetResult();
        }
        catch when (session.Doubt is null)
        {
            session.Run("rollback to work");
            session.Run("release work");
            throw;
        }
        finally
        {
            transaction.End();
        }

        // In doubt, the work may have caught the failure and gone on: the writer gives up the batch, savepoint included.
        if (session.Doubt is null)
            session.Run("release work");
    }
}

/// <summary>What the work of a transaction holds; of no use once the work has returned.</summary>
internal sealed class SqliteTransaction(SqliteSession session) : ITransaction
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private bool _ended;

    public ValueTask<int> ExecuteAsync(Statement statement, params ReadOnlySpan<DbValue> arguments)
    {
        Check();
        return new(session.Execute(statement, arguments));
    }

    public ValueTask<IReadOnlyList<T>> QueryAsync<T>(
        Statement statement, Func<DbDataReader, T> map, params ReadOnlySpan<DbValue> arguments)
    {
        Check();
        return new(session.Query(statement, map, arguments));
    }

    /// <summary>Refuses whatever comes later.</summary>
    public void End() => _ended = true;

    private void Check()
    {
        if (_ended || Environment.CurrentManagedThreadId != _thread)
            throw new InvalidOperationException("The transaction has ended: its work awaited something else, or kept it.");
    }
}
