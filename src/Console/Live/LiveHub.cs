using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Console.Live;

/// <summary>
/// Renders live regions for those who look at them: each once a second however many look, and not at all when nobody does.
/// </summary>
/// <remarks>
/// <para>Bounds: <see cref="MaxViewers"/> at once; beyond, a page asks every few seconds instead, and shares the renderings
/// too. A viewer who is slow gets the latest, not all there were. Feeds at which nobody looks go once there are
/// <see cref="MaxIdleFeeds"/>.</para>
/// <para>Safe for concurrent use. Locks: the hub's, then a feed's, then a viewer's; none is held while something is rendered.</para>
/// </remarks>
internal sealed class LiveHub : IDisposable
{
    /// <summary>How many connections may listen at once.</summary>
    public const int MaxViewers = 64;

    /// <summary>How many regions one page may ask for.</summary>
    public const int MaxRegions = 8;

    /// <summary>How many feeds are kept for those who ask from time to time.</summary>
    public const int MaxIdleFeeds = 64;

    /// <summary>How often a region is rendered while somebody looks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, LiveRegion> _regions;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LiveFeed> _feeds = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly IServiceScopeFactory _scopes;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private int _viewers;
    private long _renderings;

    public LiveHub(
        IReadOnlyList<LiveRegion> regions, IServiceScopeFactory scopes, ILoggerFactory loggers, TimeProvider time)
    {
        _regions = regions.ToDictionary(r => r.Name, StringComparer.Ordinal);
        (_scopes, _loggers, _time) = (scopes, loggers, time);
        _logger = loggers.CreateLogger<LiveHub>();
    }

    /// <summary>How many listen now.</summary>
    public int Viewers => Volatile.Read(ref _viewers);

    /// <summary>How many renderings there were since the start.</summary>
    public long Renderings => Interlocked.Read(ref _renderings);

    /// <summary>How many regions are kept, looked at or not.</summary>
    public int Feeds
    {
        get
        {
            lock (_gate)
                return _feeds.Count;
        }
    }

    /// <summary>The region that a key asks for; null where there is none.</summary>
    /// <param name="services">Those of the request.</param>
    /// <param name="key">Its name, with the argument behind a colon where it takes one.</param>
    public LiveRegion? Find(IServiceProvider services, string key)
    {
        var (name, argument) = Split(key);
        return _regions.GetValueOrDefault(name) is { } region
            && (region.Takes is { } takes ? argument is not null && takes(services, argument) : argument is null)
            ? region
            : null;
    }

    /// <summary>Begins to listen to regions that were found.</summary>
    /// <returns>Null where as many listen as may.</returns>
    public LiveViewer? Join(IReadOnlyList<string> keys)
    {
        if (Interlocked.Increment(ref _viewers) > MaxViewers || _stop.IsCancellationRequested)
        {
            Interlocked.Decrement(ref _viewers);
            return null;
        }

        var viewer = new LiveViewer(keys, this);
        lock (_gate)
        {
            foreach (var key in keys)
                FeedOf(key).Add(viewer);
        }

        return viewer;
    }

    /// <summary>A region as it is now, at most an interval old.</summary>
    public Task<string> LatestAsync(string key)
    {
        lock (_gate)
            return FeedOf(key).LatestAsync();
    }

    /// <summary>Ends all feeds.</summary>
    public Task StopAsync()
    {
        _stop.Cancel();
        lock (_gate)
            return Task.WhenAll([.. _feeds.Values.Select(f => f.EndedAsync())]);
    }

    public void Dispose() => _stop.Dispose();

    internal void Leave(LiveViewer viewer)
    {
        lock (_gate)
        {
            foreach (var key in viewer.Keys)
                _feeds.GetValueOrDefault(key)?.Remove(viewer);
        }

        Interlocked.Decrement(ref _viewers);
    }

    private LiveFeed FeedOf(string key)
    {
        if (_feeds.TryGetValue(key, out var feed))
            return feed;
        if (_feeds.Count >= MaxIdleFeeds)
        {
            foreach (var idle in _feeds.Where(f => f.Value.IsIdle).Select(f => f.Key).ToList())
                _feeds.Remove(idle);
        }

        return _feeds[key] = new LiveFeed(key, () => RenderAsync(key), _time, _stop.Token);
    }

    private async Task<string> RenderAsync(string key)
    {
        var (name, argument) = Split(key);
        Interlocked.Increment(ref _renderings);
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            await using var renderer = new HtmlRenderer(scope.ServiceProvider, _loggers);
            return await renderer.Dispatcher.InvokeAsync(async () =>
            {
                var parameters = argument is null
                    ? ParameterView.Empty
                    : ParameterView.FromDictionary(new Dictionary<string, object?> { ["Argument"] = argument });
                return (await renderer.RenderComponentAsync(_regions[name].Component, parameters)).ToHtmlString();
            });
        }
        catch (Exception e) when (!_stop.IsCancellationRequested)
        {
            LiveLog.Failed(_logger, key, e);
            return "<p class=\"notice bad\">This part could not be shown; the log says why.</p>";
        }
    }

    private static (string Name, string? Argument) Split(string key) =>
        key.IndexOf(':', StringComparison.Ordinal) is >= 0 and var at ? (key[..at], key[(at + 1)..]) : (key, null);
}

internal static partial class LiveLog
{
    [LoggerMessage(1, LogLevel.Error, "The live region {Region} could not be rendered.")]
    public static partial void Failed(ILogger logger, string region, Exception exception);
}
