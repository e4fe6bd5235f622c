using Groundwork.Ports.Caching;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.Redis.Tests;

/// <summary>Makes what the tests are about.</summary>
internal static class Servers
{
    /// <summary>A client of a server.</summary>
    public static ISharedCacheServer Create(string connection, TimeSpan timeout, ILoggerFactory? loggers = null) => new RedisEngine().Create(new CacheServerContext(
        SettingValues.Of((CacheSettings.Connection, connection), (CacheSettings.Timeout, $"{timeout.TotalMilliseconds:0}ms")),
        TimeProvider.System,
        loggers ?? NullLoggerFactory.Instance));
}
