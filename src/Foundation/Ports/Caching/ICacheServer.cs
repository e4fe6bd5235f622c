using Groundwork.Ports.Limiting;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.Logging;

namespace Groundwork.Ports.Caching;

/// <summary>The spaces in the process' own memory. One stands in every program.</summary>
public interface ICacheServer
{
    /// <summary>Opens a space; it is empty.</summary>
    /// <exception cref="InvalidOperationException">There is one of that name already.</exception>
    ICache Open(CacheSpace space);

    /// <summary>Opens the space of limits, which evicts nobody; it is empty.</summary>
    /// <param name="bytes">What keys and states may take, at least <see cref="CacheLimits.MinSpaceBytes"/>.</param>
    /// <exception cref="InvalidOperationException">It is open already.</exception>
    ILimitStore OpenLimits(long bytes);
}

/// <summary>Spaces on a server that other processes use as well. Disposing it ends its connections.</summary>
public interface ISharedCacheServer : IAsyncDisposable
{
    /// <summary>Opens a space: what others have put there under its name is there. The same name gives the same instance.</summary>
    ISharedCache Open(CacheSpace space);

    /// <summary>Opens the limits that all who use the server share.</summary>
    ILimitStore OpenLimits();

    /// <summary>
    /// Connects, which a call would do as well, but within its own time. It may take as long as the token lets it; what was begun goes on after that.
    /// </summary>
    /// <exception cref="CacheException">It is not connected, and is tried on.</exception>
    ValueTask ConnectAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether it answers.</summary>
    /// <exception cref="CacheException">It does not; the message says what to do.</exception>
    ValueTask CheckAsync(CancellationToken cancellationToken = default);
}

/// <summary>Something that serves the Cache port from outside the process: Redis, by its address.</summary>
public interface ISharedCacheEngine
{
    /// <summary>As people call it.</summary>
    string Name { get; }

    /// <summary>Whether it serves this value of <see cref="CacheSettings.Connection"/>, which is not empty.</summary>
    bool Serves(string connection);

    /// <summary>Makes the server; it connects when it is first used, and again by itself.</summary>
    ISharedCacheServer Create(CacheServerContext context);
}

/// <summary>What a server is made of.</summary>
/// <param name="Settings">The settings in force.</param>
/// <param name="Time">The clock.</param>
/// <param name="Loggers">Where it reports.</param>
public sealed record CacheServerContext(SettingValues Settings, TimeProvider Time, ILoggerFactory Loggers);
