using System.Data.Common;
using Groundwork.Ports.Database;

namespace Groundwork.Links.Tests.Clicks;

/// <summary>A database that fails on command: before it has done what it was asked, or after.</summary>
internal sealed class UnreliableDatabase(IDatabase inner) : IDatabase
{
    private volatile int _failures;
    private volatile Behaviour _behaviour;

    internal enum Behaviour
    {
        Works,
        Refuses,
        LosesAnswers,
    }

    public Behaviour Does
    {
        get => _behaviour;
        set => _behaviour = value;
    }

    /// <summary>How many calls failed.</summary>
    public int Failures => _failures;

    public string Name => inner.Name;

    public bool IsShared => inner.IsShared;

    public Task<IReadOnlyList<T>> WriteAsync<T>(Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.WriteAsync(command, map, cancellationToken));

    public Task<int> WriteAsync(Command command, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.WriteAsync(command, cancellationToken));

    public Task<IReadOnlyList<T>> ReadAsync<T>(
        Command command, Func<DbDataReader, T> map, Freshness freshness = Freshness.Latest, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.ReadAsync(command, map, freshness, cancellationToken));

    public Task<T> TransactAsync<T>(string key, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken = default) =>
        AskAsync(() => inner.TransactAsync(key, work, cancellationToken));

    private async Task<T> AskAsync<T>(Func<Task<T>> call)
    {
        var behaviour = Does;
        var answer = behaviour == Behaviour.Refuses ? default! : await call();
        if (behaviour == Behaviour.Works)
            return answer;
        Interlocked.Increment(ref _failures);
        throw new DatabaseException(DatabaseFailure.Unavailable, "The database is away.");
    }
}
