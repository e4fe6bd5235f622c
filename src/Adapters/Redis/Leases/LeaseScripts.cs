using Groundwork.Ports.Caching;
using StackExchange.Redis;

namespace Groundwork.Redis.Leases;

/// <summary>
/// Leases by scripts on the server: a round trip each. <c>KEYS[1]</c> is the value, <c>KEYS[2]</c> the lease, whose content is its token.
/// </summary>
internal sealed class LeaseScripts : ILeaseCommands
{
    // Of a value without an end PTTL says -1.
    private const string Take = """
        local value = redis.call('get', KEYS[1])
        local left = 0
        if value then
            left = redis.call('pttl', KEYS[1])
            if left == -1 or left > tonumber(ARGV[3]) then return {0, value, left} end
        end
        if redis.call('set', KEYS[2], ARGV[1], 'nx', 'px', ARGV[2]) then return {1, value, left} end
        return {2, value, left}
        """;

    private const string Fill = """
        if redis.call('get', KEYS[2]) ~= ARGV[1] then return 0 end
        if ARGV[3] == '-1' then
            redis.call('set', KEYS[1], ARGV[2])
        else
            redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3])
        end
        redis.call('del', KEYS[2])
        return 1
        """;

    private const string Release = """
        if redis.call('get', KEYS[2]) ~= ARGV[1] then return 0 end
        return redis.call('del', KEYS[2])
        """;

    /// <inheritdoc/>
    public async Task<LeaseAnswer> TakeAsync(IDatabase database, LeaseRequest request)
    {
        var answer = await RedisScripts.EvaluateAsync(
            database, Take, [request.Key.Value, request.Key.Lease], [request.Token, request.LeaseMs, request.StaleMs]);
        var state = (int)answer[0] switch
        {
            0 => LeaseState.Fresh,
            1 => LeaseState.Granted,
            _ => LeaseState.Held,
        };
        return new LeaseAnswer(state, (byte[]?)answer[1], (long)answer[2], request.Token);
    }

    /// <inheritdoc/>
    public async Task<bool> FillAsync(IDatabase database, FillRequest request) => (bool)await RedisScripts.EvaluateAsync(
        database, Fill, [request.Key.Value, request.Key.Lease], [request.Token, request.Value, request.LifeMs]);

    /// <inheritdoc/>
    public async Task<bool> ReleaseAsync(IDatabase database, LeasedKey key, long token) =>
        (bool)await RedisScripts.EvaluateAsync(database, Release, [key.Value, key.Lease], [token]);
}
