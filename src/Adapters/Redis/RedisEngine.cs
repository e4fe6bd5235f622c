using Groundwork.Ports.Caching;

namespace Groundwork.Redis;

/// <summary>The Cache port on Redis 6 or newer, Valkey, and our own cache reached over the network: one prefix of keys a space.</summary>
public sealed class RedisEngine : ISharedCacheEngine
{
    /// <inheritdoc/>
    public string Name => "Redis";

    /// <inheritdoc/>
    public bool Serves(string connection) => !string.IsNullOrWhiteSpace(connection);

    /// <inheritdoc/>
    /// <exception cref="CacheException"><c>Cache:Connection</c> cannot be read.</exception>
    public ISharedCacheServer Create(CacheServerContext context) => new RedisServer(context);
}
