using System.Collections.Concurrent;
using System.Data.Common;
using Groundwork.Ports.Database;

namespace Groundwork.Links.Drills;

/// <summary>
/// A database that acknowledges what it has not committed: each write is answered when its statement has run, and committed a little
/// later. Reads wait for the writes before them, so that nothing but a crash brings it to light.
/// </summary>
internal sealed class EarlyDatabase(IDatabase real) : IDatabase
{
    private const int LateByMs = 5;

    private readonly ConcurrentDictionary<Task, bool> _committing = new();

    public string Name => real.Name;

    public bool IsShared => real.IsShared;

    public Task<IReadOnlyList<T>> WriteAsync<T>(Command command, Func<DbDataReader, T> map, CancellationToken cancellationToken = default) =>
        real.WriteAsync(command, map, cancellationToken);

    public Task<int> WriteAsync(Command command, CancellationToken cancellationToken = default) => TransactAsync(
        command.Key, transaction => transaction.ExecuteAsync(command.Statement, command.Arguments.AsSpan()), cancellationToken);

    public async Task<IReadOnlyList<T>> ReadAsync<T>(
        Command command, Func<DbDataReader, T> map, Freshness freshness = Freshness.Latest, CancellationToken cancellationToken = default)
    {
        await Task.WhenAll(_committing.Keys);
        return await real.ReadAsync(command, map, freshness, cancellationToken);
    }

    public Task<T> TransactAsync<T>(string key, Func<ITransaction, ValueTask<T>> work, CancellationToken cancellationToken = default)
    {
        var early = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var committing = CommitAsync();
        _committing[committing] = true;
        _ = committing.ContinueWith(done => _committing.TryRemove(done, out var _), TaskScheduler.Default);
        return early.Task;

        async Task CommitAsync()
        {
            try
            {
                early.TrySetResult(await real.TransactAsync(key, AnswerAsync, cancellationToken));
            }
            catch (Exception e)
            {
                early.TrySetException(e);
            }
        }

        // A transaction may not wait for anything but its statements, so the thread does.
        async ValueTask<T> AnswerAsync(ITransaction transaction)
        {
            var value = await work(transaction);
            early.TrySetResult(value);
            Thread.Sleep(LateByMs);
            return value;
        }
    }
}
