using System.Data.Common;
using Groundwork.Ports.Database;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Groundwork.Sqlite;

/// <summary>
/// One open connection with its prepared statements. Used by one thread at a time; every failure of SQLite's leaves it as a
/// <see cref="DatabaseException"/>.
/// </summary>
internal sealed class SqliteSession(SqliteConnection connection, string file) : IDisposable
{
    private readonly sqlite3 _handle = connection.Handle!;
    private readonly PreparedStatements _statements = new(connection.Handle!);
    private bool _mapping;

    /// <summary>Whether a transaction is open. SQLite closes it by itself on some errors, such as a full disk.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>
    /// The first failure since it was last cleared that put the open transaction in doubt, even where the code in between
    /// caught it: of the disk, of the file, or one on which SQLite rolled back by itself.
    /// </summary>
    public DatabaseException? Doubt { get; set; }

    /// <summary>Runs a statement and returns the number of rows that it changed.</summary>
    public int Execute(Statement statement, ReadOnlySpan<DbValue> arguments)
    {
        var inTransaction = InTransaction;
        var prepared = Prepare(statement, arguments, inTransaction);
        try
        {
            int code;
            while ((code = prepared.Step()) == raw.SQLITE_ROW)
            {
                // Rows that nobody asked for.
            }

            if (code != raw.SQLITE_DONE)
                throw Report(code, inTransaction);
            return prepared.ChangesNothing ? 0 : raw.sqlite3_changes(_handle);
        }
        finally
        {
            prepared.Reset();
        }
    }

    /// <summary>Runs a statement and maps the rows that it returns.</summary>
    public List<T> Query<T>(Statement statement, Func<DbDataReader, T> map, ReadOnlySpan<DbValue> arguments)
    {
        var inTransaction = InTransaction;
        var prepared = Prepare(statement, arguments, inTransaction);
        try
        {
            _mapping = true;
            var rows = new List<T>();
            int code;
            while ((code = prepared.Step()) == raw.SQLITE_ROW)
                rows.Add(map(prepared.Row));
            return code == raw.SQLITE_DONE ? rows : throw Report(code, inTransaction);
        }
        finally
        {
            _mapping = false;
            prepared.Reset();
        }
    }

    /// <summary>Runs SQL that has neither arguments nor rows: <c>begin immediate</c>, <c>commit</c>, a migration.</summary>
    public void Run(string sql)
    {
        var inTransaction = InTransaction;
        var code = raw.sqlite3_exec(_handle, sql);
        if (code != raw.SQLITE_OK)
            throw Report(code, inTransaction);
    }

    /// <summary>Moves the write-ahead log into the main file, as far as <paramref name="mode"/> insists.</summary>
    /// <returns>Whether all of it was moved and, where the mode asks for it, the log begins anew.</returns>
    public bool Checkpoint(int mode)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(_handle, "main", mode, out var logPages, out var movedPages);
        if (code is not (raw.SQLITE_OK or raw.SQLITE_BUSY))
            throw Report(code, inTransaction: false);
        return code == raw.SQLITE_OK && movedPages == logPages;
    }

    /// <summary>Has the next checkpoint move the whole log, also what an earlier one has moved already.</summary>
    public void ForgetMoved() => SqliteLogIndex.ForgetMoved(_handle, file);

    /// <summary>Leaves the log as it is when the file's last connection closes, for the next start to read.</summary>
    public void KeepLogAtClose() => _ = raw.sqlite3_db_config(_handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);

    /// <summary>How long to wait for another's lock.</summary>
    public void WaitForLocks(int milliseconds) => _ = raw.sqlite3_busy_timeout(_handle, milliseconds);

    /// <summary>How many pages the connection has written since this was last asked.</summary>
    public int TakePagesWritten()
    {
        const int Reset = 1;
        _ = raw.sqlite3_db_status(_handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, Reset);
        return pages;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _statements.Dispose();
        connection.Dispose();
    }

    private PreparedStatement Prepare(Statement statement, ReadOnlySpan<DbValue> arguments, bool inTransaction)
    {
        if (_mapping)
            throw new InvalidOperationException("A map reads its row and runs no statements.");
        var prepared = _statements.Get(statement, out var code) ?? throw Report(code, inTransaction);
        code = prepared.Bind(arguments);
        return code == raw.SQLITE_OK ? prepared : throw Report(code, inTransaction);
    }

    private DatabaseException Report(int code, bool inTransaction)
    {
        var error = new SqliteException(
            raw.sqlite3_errmsg(_handle).utf8_to_string() + ".", code & 0xff, raw.sqlite3_extended_errcode(_handle));
        var translated = SqliteErrors.Translate(error, file);
        if (!SqliteErrors.IsConfined(translated.Failure) || InTransaction != inTransaction)
            Doubt ??= translated;
        return translated;
    }
}
