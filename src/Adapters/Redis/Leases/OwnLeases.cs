using Groundwork.Ports.Caching;
using StackExchange.Redis;

namespace Groundwork.Redis.Leases;

/// <summary>
/// Leases by our own cache's commands: a round trip each, the server gives the token, and a lease is no key that could leave for others.
/// </summary>
internal sealed class OwnLeases : ILeaseCommands
{
    /// <inheritdoc/>
    public async Task<LeaseAnswer> TakeAsync(IDatabase database, LeaseRequest request)
    {
        var answer = await database.ExecuteAsync(
            "GETLEASE", [(RedisKey)request.Key.Value, "STALE", request.StaleMs, "PX", request.LeaseMs, "GROUP", request.Key.Space]);
        var state = (string?)answer[0] switch
        {
            "fresh" => LeaseState.Fresh,
            "granted" => LeaseState.Granted,
            _ => LeaseState.Held,
        };
        var token = state == LeaseState.Granted ? (long)answer[2] : 0;
        return new LeaseAnswer(state, (byte[]?)answer[1], (long)answer[3], token);
    }

    /// <inheritdoc/>
    public async Task<bool> FillAsync(IDatabase database, FillRequest request)
    {
        object[] ends = request.LifeMs == Lives.Endless ? [] : ["PX", request.LifeMs];
        return (bool)await database.ExecuteAsync("SETLEASE", [(RedisKey)request.Key.Value, request.Token, request.Value, .. ends]);
    }

    /// <summary>Cancels the leases of a space's keys, there or not.</summary>
    public static Task CancelAllAsync(IDatabase database, string space) => database.ExecuteAsync("CANCELLEASES", space);

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(IDatabase database, LeasedKey key, long token) =>
        (bool)await database.ExecuteAsync("DELLEASE", [(RedisKey)key.Value, token]);
}
