using System.Globalization;
using Groundwork.Testing.Servers;

namespace Groundwork.Redis.Tests;

/// <summary>Waits by the server's own clock.</summary>
internal static class ServerClock
{
    /// <summary>Waits until a server's clock has moved, and one millisecond beyond: Redis keeps a key through the last of its life.</summary>
    public static async Task PassAsync(RedisProcess redis, TimeSpan time, CancellationToken cancellationToken)
    {
        var end = await NowAsync(redis, cancellationToken) + (long)time.TotalMilliseconds + 1;
        while (await NowAsync(redis, cancellationToken) <= end)
            await Task.Delay(1, cancellationToken);
    }

    private static async Task<long> NowAsync(RedisProcess redis, CancellationToken cancellationToken)
    {
        var answer = await redis.AskAsync("EVAL \"local t = redis.call('time') return t[1] * 1000 + math.floor(t[2] / 1000)\" 0", cancellationToken);
        return long.Parse(answer.AsSpan(1), CultureInfo.InvariantCulture);
    }
}
