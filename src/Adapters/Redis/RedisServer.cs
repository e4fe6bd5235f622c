using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Redis.Leases;
using Groundwork.Redis.Limits;
using Groundwork.Redis.Tracking;
using Microsoft.Extensions.Logging;

namespace Groundwork.Redis;

/// <summary>
/// The spaces of all modules on one Redis, over one connection for calls and one more for each space whose changes are listened to.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RedisServer : ISharedCacheServer
{
    private readonly CacheServerContext _context;
    private readonly RedisAddress _address;
    private readonly RedisConnection _connection;
    private readonly LeaseKeeper _leases;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RedisCache> _spaces = new(StringComparer.Ordinal);
    private readonly List<SpaceTracking> _tracked = [];
    private bool _disposed;

    /// <summary>Reads the settings; connects to nothing.</summary>
    public RedisServer(CacheServerContext context)
    {
        _context = context;
        _log = context.Loggers.CreateLogger("Groundwork.Cache");
        _address = RedisAddress.Parse(context.Settings.Get(CacheSettings.Connection));
        _connection = new RedisConnection(_address, context.Settings.Get(CacheSettings.Timeout), context.Time, _log);
        _leases = new LeaseKeeper(_connection);
    }

    /// <inheritdoc/>
    public ISharedCache Open(CacheSpace space)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_spaces.TryGetValue(space.Name, out var cache))
                _spaces.Add(space.Name, cache = new RedisCache(space, _connection, _leases, Track));
            return cache;
        }
    }

    /// <inheritdoc/>
    public ILimitStore OpenLimits() => new RedisLimits(_connection);

    /// <inheritdoc/>
    public async ValueTask ConnectAsync(CancellationToken cancellationToken = default)
    {
        await _connection.ConnectAsync(cancellationToken);
        await _leases.PrepareAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask CheckAsync(CancellationToken cancellationToken = default) => _connection.CheckAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        foreach (var tracking in _tracked)
            await tracking.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private SpaceTracking Track(SpaceKeys keys, ICacheListener listener)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var tracking = new SpaceTracking(_connection, _address, keys, listener, _context.Time, _log);
            _tracked.Add(tracking);
            return tracking;
        }
    }
}
