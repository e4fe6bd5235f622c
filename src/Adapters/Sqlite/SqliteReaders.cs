using System.Data.Common;
using Groundwork.Ports.Database;
using Microsoft.Data.Sqlite;

namespace Groundwork.Sqlite;

/// <summary>
/// A bounded pool of connections that only read. A read runs on its caller's thread; when all connections are rented,
/// callers wait. Each statement is a transaction of its own, so it sees every write acknowledged before it began.
/// Safe for concurrent callers.
/// </summary>
internal sealed class SqliteReaders(string name, string file, int count) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(count, count);
    private readonly Lock _lock = new();
    private readonly Stack<SqliteSession> _idle = new(count);
    private volatile bool _closed;

    /// <summary>Runs a statement and maps its rows.</summary>
    public async Task<IReadOnlyList<T>> ReadAsync<T>(Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            if (_closed)
                throw SqliteErrors.Closed(name);
            var session = Rent();
            try
            {
                return session.Query(command.Statement, map, command.Arguments);
            }
            finally
            {
                Return(session);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Takes nothing more, waits for the reads that run, and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        for (var i = 0; i < count; i++)
            await _free.WaitAsync();
        while (_idle.TryPop(out var session))
            session.Dispose();
        _free.Release(count);
    }

    private SqliteSession Rent()
    {
        lock (_lock)
        {
            // The last one returned first: its pages are the warmest.
            if (_idle.TryPop(out var session))
                return session;
        }

        try
        {
            return new SqliteSession(SqlitePragmas.OpenReader(file), file);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, file);
        }
    }

    private void Return(SqliteSession session)
    {
        // After a failure of the disk or the file, the next reader starts with a connection that remembers nothing.
        if (session.Doubt is not null)
        {
            session.Dispose();
            return;
        }

        lock (_lock)
            _idle.Push(session);
    }
}
