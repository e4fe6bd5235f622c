using Groundwork.Platform.Caching;
using Groundwork.Platform.Data;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Links;

/// <summary>
/// What redirects need of links, in a space of the cache: what this copy changes holds here at once, what others change within a second.
/// </summary>
internal class RedirectCache : IAsyncDisposable
{
    private readonly LoadingCache<long, RedirectTarget> _cache;
    private readonly Signals _signals;
    private readonly LinkStore _store;
    private readonly Blocklist _blocklist;

    public RedirectCache(
        [FromKeyedServices(LinkStore.SchemaName)] IDatabase database, LinkStore store, Blocklist blocklist, RedirectSpace space,
        TimeProvider time, ILogger<RedirectCache> logger)
    {
        _signals = new Signals(database, number => _ = InvalidateAsync(number).AsTask(), Clear, time, logger);
        _cache = new LoadingCache<long, RedirectTarget>(
            space.Cache, new RedirectCodec(), LoadAsync, new LoadingOptions(), time, new Random(), () => _signals.IsCurrent);
        (_store, _blocklist) = (store, blocklist);
        blocklist.Changed = Clear;
    }

    /// <summary>How reads ended.</summary>
    public LoadingCounts Counts => _cache.Counts;

    /// <summary>Whether it knows of what other copies have changed.</summary>
    public bool IsCurrent => _signals.IsCurrent;

    /// <summary>Listens to other copies from now on.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _signals.StartAsync(cancellationToken);

    /// <summary>What leads from a number, where it is known without waiting.</summary>
    public bool TryFind(long number, DateTimeOffset now, out RedirectTarget? target) => _cache.TryGetFresh(number, now, out target);

    /// <summary>What leads from a number; null where there is no link, or it was deleted.</summary>
    public virtual ValueTask<RedirectTarget?> FindAsync(long number, CancellationToken cancellationToken) => _cache.GetAsync(number, cancellationToken);

    /// <summary>Forgets a link after it was changed.</summary>
    public ValueTask InvalidateAsync(long number) => _cache.InvalidateAsync(number);

    /// <summary>Tells the other copies of a change, when its transaction commits.</summary>
    public ValueTask SendAsync(ITransaction transaction, string distributionKey, long number) =>
        _signals.SendAsync(transaction, distributionKey, number);

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _signals.DisposeAsync();
        await _cache.DisposeAsync();
    }

    // Both never fail, and end here at once where the cache is the process' own.
    private void Clear() => _ = _cache.ClearAsync().AsTask();

    private async ValueTask<RedirectTarget?> LoadAsync(long number, CancellationToken cancellationToken)
    {
        using var span = LinksSpans.Begin("load target");
        var target = await _store.FindTargetAsync(number, cancellationToken);
        return target is not null && _blocklist.Blocks(target.LongUrl) ? target with { IsBlocked = true } : target;
    }
}

/// <summary>The space in which redirects lie.</summary>
internal sealed record RedirectSpace(ICache Cache)
{
    /// <summary>Opens it, as large as the operator says.</summary>
    public static RedirectSpace Open(CacheSpaces spaces, LinksOptions options) => new(spaces.Open(new CacheSpace("links", options.CacheSize)));
}
