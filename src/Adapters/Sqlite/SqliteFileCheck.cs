using System.Diagnostics;
using Groundwork.Ports.Database;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Groundwork.Sqlite;

/// <summary>
/// Looks at a file before anything is opened for writing, so that one that is damaged, or is no database, stays as it is,
/// byte for byte, for whoever can rescue it.
/// </summary>
internal static class SqliteFileCheck
{
    // What is said of a database is found at once; how long its pages are looked at is bounded, so that a large one starts
    // as fast as a small one. Damage further in is found when it is read.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    // SQLite calls back each time it has done so many of its virtual machine's steps.
    private const int StepsBetweenLooksAtTheClock = 1000;

    /// <summary>Passes when the file is not there, is empty (a crash in its first moment), or looks sound.</summary>
    /// <exception cref="DatabaseException"><see cref="DatabaseFailure.Corrupt"/>: what to do is in the message.</exception>
    public static void Check(string file)
    {
        if (!File.Exists(file))
            return;
        if (File.Exists(file + "-journal"))
            UndoFirstTransaction(file);
        if (new FileInfo(file).Length == 0)
            return;
        if (!HasHeader(file))
            throw Corrupt(file, "it does not begin as SQLite's files do");

        try
        {
            using var connection = SqlitePragmas.OpenReader(file);
            var started = Stopwatch.GetTimestamp();
            raw.sqlite3_progress_handler(
                connection.Handle, StepsBetweenLooksAtTheClock, _ => Stopwatch.GetElapsedTime(started) > Patience ? 1 : 0, null);
            using var command = connection.CreateCommand();
            command.CommandText = "pragma quick_check(1)";
            if (command.ExecuteScalar() is string verdict && verdict != "ok")
                throw Corrupt(file, verdict);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            // No damage within the time.
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, file);
        }
    }

    /// <summary>Looks at every page of a file that nobody writes to, and leaves no file beside it.</summary>
    /// <exception cref="DatabaseException"><see cref="DatabaseFailure.Corrupt"/>: what to do is in the message.</exception>
    public static void CheckWhole(string file, CancellationToken cancellationToken)
    {
        if (!HasHeader(file))
            throw Corrupt(file, "it does not begin as SQLite's files do");
        try
        {
            var uri = new Uri(Path.GetFullPath(file)).AbsoluteUri + "?immutable=1";
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = uri, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
            connection.Open();
            raw.sqlite3_progress_handler(
                connection.Handle, StepsBetweenLooksAtTheClock, _ => cancellationToken.IsCancellationRequested ? 1 : 0, null);
            using var command = connection.CreateCommand();
            command.CommandText = "pragma integrity_check(1)";
            if (command.ExecuteScalar() is string verdict && verdict != "ok")
                throw Corrupt(file, verdict);
        }
        catch (SqliteException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, file);
        }
    }

    // Only the transaction that makes a new file one with a write-ahead log has a rollback journal. If the power goes within
    // it, the first page may be torn; SQLite undoes that from the journal at the first read of a connection that may write.
    private static void UndoFirstTransaction(string file)
    {
        try
        {
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "pragma schema_version";
            command.ExecuteScalar();
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, file);
        }
    }

    private static bool HasHeader(string file)
    {
        Span<byte> start = stackalloc byte[16];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("SQLite format 3\0"u8);
    }

    private static DatabaseException Corrupt(string file, string reason) => new(
        DatabaseFailure.Corrupt, $"{file} is damaged or not a database ({reason}). It was left as it is: move it away and restore a backup.");
}
