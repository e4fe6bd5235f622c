using Groundwork.Ports.Database;
using Groundwork.Ports.Files;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Groundwork.Sqlite;

/// <summary>
/// Copies files while they are written to, each as it stood at one moment.
/// </summary>
/// <remarks>
/// A read transaction holds that moment still while its pages are copied, so nobody waits: the writer's log grows
/// meanwhile, since it can't begin anew under a reader. The copy gets its name when it is whole and on the disk; the
/// folder has the layout of a data folder, so that restoring is copying back.
/// </remarks>
internal static class SqliteBackup
{
    private const int PagesBetweenLooksAtTheToken = 1024;

    /// <summary>Copies the databases into <paramref name="folder"/>, which is created when it is not there.</summary>
    /// <returns>The files, relative to the folder.</returns>
    public static IReadOnlyList<string> Copy(IReadOnlyList<SqliteDatabase> databases, string folder, CancellationToken cancellationToken)
    {
        var files = new List<string>();
        try
        {
            DurableFiles.CreateFolder(folder);
            DurableFiles.CreateFolder(Path.Combine(folder, "database"));
            foreach (var database in databases)
            {
                var relative = Path.Combine("database", database.Name + ".db");
                CopyOne(database.File, Path.Combine(folder, relative), cancellationToken);
                files.Add(relative);
            }

            DurableFiles.SyncFolder(Path.Combine(folder, "database"));
            return files;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseException(DatabaseFailure.Unavailable, $"The backup into {folder} failed: {e.Message}", e);
        }
    }

    private static void CopyOne(string source, string target, CancellationToken cancellationToken)
    {
        if (File.Exists(target))
            throw new IOException($"{target} is there already. Choose an empty folder.");

        var partial = target + ".partial";
        File.Delete(partial);
        try
        {
            CopyPages(source, partial, cancellationToken);
            using (var file = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite))
                file.Flush(flushToDisk: true);
            File.Move(partial, target);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, e.SqliteErrorCode == raw.SQLITE_CORRUPT ? source : partial);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static void CopyPages(string source, string target, CancellationToken cancellationToken)
    {
        using var from = SqlitePragmas.OpenReader(source);
        using var to = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = target, Pooling = false }.ConnectionString);
        to.Open();

        // The transaction begins with its first read.
        SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(from.Handle, "begin; select 1 from sqlite_schema limit 1"), from.Handle);
        using var backup = raw.sqlite3_backup_init(to.Handle, "main", from.Handle, "main");
        if (backup.IsInvalid)
            SqliteException.ThrowExceptionForRC(raw.sqlite3_errcode(to.Handle), to.Handle);

        int code;
        while ((code = raw.sqlite3_backup_step(backup, PagesBetweenLooksAtTheToken)) == raw.SQLITE_OK)
            cancellationToken.ThrowIfCancellationRequested();
        if (code != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(code, to.Handle);
    }
}
