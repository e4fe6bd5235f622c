using Groundwork.Ports.Database;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Groundwork.Sqlite;

/// <summary>SQLite's result codes in the port's words.</summary>
internal static class SqliteErrors
{
    /// <summary>What a caller can act on.</summary>
    public static DatabaseFailure FailureOf(int code, int extendedCode) => code switch
    {
        raw.SQLITE_CONSTRAINT => extendedCode is raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY or raw.SQLITE_CONSTRAINT_ROWID
            ? DatabaseFailure.UniqueViolation
            : DatabaseFailure.ConstraintViolation,
        raw.SQLITE_FULL => DatabaseFailure.DiskFull,
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => DatabaseFailure.Corrupt,
        raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL
            or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_NOMEM or raw.SQLITE_INTERRUPT => DatabaseFailure.Unavailable,
        _ => DatabaseFailure.Other,
    };

    /// <summary>An exception of SQLite's driver in the port's words.</summary>
    public static DatabaseException Translate(SqliteException error, string file)
    {
        var failure = FailureOf(error.SqliteErrorCode, error.SqliteExtendedErrorCode);
        return new DatabaseException(failure, Describe(failure, file, error.Message), error);
    }

    /// <summary>
    /// Whether SQLite undid the failed statement alone, so that the transaction around it can go on. Everything else
    /// (disk, file, memory) puts the whole transaction in doubt.
    /// </summary>
    public static bool IsConfined(DatabaseFailure failure) =>
        failure is DatabaseFailure.UniqueViolation or DatabaseFailure.ConstraintViolation or DatabaseFailure.Other;

    /// <summary>The failure of one command told to another that shared its transaction.</summary>
    public static DatabaseException Repeat(DatabaseException error) => new(error.Failure, error.Message, error);

    /// <summary>The database has been, or is being, shut down.</summary>
    public static DatabaseException Closed(string name) => new(
        DatabaseFailure.Unavailable, $"The database '{name}' is shutting down. The command was not done.");

    private static string Describe(DatabaseFailure failure, string file, string reason) => failure switch
    {
        DatabaseFailure.UniqueViolation => $"A unique key is taken: {reason}",
        DatabaseFailure.ConstraintViolation => $"A constraint was broken: {reason}",
        DatabaseFailure.DiskFull => $"The disk that holds {file} is full. The command was not done; reads go on. Make room.",
        DatabaseFailure.Corrupt => $"{file} is damaged or not a database ({reason}). It was left as it is: move it away and restore a backup.",
        DatabaseFailure.Unavailable => $"{file} could not be used: {reason} Check the disk, the folder's permissions and who else has the file open.",
        _ => $"SQLite refused a statement: {reason}",
    };
}
