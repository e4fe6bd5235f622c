using Groundwork.Cache.Entries;
using Groundwork.Cache.Leases;
using Groundwork.Cache.Values;
using Groundwork.Primitives.Sketches;

namespace Groundwork.Cache.Commands;

/// <summary>
/// Keys within a bound of their own, and who wants to know of them: the clients' databases, or a space that a module has opened.
/// </summary>
/// <remarks>Spaces have no memory, lock or policy in common, so that nothing that happens in one can be felt in another.</remarks>
internal sealed class Space : IDisposable
{
    private const int FewestLeases = 64;
    private const int MostLeases = 4096;

    /// <param name="name">Its name; empty for the clients' databases.</param>
    /// <param name="options">Its bound and who leaves.</param>
    /// <param name="engine">Where it is a space.</param>
    public Space(string name, KeyspaceOptions options, CacheEngine engine)
    {
        (Name, Databases) = (name, options.Databases);
        lock (engine.Random)
        {
            Keyspace = new Keyspace(options, new ValueStore(), engine.Time, engine.Random);
            HotKeys = new HeavyHitters(new Random(engine.Random.Next()));
        }

        Notifications = new Notifications(engine.Channels, name);
        foreach (var shard in Keyspace.Shards)
            shard.Observer = new KeyEvents(shard, engine.Seed, Notifications, engine.Tracking, new LeaseTable(Keyspace.Pool, MaxLeases(options)));
    }

    /// <summary>Its name; empty for the clients' databases.</summary>
    public string Name { get; }

    /// <summary>How many databases it has: only the clients' own have more than one.</summary>
    public int Databases { get; }

    /// <summary>The keys.</summary>
    public Keyspace Keyspace { get; }

    /// <summary>Which keys are read most, by clients and by the module whose space it is.</summary>
    public HeavyHitters HotKeys { get; }

    /// <summary>Tells changes of keys.</summary>
    public Notifications Notifications { get; }

    /// <summary>How many leases there are. No lock is needed: about so many, while others work.</summary>
    public int CountLeases()
    {
        var count = 0;
        foreach (var shard in Keyspace.Shards)
            count += KeyEvents.Of(shard).Leases.Count;
        return count;
    }

    /// <summary>Forgets leases whose time is over.</summary>
    public void SweepLeases()
    {
        var now = Keyspace.Now;
        foreach (var shard in Keyspace.Shards)
        {
            lock (shard.Gate)
                KeyEvents.Of(shard).Leases.Sweep(now);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Keyspace.Dispose();

    // A kilobyte of the bound each, of which a lease takes 50 bytes: as many as may be loaded at once, and their loaders be lost.
    private static int MaxLeases(KeyspaceOptions options) => options.MaxMemory == 0 ? MostLeases
        : (int)Math.Clamp(options.MaxMemory / options.Shards / 1024, FewestLeases, MostLeases);
}
