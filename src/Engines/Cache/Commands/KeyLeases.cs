using Groundwork.Cache.Entries;
using Groundwork.Ports.Caching;

namespace Groundwork.Cache.Commands;

/// <summary>Whether a caller who reads a key is to load it.</summary>
internal static class KeyLeases
{
    /// <summary>How long a lease holds where nobody says.</summary>
    public const long DefaultMilliseconds = 10_000;

    /// <summary>Decides, under the shard's lock.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="shard">The key's shard.</param>
    /// <param name="key">The key, as it was looked up.</param>
    /// <param name="hasValue">Whether it has a value to give.</param>
    /// <param name="lease">How long a lease holds, in milliseconds.</param>
    /// <param name="stale">With how much left to live its value is stale, in milliseconds.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="group">With whose other leases it can be cancelled; 0 for none.</param>
    public static CacheLease Ask(CacheEngine engine, Shard shard, Found key, bool hasValue, long lease, long stale, long now, ulong group = 0)
    {
        var left = hasValue ? LeftOf(key, now) : TimeSpan.Zero;
        if (hasValue && (key.Deadline < 0 || key.Deadline - now > stale))
            return new CacheLease(LeaseState.Fresh, HasValue: true, Token: 0, left);
        var token = engine.Leases.Next();
        return KeyEvents.Of(shard).Leases.TryGrant(key.Hash, token, now + Math.Clamp(lease, 1, long.MaxValue - now), now, group)
            ? new CacheLease(LeaseState.Granted, hasValue, token, left)
            : new CacheLease(LeaseState.Held, hasValue, Token: 0, left);
    }

    /// <summary>How long a key has left to live, as the Cache port says it.</summary>
    /// <param name="key">The key, as it was looked up.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static TimeSpan LeftOf(Found key, long now)
    {
        if (!key.Exists)
            return TimeSpan.Zero;
        return key.Deadline < 0
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromTicks(Math.Min(key.Deadline - now, long.MaxValue / TimeSpan.TicksPerMillisecond) * TimeSpan.TicksPerMillisecond);
    }
}
