using Groundwork.Ports.Database;
using SQLitePCL;

namespace Groundwork.Sqlite;

/// <summary>
/// The statements prepared on one connection, at most <see cref="Limit"/>: statements are made once and there are few, so
/// the bound only guards against SQL that is put together at run time. Used by one thread at a time.
/// </summary>
internal sealed class PreparedStatements(sqlite3 connection) : IDisposable
{
    /// <summary>How many statements are kept; the one unused longest goes first.</summary>
    public const int Limit = 256;

    private readonly Dictionary<Statement, PreparedStatement> _prepared = [];
    private long _uses;

    /// <summary>A statement, prepared; null where SQLite refused it, with its code.</summary>
    public PreparedStatement? Get(Statement statement, out int code)
    {
        code = raw.SQLITE_OK;
        if (!_prepared.TryGetValue(statement, out var prepared))
        {
            prepared = PreparedStatement.Prepare(connection, SqliteDialect.Translate(statement.Sql), out code);
            if (prepared is null)
                return null;
            MakeRoom();
            _prepared.Add(statement, prepared);
        }

        prepared.LastUse = ++_uses;
        return prepared;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var prepared in _prepared.Values)
            prepared.Dispose();
        _prepared.Clear();
    }

    private void MakeRoom()
    {
        if (_prepared.Count < Limit)
            return;
        var oldest = _prepared.MinBy(p => p.Value.LastUse);
        _prepared.Remove(oldest.Key);
        oldest.Value.Dispose();
    }
}
