using System.Numerics;
using System.Text.RegularExpressions;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Limits;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;

namespace Groundwork.Cache.Embedded;

/// <summary>The Cache port, served by the engine in the same process: a space of its own for each that is opened.</summary>
internal sealed partial class EmbeddedServer(CacheEngine engine) : ICacheServer
{
    // A shard has a page of index and, for each size of values, one that is not full: less than a twentieth of this.
    private const long BytesPerShard = 4 << 20;

    /// <inheritdoc/>
    public ICache Open(CacheSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return new EmbeddedCache(engine, OpenSpace(space), space);
    }

    /// <inheritdoc/>
    public ILimitStore OpenLimits(long bytes)
    {
        var space = new CacheSpace(LimitStoreLimits.SpaceName, bytes, CacheEviction.Nobody);
        var opened = OpenSpace(space, keepsStates: true);
        return engine.Limits = new LimitKeeper(opened.Keyspace, engine.Time);
    }

    private Space OpenSpace(CacheSpace space, bool keepsStates = false)
    {
        if (!Name().IsMatch(space.Name) || space.Name == CacheLimits.ClientsName)
            throw new ArgumentException($"A space's name is 1 to 32 of a–z, 0–9 and -, and not {CacheLimits.ClientsName}; '{space.Name}' is not.", nameof(space));
        if (space.Bytes < CacheLimits.MinSpaceBytes)
            throw new ArgumentException($"A space has at least {CacheLimits.MinSpaceBytes} bytes; {space.Name} has {space.Bytes}.", nameof(space));
        return engine.Spaces.TryOpen(space.Name, OptionsOf(space) with { KeepsStates = keepsStates })
            ?? throw new InvalidOperationException($"There is a space '{space.Name}' already.");
    }

    private static KeyspaceOptions OptionsOf(CacheSpace space)
    {
        var most = (long)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Environment.ProcessorCount * 4, 16, 256));
        var shards = (int)Math.Min(most, 1L << BitOperations.Log2((ulong)(space.Bytes / BytesPerShard) | 1));
        return new KeyspaceOptions(space.Bytes, PolicyOf(space.Eviction), shards, BySlot: false);
    }

    private static EvictionPolicy PolicyOf(CacheEviction eviction) =>
        eviction == CacheEviction.Nobody ? EvictionPolicy.NoEviction : EvictionPolicy.AllKeysTinyLfu;

    [GeneratedRegex("^[a-z0-9-]{1,32}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
