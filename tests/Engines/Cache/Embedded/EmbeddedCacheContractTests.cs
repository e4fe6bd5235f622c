using Groundwork.Cache.Commands;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;

namespace Groundwork.Cache.Tests.Embedded;

/// <summary>The contract of the Cache port, kept by the engine in the same process.</summary>
public sealed class EmbeddedCacheContractTests : EmbeddedCacheContract
{
    private CacheEngine? _engine;

    protected override ICacheServer CreateServer(TimeProvider time)
    {
        _engine = new CacheEngine(new KeyspaceOptions(4 << 20, EvictionPolicy.AllKeysLru, 4), time, new Random(1));
        return new EmbeddedServer(_engine);
    }

    public override ValueTask DisposeAsync()
    {
        _engine?.Dispose();
        return base.DisposeAsync();
    }
}
