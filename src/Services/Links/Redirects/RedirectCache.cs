using Groundwork.Platform.Caching;
using Groundwork.Platform.Data;
using Groundwork.Ports.Database;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Links;

/// <summary>
/// What redirects need of links, kept near: what this copy changes holds here at once, what others change within a second.
/// </summary>
internal class RedirectCache : IAsyncDisposable
{
    // The target, its entry's strings' headers, and what rounding to eight bytes adds.
    private const int TargetBytes = 64;
    private const int StringBytes = 26;

    private readonly NearCache<long, RedirectTarget> _cache;
    private readonly Signals _signals;
    private readonly LinkStore _store;
    private readonly Blocklist _blocklist;

    public RedirectCache(
        [FromKeyedServices(LinkStore.SchemaName)] IDatabase database, LinkStore store, Blocklist blocklist, LinksOptions options,
        TimeProvider time, ILogger<RedirectCache> logger)
    {
        _signals = new Signals(database, Invalidate, () => _cache!.Clear(), time, logger);
        _cache = new NearCache<long, RedirectTarget>(
            new NearCacheOptions(options.CacheSize), LoadAsync, SizeOf, time, new Random(), () => _signals.IsCurrent);
        (_store, _blocklist) = (store, blocklist);
        blocklist.Changed = _cache.Clear;
    }

    /// <summary>How reads ended.</summary>
    public NearCacheCounts Counts => _cache.Counts;

    /// <summary>How many links are kept.</summary>
    public int Count => _cache.Count;

    /// <summary>What they take, in bytes.</summary>
    public long Bytes => _cache.Bytes;

    /// <summary>How many had to leave for others.</summary>
    public long Evictions => _cache.Evictions;

    /// <summary>Whether it knows of what other copies have changed.</summary>
    public bool IsCurrent => _signals.IsCurrent;

    /// <summary>Listens to other copies from now on.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _signals.StartAsync(cancellationToken);

    /// <summary>What leads from a number, where it is known without waiting.</summary>
    public bool TryFind(long number, DateTimeOffset now, out RedirectTarget? target) => _cache.TryGetFresh(number, now, out target);

    /// <summary>What leads from a number; null where there is no link, or it was deleted.</summary>
    public virtual ValueTask<RedirectTarget?> FindAsync(long number, CancellationToken cancellationToken) => _cache.GetAsync(number, cancellationToken);

    /// <summary>Forgets a link after it was changed.</summary>
    public void Invalidate(long number) => _cache.Invalidate(number);

    /// <summary>Tells the other copies of a change, when its transaction commits.</summary>
    public ValueTask SendAsync(ITransaction transaction, string distributionKey, long number) =>
        _signals.SendAsync(transaction, distributionKey, number);

    /// <summary>Stops listening.</summary>
    public ValueTask DisposeAsync() => _signals.DisposeAsync();

    private async ValueTask<RedirectTarget?> LoadAsync(long number, CancellationToken cancellationToken)
    {
        using var span = LinksSpans.Begin("load target");
        var target = await _store.FindTargetAsync(number, cancellationToken);
        return target is not null && _blocklist.Blocks(target.LongUrl) ? target with { IsBlocked = true } : target;
    }

    private static int SizeOf(RedirectTarget target) =>
        TargetBytes + StringBytes + (2 * target.LongUrl.Length) + (target.Alias is { } alias ? StringBytes + (2 * alias.Length) : 0);
}
