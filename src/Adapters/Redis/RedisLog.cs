using Microsoft.Extensions.Logging;

namespace Groundwork.Redis;

/// <summary>What the adapter reports. No message holds a connection string.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(1, LogLevel.Warning, "Redis at {Address} is lost: {Reason}. What needs it goes on without.")]
    public static partial void Lost(ILogger log, string address, string reason);

    [LoggerMessage(2, LogLevel.Information, "Redis at {Address} is back.")]
    public static partial void Back(ILogger log, string address);

    [LoggerMessage(3, LogLevel.Warning, "Changes of the space '{Space}' are not heard, so nothing near is served: {Reason}")]
    public static partial void NotHeard(ILogger log, string space, string reason);

    [LoggerMessage(4, LogLevel.Information, "Changes of the space '{Space}' are heard.")]
    public static partial void Heard(ILogger log, string space);
}
