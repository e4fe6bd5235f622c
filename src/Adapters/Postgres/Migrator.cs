using Groundwork.Ports.Database;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Groundwork.Postgres;

/// <summary>
/// Brings one schema to the version of the program.
/// </summary>
/// <remarks>
/// <para>What has run is in the schema's own table <c>schema_migrations</c>. Each migration is one transaction with its entry there, under
/// an advisory lock that PostgreSQL keeps for the schema's name: so two copies that start at once take turns, and the second finds the
/// work done.</para>
/// <para>An entry whose checksum differs, or whose number is higher than the program knows, stops it: nothing is changed.</para>
/// </remarks>
internal sealed class Migrator(NpgsqlDataSource source, DatabaseSchema schema, PostgresAddress address, TimeProvider time, ILogger log)
{
    /// <summary>Creates the schema where it is missing, checks what has run, and runs the rest.</summary>
    /// <exception cref="DatabaseException"><see cref="DatabaseFailure.SchemaMismatch"/>, or the server's refusal.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await InLockAsync(connection, CreateAsync, cancellationToken);
        foreach (var migration in schema.Migrations)
        {
            await InLockAsync(
                connection, (transaction, token) => ApplyAsync(transaction, migration, token), cancellationToken);
        }
    }

    private async Task InLockAsync(
        NpgsqlConnection connection, Func<NpgsqlTransaction, CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = Make(transaction, "select pg_advisory_xact_lock(hashtextextended($1, 0))", $"groundwork:{schema.Name}"))
            await command.ExecuteNonQueryAsync(cancellationToken);
        await step(transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task CreateAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        // The right to create schemas is not asked for where an operator made the schema beforehand.
        await using (var exists = Make(transaction, "select 1 from pg_namespace where nspname = $1", schema.Name))
        {
            if (await exists.ExecuteScalarAsync(cancellationToken) is null)
                await ExecuteAsync(transaction, $"create schema \"{schema.Name}\"", cancellationToken);
        }

        await ExecuteAsync(
            transaction,
            """
            create table if not exists schema_migrations (
                component text not null,
                number bigint not null,
                name text not null,
                checksum text not null,
                applied_at bigint not null,
                primary key (component, number))
            """,
            cancellationToken);
        await CheckAsync(transaction, cancellationToken);
    }

    private async Task CheckAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var known = schema.Migrations.ToDictionary(m => (m.Component, (long)m.Number));
        var components = schema.Migrations.Select(m => m.Component).ToHashSet(StringComparer.Ordinal);
        await using var command = Make(transaction, "select component, number, checksum from schema_migrations order by 1, 2");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (component, number, checksum) = (reader.GetString(0), reader.GetInt64(1), reader.GetString(2));
            if (known.TryGetValue((component, number), out var migration))
                CheckSame(migration, checksum);
            else if (components.Contains(component))
                throw Mismatch($"has migration {component} {number}, which this program does not know: it is newer. Run the newer program.");
        }
    }

    private async Task ApplyAsync(NpgsqlTransaction transaction, Migration migration, CancellationToken cancellationToken)
    {
        await using (var applied = Make(
            transaction,
            "select checksum from schema_migrations where component = $1 and number = $2",
            migration.Component,
            (long)migration.Number))
        {
            if (await applied.ExecuteScalarAsync(cancellationToken) is string checksum)
            {
                CheckSame(migration, checksum);
                return;
            }
        }

        await ExecuteAsync(transaction, Sql.Text(migration.Sql), cancellationToken);
        await using var entry = Make(
            transaction,
            "insert into schema_migrations (component, number, name, checksum, applied_at) values ($1, $2, $3, $4, $5)",
            migration.Component,
            (long)migration.Number,
            migration.Name,
            migration.Checksum,
            time.GetUtcNow());
        await entry.ExecuteNonQueryAsync(cancellationToken);
        PostgresLog.Migrated(log, schema.Name, migration.Component, migration.Number, migration.Name);
    }

    private void CheckSame(Migration migration, string checksum)
    {
        if (checksum != migration.Checksum)
        {
            throw Mismatch(
                $"ran migration {migration.Component} {migration.Number} ({migration.Name}) with another text: a migration is never "
                + "changed once released. Restore its text, and put the change into a new one.");
        }
    }

    private DatabaseException Mismatch(string what) =>
        new(DatabaseFailure.SchemaMismatch, $"The schema '{schema.Name}' in PostgreSQL at {address} {what} Nothing was changed.");

    private static async Task ExecuteAsync(NpgsqlTransaction transaction, string sql, CancellationToken cancellationToken)
    {
        await using var command = Make(transaction, sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // A migration, and the wait for another copy's, takes as long as it takes.
    private static NpgsqlCommand Make(NpgsqlTransaction transaction, string sql, params ReadOnlySpan<DbValue> arguments)
    {
        var command = new NpgsqlCommand(sql, transaction.Connection, transaction) { CommandTimeout = 0 };
        Sql.Add(command.Parameters, arguments);
        return command;
    }
}
