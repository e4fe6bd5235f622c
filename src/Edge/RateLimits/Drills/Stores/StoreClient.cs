using System.Globalization;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.RateLimits.Drills.Stores;

/// <summary>What a copy of the program has of a store: a connection of its own, with nothing before it. Safe for concurrent use; disposing it ends the connection.</summary>
internal sealed class StoreClient : IAsyncDisposable
{
    // A machine that is busy is not to look like a store that is down: the longest that may be set.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly ISharedCacheServer _server;

    /// <param name="services">The experiment's.</param>
    /// <param name="connection">Where the store is: a value of <see cref="CacheSettings.Connection"/>.</param>
    /// <param name="time">The caller's clock.</param>
    public StoreClient(IServiceProvider services, string connection, TimeProvider time)
    {
        var engine = services.GetServices<ISharedCacheEngine>().First(e => e.Serves(connection));
        var settings = SettingValues.Of(
            (CacheSettings.Connection, connection),
            (CacheSettings.Timeout, string.Create(CultureInfo.InvariantCulture, $"{Patience.TotalMilliseconds:0}ms")));
        _server = engine.Create(new CacheServerContext(settings, time, services.GetRequiredService<ILoggerFactory>()));
        Limits = _server.OpenLimits();
    }

    /// <summary>The limits.</summary>
    public ILimitStore Limits { get; }

    /// <summary>A space of values on the same server.</summary>
    public ICache Open(string name) => _server.Open(new CacheSpace(name, CacheLimits.MinSpaceBytes));

    /// <summary>Waits until the store answers.</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bounded.CancelAfter(Bound);
        while (true)
        {
            try
            {
                await _server.CheckAsync(bounded.Token);
                return;
            }
            catch (CacheException)
            {
                await Task.Delay(Pause, bounded.Token);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
