using System.Data.Common;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Data;

/// <summary>An item that was given up.</summary>
/// <param name="DistributionKey">Its distribution key.</param>
/// <param name="Id">Its name.</param>
/// <param name="Payload">What it is about.</param>
/// <param name="Attempts">How often it was delivered.</param>
/// <param name="Enqueued">When it came.</param>
/// <param name="Died">When it was given up.</param>
/// <param name="Reason">What the last failure said, up to 1024 characters.</param>
public sealed record DeadLetter(
    string DistributionKey, string Id, byte[] Payload, int Attempts, DateTimeOffset Enqueued, DateTimeOffset Died, string Reason);

/// <summary>What a queue has given up: people look at it, mend the cause, and replay or drop it.</summary>
/// <remarks>Kept for <see cref="WorkQueueOptions.DeadLetterLifetime"/>. Safe for concurrent use.</remarks>
public sealed class DeadLetters
{
    /// <summary>The most that one listing returns.</summary>
    public const int MaxPage = 1000;

    private readonly IDatabase _database;
    private readonly TimeProvider _time;
    private readonly string _queue;
    private readonly TimeSpan _lifetime;
    private readonly Action _wake;

    internal DeadLetters(IDatabase database, TimeProvider time, string queue, TimeSpan lifetime, Action wake) =>
        (_database, _time, _queue, _lifetime, _wake) = (database, time, queue, lifetime, wake);

    /// <summary>Lists them, the longest dead first, maybe from a replica.</summary>
    /// <param name="limit">How many at most: 1 to <see cref="MaxPage"/>.</param>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    public Task<IReadOnlyList<DeadLetter>> ListAsync(int limit, DeadLetter? after = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPage);
        return _database.ReadAsync(
            new Command(
                WorkQueueSql.ListDead, Command.AnyKey,
                _queue, after?.Died.ToUnixTimeMilliseconds() ?? -1L, after?.DistributionKey ?? "", after?.Id ?? "", (long)limit),
            Read,
            Freshness.ReplicaWillDo,
            cancellationToken);
    }

    /// <summary>Puts one back into the queue, due at once, with all of its attempts before it.</summary>
    /// <returns>False where it is not dead any more.</returns>
    public async Task<bool> ReplayAsync(string distributionKey, string id, CancellationToken cancellationToken = default)
    {
        var replayed = await _database.WriteAsync(
            new Command(WorkQueueSql.ReplayDead, distributionKey, distributionKey, _queue, id, _time.GetUtcNow()), cancellationToken) == 1;
        _wake();
        return replayed;
    }

    /// <summary>Drops one for good.</summary>
    /// <returns>False where it is not dead any more.</returns>
    public async Task<bool> DropAsync(string distributionKey, string id, CancellationToken cancellationToken = default) =>
        await _database.WriteAsync(
            new Command(WorkQueueSql.DropDead, distributionKey, distributionKey, _queue, id), cancellationToken) == 1;

    /// <summary>Drops those past their lifetime, for <see cref="PeriodicSweep"/>.</summary>
    /// <returns>How many, up to <paramref name="max"/>.</returns>
    public Task<int> SweepAsync(int max, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(
            new Command(WorkQueueSql.SweepDead, Command.AnyKey, _queue, _time.GetUtcNow() - _lifetime, (long)max), cancellationToken);

    private static DeadLetter Read(DbDataReader reader) => new(
        reader.GetString(0),
        reader.GetString(1),
        reader.GetFieldValue<byte[]>(2),
        (int)reader.GetInt64(3),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4)),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(5)),
        reader.GetString(6));
}
