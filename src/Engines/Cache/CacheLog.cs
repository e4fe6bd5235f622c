using Microsoft.Extensions.Logging;

namespace Groundwork.Cache;

/// <summary>What the cache reports.</summary>
internal static partial class CacheLog
{
    [LoggerMessage(1, LogLevel.Information, "The cache listens on {Address}, in Redis' protocol.")]
    public static partial void Listens(ILogger log, string address);

    [LoggerMessage(2, LogLevel.Warning, "The cache does not listen: {Reason} Everything else runs. Set Cache:Listen to another address, such as 127.0.0.1:0 for a spare port.")]
    public static partial void DoesNotListen(ILogger log, string reason);

    [LoggerMessage(3, LogLevel.Error, "A command of the cache failed; its client was closed.")]
    public static partial void CommandFailed(ILogger log, Exception failure);
}
