using System.Diagnostics.Metrics;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Serving;

namespace Groundwork.Cache;

/// <summary>
/// What the cache reports of itself; read when somebody asks, so that a command pays nothing for it. What is of a module's space has its
/// name, what is of the clients' databases has none.
/// </summary>
internal sealed class CacheTelemetry : IDisposable
{
    private readonly Meter _meter = new("Groundwork.Cache");
    private readonly CacheEngine _engine;

    public CacheTelemetry(CacheEngine engine, RespServer? server)
    {
        _engine = engine;
        _meter.CreateObservableCounter(
            "groundwork.cache.lookups",
            () => Each(s => Sum(s, c => c.Hits), Result("hit")).Concat(Each(s => Sum(s, c => c.Misses), Result("miss"))),
            "{lookup}", "Keys that were looked up to be read.");
        _meter.CreateObservableCounter("groundwork.cache.commands", engine.Stats.Calls, "{command}", "Commands of clients that have run.");
        _meter.CreateObservableCounter("groundwork.cache.evictions", () => Each(s => Sum(s, c => c.Evicted)), "{key}", "Keys that had to leave for others.");
        _meter.CreateObservableCounter("groundwork.cache.expirations", () => Each(s => Sum(s, c => c.Expired)), "{key}", "Keys whose time was over.");
        _meter.CreateObservableGauge("groundwork.cache.keys", () => Each(s => Enumerable.Range(0, s.Databases).Sum(s.Keyspace.Count)), "{key}", "Keys that are there.");
        _meter.CreateObservableGauge("groundwork.cache.memory.used", () => Each(s => s.Keyspace.Pool.Held), "By", "Memory that is held for keys, values and index.");
        _meter.CreateObservableGauge("groundwork.cache.memory.limit", () => Each(s => s.Keyspace.Pool.Limit), "By", "What it may be.");
        _meter.CreateObservableGauge("groundwork.cache.leases", () => Each(s => s.CountLeases()), "{lease}", "Keys that somebody has the lease of.");
        if (server is not null)
            _meter.CreateObservableGauge("groundwork.cache.clients", () => server.Connected, "{client}", "Clients that are connected.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Result(string result) => new("result", result);

    private static long Sum(Space space, Func<ShardCounts, long> of)
    {
        var sum = 0L;
        foreach (var shard in space.Keyspace.Shards)
            sum += of(shard.Counts);
        return sum;
    }

    private IEnumerable<Measurement<long>> Each(Func<Space, long> of, params KeyValuePair<string, object?>[] tags) =>
        _engine.Spaces.All.Select(s => new Measurement<long>(of(s), s.Name.Length == 0 ? tags : [.. tags, new("space", s.Name)]));
}
