using System.Globalization;
using Groundwork.Ports.Experiments;

namespace Groundwork.RateLimits.Drills.Stores;

/// <summary>redis-server, where it is installed; it keeps nothing on disk.</summary>
internal static class RedisProcess
{
    private const string Program = "redis-server";

    /// <summary>Why it cannot be used, and what to do; null where it can.</summary>
    public static string? Missing { get; } = LocalProgram.IsInPath(Program) ? null : $"{Program} is not in PATH: install it.";

    /// <summary>Starts it, and waits until it takes connections.</summary>
    public static async Task<StoreProcess> StartAsync(int port, CancellationToken cancellationToken)
    {
        var redis = await LocalProgram.StartServerAsync(
            Program,
            port,
            ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"],
            cancellationToken);
        return new StoreProcess(redis.ProcessId, redis.KillAsync, redis.DisposeAsync);
    }
}
