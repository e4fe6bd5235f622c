using System.Data.Common;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Tests.Data;

/// <summary>A database that says whether it is shared as a test wants it to, and tells of each read.</summary>
public sealed class SharedDatabase(IDatabase inner, bool isShared) : IDatabase
{
    private int _reads;

    /// <summary>How many reads ended.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Happens after the database looked, and before its answer is there.</summary>
    public Action? OnRead { get; set; }

    public string Name => inner.Name;

    public bool IsShared => isShared;

    public Task<IReadOnlyList<T>> WriteAsync<T>(Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(command, map, cancellationToken);

    public Task<int> WriteAsync(Command command, CancellationToken cancellationToken = default) => inner.WriteAsync(command, cancellationToken);

    public async Task<IReadOnlyList<T>> ReadAsync<T>(
        Command command, Func<DbDataReader, T> map, Freshness freshness = Freshness.Latest, CancellationToken cancellationToken = default)
    {
        var rows = await inner.ReadAsync(command, map, freshness, cancellationToken);
        OnRead?.Invoke();
        Interlocked.Increment(ref _reads);
        return rows;
    }

    public Task<T> TransactAsync<T>(string key, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken = default) =>
        inner.TransactAsync(key, work, cancellationToken);
}
