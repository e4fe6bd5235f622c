using System.Data.Common;
using Groundwork.Platform.Data;
using Groundwork.Ports.Database;

namespace Groundwork.Platform.Messaging;

/// <summary>An event that the broker did not take, and that was given up.</summary>
/// <param name="DistributionKey">That of the transaction that added it.</param>
/// <param name="Sequence">Its place among those of its distribution key.</param>
/// <param name="Event">The event.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Created">When it was added.</param>
/// <param name="Died">When it was given up.</param>
/// <param name="Reason">What the broker said, up to 1024 characters.</param>
public sealed record OutboxLetter(
    string DistributionKey, long Sequence, OutboxEvent Event, int Attempts, DateTimeOffset Created, DateTimeOffset Died, string Reason);

/// <summary>What an outbox has given up: people look at it, mend the cause, and replay or drop it.</summary>
/// <remarks>Kept for <see cref="OutboxOptions.LetterLifetime"/>. While a letter lies here, later events of its key say so (<see cref="EventHeaders.Missing"/>). Safe for concurrent use.</remarks>
public sealed class OutboxLetters
{
    /// <summary>The most that one listing returns.</summary>
    public const int MaxPage = 1000;

    private readonly IDatabase _database;
    private readonly TimeProvider _time;
    private readonly TimeSpan _lifetime;
    private readonly Action _wake;

    internal OutboxLetters(IDatabase database, TimeProvider time, TimeSpan lifetime, Action wake) =>
        (_database, _time, _lifetime, _wake) = (database, time, lifetime, wake);

    /// <summary>Lists them, the longest dead first, maybe from a replica.</summary>
    /// <param name="limit">How many at most: 1 to <see cref="MaxPage"/>.</param>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<OutboxLetter>> ListAsync(int limit, OutboxLetter? after = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxPage);
        return _database.ReadAsync(
            new Command(
                OutboxSql.ListDead, Command.AnyKey,
                after?.Died.ToUnixTimeMilliseconds() ?? -1L, after?.DistributionKey ?? "", after?.Sequence ?? -1L, (long)limit),
            Read,
            Freshness.ReplicaWillDo,
            cancellationToken);
    }

    /// <summary>Sends one after all, before what waits of its key, with all of its attempts before it and a header that says so (<see cref="EventHeaders.Replay"/>).</summary>
    /// <returns>False where it is not dead any more: of two who replay it one does.</returns>
    public async Task<bool> ReplayAsync(string distributionKey, string id, CancellationToken cancellationToken = default)
    {
        var replayed = await _database.WriteAsync(new Command(OutboxSql.ReplayDead, distributionKey, distributionKey, id), cancellationToken) > 0;
        _wake();
        return replayed;
    }

    /// <summary>Drops one for good.</summary>
    /// <returns>False where it is not dead any more.</returns>
    public async Task<bool> DropAsync(string distributionKey, string id, CancellationToken cancellationToken = default) =>
        await _database.WriteAsync(new Command(OutboxSql.DropDead, distributionKey, distributionKey, id), cancellationToken) > 0;

    /// <summary>Drops those past their lifetime, for <see cref="PeriodicSweep"/>.</summary>
    /// <returns>How many, up to <paramref name="max"/>.</returns>
    internal Task<int> SweepAsync(int max, CancellationToken cancellationToken) =>
        _database.WriteAsync(new Command(OutboxSql.SweepDead, Command.AnyKey, _time.GetUtcNow() - _lifetime, (long)max), cancellationToken);

    private static OutboxLetter Read(DbDataReader reader) => new(
        reader.GetString(0),
        reader.GetInt64(1),
        new OutboxEvent(reader.GetString(3), OutboxRow.Bytes(reader, 4)?.ToArray(), OutboxRow.Bytes(reader, 5)?.ToArray())
        {
            Id = reader.GetString(2),
            Headers = HeaderBytes.Read(reader.GetFieldValue<byte[]>(6)),
        },
        (int)reader.GetInt64(8),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(7)),
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(9)),
        reader.GetString(10));
}
