using System.Data.Common;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Tests.Data;

/// <summary>A database that can be away for a while.</summary>
public sealed class AwayDatabase(IDatabase inner) : IDatabase
{
    private volatile bool _isAway;

    /// <summary>Whether calls fail.</summary>
    public bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    /// <summary>Completed by the first call that failed.</summary>
    public TaskCompletionSource<bool> Refused { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => inner.Name;

    public bool IsShared => inner.IsShared;

    public Task<IReadOnlyList<T>> WriteAsync<T>(Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken = default) =>
        Reached().WriteAsync(command, map, cancellationToken);

    public Task<int> WriteAsync(Command command, CancellationToken cancellationToken = default) =>
        Reached().WriteAsync(command, cancellationToken);

    public Task<IReadOnlyList<T>> ReadAsync<T>(
        Command command, Func<DbDataReader, T> map, Freshness freshness = Freshness.Latest, CancellationToken cancellationToken = default) =>
        Reached().ReadAsync(command, map, freshness, cancellationToken);

    public Task<T> TransactAsync<T>(string key, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken = default) =>
        Reached().TransactAsync(key, work, cancellationToken);

    private IDatabase Reached()
    {
        if (!IsAway)
            return inner;
        Refused.TrySetResult(true);
        throw new DatabaseException(DatabaseFailure.Unavailable, "The database is away.");
    }
}
