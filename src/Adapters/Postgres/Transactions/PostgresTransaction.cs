using System.Data.Common;
using Groundwork.Ports.Database;
using Npgsql;

namespace Groundwork.Postgres.Transactions;

/// <summary>The statements of one transaction, on its own connection.</summary>
/// <remarks>
/// A statement that fails dooms the transaction, whatever the work makes of the exception: PostgreSQL would answer the commit with a
/// silent rollback. <see cref="Doom"/> remembers it. Not for concurrent use.
/// </remarks>
internal sealed class PostgresTransaction(NpgsqlTransaction transaction, PostgresAddress address) : ITransaction
{
    private bool _ended;

    /// <summary>The first failure that PostgreSQL reported, or null.</summary>
    public Exception? Doom { get; private set; }

    /// <inheritdoc/>
    public ValueTask<int> ExecuteAsync(Statement statement, params ReadOnlySpan<DbValue> arguments) =>
        ExecuteAsync(Make(statement, arguments));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<T>> QueryAsync<T>(
        Statement statement, Func<DbDataReader, T> map, params ReadOnlySpan<DbValue> arguments) =>
        QueryAsync(Make(statement, arguments), map);

    /// <summary>From here on it refuses statements: the work let it escape.</summary>
    public void End() => _ended = true;

    private NpgsqlCommand Make(Statement statement, ReadOnlySpan<DbValue> arguments)
    {
        if (_ended)
            throw new InvalidOperationException("The transaction has ended: it is used only inside its work.");
        if (Doom is not null)
            throw Failures.NotDone(Doom, address);

        Sql.Check(arguments);
        var command = new NpgsqlCommand(Sql.Text(statement), transaction.Connection, transaction);
        Sql.Add(command.Parameters, arguments);
        return command;
    }

    private async ValueTask<int> ExecuteAsync(NpgsqlCommand command)
    {
        try
        {
            await using (command)
                return Math.Max(0, await command.ExecuteNonQueryAsync());
        }
        catch (Exception e)
        {
            Doom = e;
            throw Failures.NotDone(e, address);
        }
    }

    private async ValueTask<IReadOnlyList<T>> QueryAsync<T>(NpgsqlCommand command, Func<DbDataReader, T> map)
    {
        Mapped<T> mapped;
        try
        {
            mapped = await Rows.ReadAsync(command, map, CancellationToken.None);
        }
        catch (Exception e)
        {
            Doom = e;
            throw Failures.NotDone(e, address);
        }

        return mapped.Get();
    }
}
