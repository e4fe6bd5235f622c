using Groundwork.Ports.Database;
using Microsoft.Extensions.Logging;

namespace Groundwork.Sqlite;

/// <summary>
/// Brings a database to its schema, step by step, each step in a transaction with its record. The database's lock is
/// held over check and step, so two programs can start on the same file at once.
/// </summary>
internal sealed class SqliteMigrator(SqliteSession session, string file, TimeProvider time, ILogger logger)
{
    private static readonly Statement HasTable = new("select 1 from sqlite_schema where type = 'table' and name = 'schema_migrations'");
    private static readonly Statement Applied = new("select component, number, checksum from schema_migrations");
    private static readonly Statement Record = new(
        "insert into schema_migrations (component, number, name, checksum, applied_at) values ($1, $2, $3, $4, $5)");

    private const string CreateTable = """
        create table if not exists schema_migrations (
            component text not null,
            number bigint not null,
            name text not null,
            checksum text not null,
            applied_at bigint not null,
            primary key (component, number)
        )
        """;

    /// <summary>Checks what was applied, then applies the rest.</summary>
    /// <exception cref="DatabaseException"><see cref="DatabaseFailure.SchemaMismatch"/>: nothing was changed.</exception>
    public void Migrate(DatabaseSchema schema)
    {
        ReadApplied(schema);
        foreach (var migration in schema.Migrations)
            Apply(schema, migration);
    }

    private void Apply(DatabaseSchema schema, Migration migration)
    {
        session.Run("begin immediate");
        try
        {
            if (!ReadApplied(schema).Contains((migration.Component, migration.Number)))
            {
                session.Run(CreateTable);
                session.Run(SqliteDialect.Translate(migration.Sql));
                session.Execute(Record, [migration.Component, migration.Number, migration.Name, migration.Checksum, time.GetUtcNow()]);
                SqliteLog.Migrated(logger, migration.Component, migration.Number, migration.Name, file);
            }

            session.Run("commit");
        }
        catch
        {
            if (session.InTransaction)
                session.Run("rollback");
            throw;
        }
    }

    private HashSet<(string, int)> ReadApplied(DatabaseSchema schema)
    {
        if (session.Query(HasTable, r => 0, []).Count == 0)
            return [];

        var applied = session.Query(Applied, r => (Component: r.GetString(0), Number: r.GetInt32(1), Checksum: r.GetString(2)), []);
        foreach (var (component, number, checksum) in applied)
        {
            var known = schema.Migrations.Where(m => m.Component == component).ToList();
            if (known.Count == 0)
                continue;
            if (known.Find(m => m.Number == number) is not { } migration)
            {
                throw new DatabaseException(
                    DatabaseFailure.SchemaMismatch,
                    $"{file} has migration {number} of '{component}', and this program knows {known.Count}: it was written by a newer one. Nothing was changed. Run the newer program, or restore a backup.");
            }

            if (migration.Checksum != checksum)
            {
                throw new DatabaseException(
                    DatabaseFailure.SchemaMismatch,
                    $"Migration {number} ({migration.Name}) of '{component}' is not the one that was applied to {file}: its text was changed after it ran. Nothing was changed. Undo that change, and add a migration instead.");
            }
        }

        return [.. applied.Select(a => (a.Component, a.Number))];
    }
}
