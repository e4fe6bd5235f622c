using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Ports.Caching.Inspection;
using Groundwork.Primitives.Sketches;

namespace Groundwork.Cache.Inspection;

/// <summary>Looks into one space. Thread-safe.</summary>
internal sealed class SpaceInspector(Space space) : ISpaceInspector
{
    // Fewer say nothing; a small cache never has many, since it watches few keys.
    private const long LeastSamples = 1024;

    private readonly Keyspace _keyspace = space.Keyspace;

    /// <inheritdoc/>
    public string Name => space.Name;

    /// <inheritdoc/>
    public int Databases => space.Databases;

    /// <inheritdoc/>
    public SpaceState Read()
    {
        var counts = _keyspace.Count();
        return new SpaceState(
            counts.Keys.Sum(),
            counts.Expiring.Sum(),
            _keyspace.Pool.Held,
            _keyspace.Pool.Limit,
            EvictionPolicies.NameOf(_keyspace.Use.Policy),
            counts.Hits,
            counts.Misses,
            counts.Evicted,
            counts.Expired);
    }

    /// <inheritdoc/>
    public KeyPage ReadKeys(KeyQuery query) => KeyWalk.Read(_keyspace, query);

    /// <inheritdoc/>
    public KeyDetail? ReadKey(int database, ReadOnlySpan<byte> key, ElementQuery query)
    {
        var shard = _keyspace.ShardOf(key);
        lock (shard.Gate)
        {
            var found = shard.Find(database, key, _keyspace.Now);
            return found.Exists ? KeyReader.Read(_keyspace, shard, found, query) : null;
        }
    }

    /// <inheritdoc/>
    public KeyRemoval RemoveKey(int database, ReadOnlySpan<byte> key, ulong? version)
    {
        var shard = _keyspace.ShardOf(key);
        lock (shard.Gate)
        {
            var found = shard.Find(database, key, _keyspace.Now);
            if (!found.Exists)
            {
                // Who loads it may have read what the caller would have gone.
                KeyEvents.Of(shard).CancelLease(database, key);
                return KeyRemoval.NotThere;
            }

            if (version is not null && version != ValueVersion.Of(shard, found))
                return KeyRemoval.Changed;
            shard.Remove(ref found, KeyChange.Written);
            if (space.Notifications.IsOn)
                space.Notifications.Send(EventClass.Generic, "del"u8, database, key);
            return KeyRemoval.Removed;
        }
    }

    /// <inheritdoc/>
    public HotKeys ReadHotKeys(int count)
    {
        var report = space.HotKeys.Report(Math.Min(count, HeavyHitters.MaxShown), _keyspace.Now);
        return new HotKeys(
            [.. report.Keys.Select(k => new HotKey(k.Group, k.Name, k.PerSecond, k.Share, k.Error))], report.PerSecond, report.StillHot);
    }

    /// <inheritdoc/>
    public MissRatioCurve ReadMissRatio()
    {
        var curve = _keyspace.Sample.Curve();
        var limit = _keyspace.Pool.Limit;
        return new MissRatioCurve(
            limit == 0 || curve.Samples < LeastSamples ? [] : [.. curve.Points.Select(p => new MissRatioPoint((long)(p.Times * limit), p.Times, p.Ratio))],
            curve.Samples,
            curve.Policy);
    }
}
