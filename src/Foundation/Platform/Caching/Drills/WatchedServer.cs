using System.Collections.Concurrent;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>A shared cache's server whose calls are counted, and which can be made deaf. Safe for concurrent use.</summary>
/// <param name="server">The adapter's.</param>
/// <param name="isDeaf">Whether it claims to hear of all changes, and forgets to say that anything may have changed.</param>
internal sealed class WatchedServer(ISharedCacheServer server, bool isDeaf) : ISharedCacheServer
{
    private readonly ConcurrentDictionary<string, ISharedCache> _spaces = new(StringComparer.Ordinal);

    /// <summary>The calls of all spaces.</summary>
    public FarCalls Calls { get; } = new();

    /// <summary>Whether the changes of a space are being told, whatever a deaf one claims.</summary>
    public bool IsHeard(string space) => _spaces.TryGetValue(space, out var cache) && cache.IsHeard;

    /// <inheritdoc/>
    public ISharedCache Open(CacheSpace space) => new WatchedCache(_spaces[space.Name] = server.Open(space), Calls, isDeaf);

    /// <inheritdoc/>
    public ILimitStore OpenLimits() => server.OpenLimits();

    /// <inheritdoc/>
    public ValueTask ConnectAsync(CancellationToken cancellationToken = default) => server.ConnectAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask CheckAsync(CancellationToken cancellationToken = default) => server.CheckAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();
}
