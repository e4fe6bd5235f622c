using Groundwork.Ports.Caching;
using Groundwork.Ports.Experiments;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>
/// What a copy of the program has of a shared cache: a connection, a breaker and memory near of its own, put together as a running copy
/// puts them together. Safe for concurrent use; disposing it ends its connections.
/// </summary>
internal sealed class DrillSpaces : IAsyncDisposable
{
    private const long NearBytes = 16 << 20;

    private readonly AsyncServiceScope _services;
    private readonly ICacheServer _own;
    private readonly CacheSpaces _spaces;
    private readonly bool _hasBreaker;

    /// <param name="context">The drill's, or its worker's.</param>
    /// <param name="connection">Where the shared cache is: a value of <see cref="CacheSettings.Connection"/>.</param>
    /// <param name="timeout">How long a call may take. Where the claim is about something else it is so long that a machine that is busy
    /// does not look like a cache that is down.</param>
    /// <param name="isDeaf">See <see cref="WatchedServer"/>.</param>
    /// <param name="hasBreaker">Whether a cache that is down is left alone.</param>
    public DrillSpaces(IDrillContext context, string connection, TimeSpan timeout, bool isDeaf = false, bool hasBreaker = true)
    {
        _services = context.BuildServices();
        _hasBreaker = hasBreaker;
        var provider = _services.ServiceProvider;
        Time = provider.GetRequiredService<TimeProvider>();
        _own = provider.GetRequiredService<ICacheServer>();
        var settings = SettingValues.Of((CacheSettings.Connection, connection), (CacheSettings.Timeout, $"{timeout.TotalMilliseconds:0}ms"));
        var engine = provider.GetServices<ISharedCacheEngine>().First(e => e.Serves(connection));
        Shared = new WatchedServer(
            engine.Create(new CacheServerContext(settings, Time, provider.GetRequiredService<ILoggerFactory>())), isDeaf);
        _spaces = new CacheSpaces(_own, Shared, Time);
    }

    /// <summary>For a claim that is not about how long calls take: the longest that <see cref="CacheSettings.Timeout"/> may be.</summary>
    public static TimeSpan Patient { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Why there is no shared cache to be had; null where there is.</summary>
    public static string? Missing(IDrillContext context) => context.Services.GetService<ISharedCacheEngine>() is null
        ? "No module of this program reaches a shared cache: let all Modules run."
        : null;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The connection.</summary>
    public WatchedServer Shared { get; }

    /// <summary>Opens a space as modules do.</summary>
    public ICache Open(string name)
    {
        var space = new CacheSpace(name, NearBytes);
        return _hasBreaker ? _spaces.Open(space) : new NearCache(Shared.Open(space), _own.Open(space), Time);
    }

    /// <summary>Opens the same space with nothing before it: neither near memory nor a breaker.</summary>
    public ISharedCache OpenFar(string name) => Shared.Open(new CacheSpace(name, NearBytes));

    /// <summary>Whether the changes of a space are really being told.</summary>
    public bool IsHeard(string name) => Shared.IsHeard(name);

    /// <summary>Waits until the shared cache answers.</summary>
    public async Task ReadyAsync(CancellationToken cancellationToken) => await Waits.UntilAsync(
        async () =>
        {
            try
            {
                await Shared.CheckAsync(cancellationToken);
                return true;
            }
            catch (CacheException)
            {
                return false;
            }
        },
        "The shared cache answers.", cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Shared.DisposeAsync();
        await _services.DisposeAsync();
    }
}
