using System.Data.Common;
using System.Diagnostics;

namespace Groundwork.Ports.Database;

/// <summary>
/// A database whose commands show in the traces of those for whom they are done: each is a span, a transaction one with its
/// statements below it.
/// </summary>
/// <remarks>Where nothing is traced, every call goes straight through. Safe for concurrent use.</remarks>
/// <param name="inner">Does the work.</param>
/// <param name="engine">As people call it: <see cref="IDatabaseServer.Engine"/>.</param>
public sealed class TracedDatabase(IDatabase inner, string engine) : IDatabase
{
    private const string Transaction = "TRANSACTION";
    private const string Batch = "BATCH";

    // The convention's names of the engines are theirs in small letters.
    private readonly string _system = engine.ToLowerInvariant();

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public bool IsShared => inner.IsShared;

    /// <inheritdoc/>
    public Task<IReadOnlyList<T>> WriteAsync<T>(Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken = default) =>
        DatabaseSpans.MayBeWanted ? TraceWriteAsync(command, map, cancellationToken) : inner.WriteAsync(command, map, cancellationToken);

    /// <inheritdoc/>
    public Task<int> WriteAsync(Command command, CancellationToken cancellationToken = default) =>
        DatabaseSpans.MayBeWanted ? TraceWriteAsync(command, cancellationToken) : inner.WriteAsync(command, cancellationToken);

    /// <inheritdoc/>
    public Task WriteAllAsync(IReadOnlyList<Command> commands, CancellationToken cancellationToken = default) =>
        DatabaseSpans.MayBeWanted ? TraceWriteAllAsync(commands, cancellationToken) : inner.WriteAllAsync(commands, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<T>> ReadAsync<T>(
        Command command, Func<DbDataReader, T> map, Freshness freshness = Freshness.Latest, CancellationToken cancellationToken = default) =>
        DatabaseSpans.MayBeWanted
            ? TraceReadAsync(command, map, freshness, cancellationToken)
            : inner.ReadAsync(command, map, freshness, cancellationToken);

    /// <inheritdoc/>
    public Task<T> TransactAsync<T>(string key, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken = default) =>
        DatabaseSpans.MayBeWanted ? TraceTransactAsync(key, work, cancellationToken) : inner.TransactAsync(key, work, cancellationToken);

    private Task<IReadOnlyList<T>> TraceWriteAsync<T>(Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken) =>
        InAsync(() => Begin(command.Statement), _ => inner.WriteAsync(command, map, cancellationToken));

    private Task<int> TraceWriteAsync(Command command, CancellationToken cancellationToken) =>
        InAsync(() => Begin(command.Statement), _ => inner.WriteAsync(command, cancellationToken));

    private Task<bool> TraceWriteAllAsync(IReadOnlyList<Command> commands, CancellationToken cancellationToken) => InAsync(
        () => commands.Count == 0
            ? null
            : DatabaseSpans.Begin(_system, Name, $"{Batch} {commands[0].Statement.Summary}", $"{Batch} {commands[0].Statement.Summary.Operation}")?
                .SetTag("db.operation.batch.size", commands.Count),
        async _ =>
        {
            await inner.WriteAllAsync(commands, cancellationToken);
            return true;
        });

    private Task<IReadOnlyList<T>> TraceReadAsync<T>(
        Command command, Func<DbDataReader, T> map, Freshness freshness, CancellationToken cancellationToken) =>
        InAsync(() => Begin(command.Statement), _ => inner.ReadAsync(command, map, freshness, cancellationToken));

    private Task<T> TraceTransactAsync<T>(string key, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken) => InAsync(
        () => DatabaseSpans.Begin(_system, Name, Transaction, Transaction),
        span => inner.TransactAsync(
            key, span is null ? work : transaction => work(new TracedTransaction(transaction, _system, Name, span.Context)), cancellationToken));

    private Activity? Begin(Statement statement) => DatabaseSpans.Begin(_system, Name, statement);

    // The span is begun in here, so that it is what runs for the work alone, and not for what the caller does next.
    private static async Task<T> InAsync<T>(Func<Activity?> begin, Func<Activity?, Task<T>> work)
    {
        using var span = begin();
        try
        {
            return await work(span);
        }
        catch (Exception e)
        {
            DatabaseSpans.Failed(span, e);
            throw;
        }
    }

    // The embedded engine runs a transaction's work on its own thread, where nothing is known of the caller: hence the parent.
    private sealed class TracedTransaction(ITransaction inner, string system, string schema, ActivityContext parent) : ITransaction
    {
        public ValueTask<int> ExecuteAsync(Statement statement, params ReadOnlySpan<DbValue> arguments)
        {
            var given = arguments.ToArray();
            return InAsync(statement, () => inner.ExecuteAsync(statement, given));
        }

        public ValueTask<IReadOnlyList<T>> QueryAsync<T>(
            Statement statement, Func<DbDataReader, T> map, params ReadOnlySpan<DbValue> arguments)
        {
            var given = arguments.ToArray();
            return InAsync(statement, () => inner.QueryAsync(statement, map, given));
        }

        private async ValueTask<T> InAsync<T>(Statement statement, Func<ValueTask<T>> send)
        {
            using var span = DatabaseSpans.Begin(system, schema, statement, parent);
            try
            {
                return await send();
            }
            catch (Exception e)
            {
                DatabaseSpans.Failed(span, e);
                throw;
            }
        }
    }
}
