using Groundwork.Ports.Caching;
using StackExchange.Redis;

namespace Groundwork.Redis.Leases;

/// <summary>
/// Leases where the server has no scripts: by transactions, whose conditions the driver watches. One round trip for what is
/// fresh, two for all else.
/// </summary>
internal sealed class LeaseTransactions : ILeaseCommands
{
    /// <inheritdoc/>
    public async Task<LeaseAnswer> TakeAsync(IDatabase database, LeaseRequest request)
    {
        var (value, leftMs, isFresh, _) = await ReadAsync(database, request, take: false);
        if (isFresh)
            return new LeaseAnswer(LeaseState.Fresh, value, leftMs, Token: 0);

        (value, leftMs, isFresh, var taken) = await ReadAsync(database, request, take: true);
        if (!isFresh)
            return new LeaseAnswer(taken ? LeaseState.Granted : LeaseState.Held, value, leftMs, request.Token);
        if (taken)
            await ReleaseAsync(database, request.Key, request.Token); // somebody set a value between the two
        return new LeaseAnswer(LeaseState.Fresh, value, leftMs, Token: 0);
    }

    /// <inheritdoc/>
    public Task<bool> FillAsync(IDatabase database, FillRequest request)
    {
        var transaction = Holding(database, request.Key, request.Token);
        _ = transaction.StringSetAsync(request.Key.Value, request.Value, Lives.Expiry(request.LifeMs));
        _ = transaction.KeyDeleteAsync(request.Key.Lease);
        return transaction.ExecuteAsync();
    }

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(IDatabase database, LeasedKey key, long token)
    {
        var transaction = Holding(database, key, token);
        _ = transaction.KeyDeleteAsync(key.Lease);
        return transaction.ExecuteAsync();
    }

    private static async Task<(byte[]? Value, long LeftMs, bool IsFresh, bool Taken)> ReadAsync(IDatabase database, LeaseRequest request, bool take)
    {
        var transaction = database.CreateTransaction();
        var value = transaction.StringGetAsync(request.Key.Value);
        var left = transaction.ExecuteAsync("PTTL", [(RedisKey)request.Key.Value]);
        var taken = take
            ? transaction.StringSetAsync(
                request.Key.Lease, request.Token, Lives.Expiry(request.LeaseMs), ValueCondition.NotExists)
            : null;
        await transaction.ExecuteAsync();

        var bytes = (byte[]?)await value;
        var leftMs = (long)await left;
        return (bytes, leftMs, bytes is not null && (leftMs == Lives.Endless || leftMs > request.StaleMs), taken is not null && await taken);
    }

    private static ITransaction Holding(IDatabase database, LeasedKey key, long token)
    {
        var transaction = database.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual(key.Lease, token));
        return transaction;
    }
}
