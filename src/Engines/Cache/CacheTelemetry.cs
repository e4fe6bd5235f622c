using System.Diagnostics.Metrics;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Serving;

namespace Groundwork.Cache;

/// <summary>What the cache reports of itself; read when somebody asks, so that a command pays nothing for it.</summary>
internal sealed class CacheTelemetry : IDisposable
{
    private readonly Meter _meter = new("Groundwork.Cache");

    public CacheTelemetry(CacheEngine engine, RespServer server)
    {
        var keyspace = engine.Keyspace;
        _meter.CreateObservableCounter(
            "groundwork.cache.lookups",
            () => new Measurement<long>[] { new(Sum(keyspace, c => c.Hits), Result("hit")), new(Sum(keyspace, c => c.Misses), Result("miss")) },
            "{lookup}", "Keys that commands looked up to read.");
        _meter.CreateObservableCounter("groundwork.cache.commands", engine.Stats.Calls, "{command}", "Commands of clients that have run.");
        _meter.CreateObservableCounter("groundwork.cache.evictions", () => Sum(keyspace, c => c.Evicted), "{key}", "Keys that had to leave for others.");
        _meter.CreateObservableCounter("groundwork.cache.expirations", () => Sum(keyspace, c => c.Expired), "{key}", "Keys whose time was over.");
        _meter.CreateObservableGauge("groundwork.cache.keys", () => Enumerable.Range(0, Keyspace.Databases).Sum(keyspace.Count), "{key}", "Keys that are there.");
        _meter.CreateObservableGauge("groundwork.cache.memory.used", () => keyspace.Pool.Held, "By", "Memory that is held for keys, values and index.");
        _meter.CreateObservableGauge("groundwork.cache.memory.limit", () => keyspace.Pool.Limit, "By", "What it may be.");
        _meter.CreateObservableGauge("groundwork.cache.clients", () => server.Connected, "{client}", "Clients that are connected.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Result(string result) => new("result", result);

    private static long Sum(Keyspace keyspace, Func<ShardCounts, long> of)
    {
        var sum = 0L;
        foreach (var shard in keyspace.Shards)
            sum += of(shard.Counts);
        return sum;
    }
}
