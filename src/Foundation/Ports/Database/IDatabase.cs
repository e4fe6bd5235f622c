using System.Data.Common;

namespace Groundwork.Ports.Database;

/// <summary>
/// The Database port: one module's own tables, durable when acknowledged.
/// </summary>
/// <remarks>
/// <para>Three ways in, from the fastest to the freest:</para>
/// <list type="number">
/// <item><see cref="ReadAsync{T}"/>: one statement that changes nothing, on the primary or, where the caller says that it
/// will do, on a replica.</item>
/// <item><see cref="WriteAsync{T}"/>: one statement, batched with those of other callers: N commands in one transaction, one
/// fsync, N outcomes.</item>
/// <item><see cref="TransactAsync{T}"/>: several statements with code between them, serializable.</item>
/// </list>
/// <para>Invariants: an acknowledged write survives <c>kill -9</c> and power loss. A command that breaks a constraint fails
/// for its own caller only; its neighbours in the batch commit. Commands of one key that one caller sent one after the other
/// without waiting commit in that order.</para>
/// <para>Bounds: a full queue of commands makes callers wait. Cancelling takes effect until a command has joined a batch;
/// from then on its real outcome is reported, so that "cancelled" always means "not done".</para>
/// <para>Safe for any number of concurrent callers. Every failure is a <see cref="DatabaseException"/>.</para>
/// </remarks>
public interface IDatabase
{
    /// <summary>The schema's name: one SQLite file, or one PostgreSQL schema.</summary>
    string Name { get; }

    /// <summary>Whether other processes can change it: copies of the program on one server. A file in the data folder has one
    /// owner, so what its process knows of it stays true until that process changes it.</summary>
    bool IsShared { get; }

    /// <summary>Runs one statement that changes data and maps the rows that it returns (<c>… returning …</c>).</summary>
    /// <returns>The returned rows, in order; empty where the statement met a conflict that it was told to ignore.</returns>
    Task<IReadOnlyList<T>> WriteAsync<T>(Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken = default);

    /// <summary>Runs one statement that changes data.</summary>
    /// <returns>The number of rows that it changed.</returns>
    Task<int> WriteAsync(Command command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs many statements that change data, each for itself as <see cref="WriteAsync(Command, CancellationToken)"/> would, for
    /// less: nobody asks what became of each.
    /// </summary>
    /// <returns>Completes when all are done, or have failed; then with the first failure, and any of the others may be done.</returns>
    Task WriteAllAsync(IReadOnlyList<Command> commands, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(commands);
        return Task.WhenAll(commands.Select(c => WriteAsync(c, cancellationToken)));
    }

    /// <summary>Runs one statement that changes nothing.</summary>
    /// <param name="command">The statement, its distribution key and its arguments.</param>
    /// <param name="map">Reads the current row; must not keep the reader.</param>
    /// <param name="freshness">Whether a replica's answer, some seconds old at worst, will do.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<T>> ReadAsync<T>(
        Command command,
        Func<DbDataReader, T> map,
        Freshness freshness = Freshness.Latest,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs <paramref name="work"/> in one serializable transaction on the tables of one distribution key: all of it
    /// commits, or none.
    /// </summary>
    /// <param name="key">The distribution key that all its statements share.</param>
    /// <param name="work">May run more than once (a serialization conflict is retried), so it changes nothing but the
    /// database; awaits nothing but its transaction: the embedded writer runs it on its own thread, and a task of any other
    /// kind fails it with <see cref="InvalidOperationException"/>. An exception rolls it back and reaches the caller; the
    /// exception of a statement must, since engines differ in whether the transaction could go on.</param>
    /// <param name="cancellationToken">Takes effect until the work has begun.</param>
    Task<T> TransactAsync<T>(
        string key, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken = default);
}

/// <summary>The statements of one transaction, each seeing what the ones before it did. Not for concurrent use.</summary>
public interface ITransaction
{
    /// <summary>Runs a statement and returns the number of rows that it changed.</summary>
    ValueTask<int> ExecuteAsync(Statement statement, params ReadOnlySpan<DbValue> arguments);

    /// <summary>Runs a statement and maps the rows that it returns.</summary>
    ValueTask<IReadOnlyList<T>> QueryAsync<T>(
        Statement statement, Func<DbDataReader, T> map, params ReadOnlySpan<DbValue> arguments);
}

/// <summary>How fresh a read must be.</summary>
public enum Freshness
{
    /// <summary>Sees every write acknowledged before it began.</summary>
    Latest,

    /// <summary>May come from a replica, which can be behind by seconds.</summary>
    ReplicaWillDo,
}
