using Microsoft.Data.Sqlite;

namespace Groundwork.Sqlite;

/// <summary>How the connections to one file are opened. Every pragma says why it is there.</summary>
internal static class SqlitePragmas
{
    /// <summary>How long a connection waits for another's lock before it gives up, in milliseconds.</summary>
    public const int BusyTimeoutMs = 10_000;

    /// <summary>Opens the connection that writes, creating the file when it is not there.</summary>
    /// <param name="file">The database's file.</param>
    /// <param name="logLimitBytes">The bound of the write-ahead log.</param>
    public static SqliteConnection OpenWriter(string file, long logLimitBytes) => Open(file, SqliteOpenMode.ReadWriteCreate, $"""
        -- Others' locks are short (another program that migrates, a recovery): wait for them.
        pragma busy_timeout = {BusyTimeoutMs};
        -- Readers go on while the writer writes, and a commit is one append and one fsync.
        pragma journal_mode = wal;
        -- That fsync: without FULL, a commit can be lost with the power.
        pragma synchronous = full;
        -- The log is moved into the main file in the background (SqliteCheckpointer), never at the end of a commit.
        pragma wal_autocheckpoint = 0;
        -- When the log starts over, what it once took beyond its bound is given back to the disk.
        pragma journal_size_limit = {logLimitBytes};
        -- 8 MiB of pages, so that the inner pages of the indexes that inserts walk stay in memory.
        pragma cache_size = -8192;
        -- Sorts and the undo of statements stay in memory; no temporary files beside the data.
        pragma temp_store = memory;
        -- References between tables are checked, as PostgreSQL does; SQLite's default is not to.
        pragma foreign_keys = on;
        -- A schema from a restored backup cannot call functions with side effects.
        pragma trusted_schema = off;
        """);

    /// <summary>Opens a connection that cannot write.</summary>
    /// <param name="file">The database's file, which the writer has opened already.</param>
    public static SqliteConnection OpenReader(string file) => Open(file, SqliteOpenMode.ReadOnly, $"""
        -- A reader never waits for the writer; it may wait for a recovery.
        pragma busy_timeout = {BusyTimeoutMs};
        -- A read that turns out to write is a bug: refuse it, whatever it is.
        pragma query_only = on;
        -- 1 MiB of pages a reader, the inner ones of the indexes; beyond that, the system's page cache serves.
        pragma cache_size = -1024;
        -- Sorts stay in memory.
        pragma temp_store = memory;
        pragma trusted_schema = off;
        """);

    /// <summary>Opens the connection that moves the log into the main file.</summary>
    public static SqliteConnection OpenCheckpointer(string file) => Open(file, SqliteOpenMode.ReadWrite, """
        -- Never waits for anybody: what can't be moved now is moved next time.
        pragma busy_timeout = 0;
        -- The log is synced before, and the main file after the move.
        pragma synchronous = full;
        pragma wal_autocheckpoint = 0;
        """);

    private static SqliteConnection Open(string file, SqliteOpenMode mode, string pragmas)
    {
        // Pooling is ours (SqliteReaders); the driver's would keep files open after dispose.
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
