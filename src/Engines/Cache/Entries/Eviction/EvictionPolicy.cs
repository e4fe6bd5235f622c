namespace Groundwork.Cache.Entries.Eviction;

/// <summary>Who has to leave when memory is short, as Redis names it where Redis has it.</summary>
internal enum EvictionPolicy
{
    /// <summary>Nobody: what needs memory is refused.</summary>
    NoEviction,

    /// <summary>Who was not used for the longest time.</summary>
    AllKeysLru,

    /// <summary>Who is used least often.</summary>
    AllKeysLfu,

    /// <summary>Anybody.</summary>
    AllKeysRandom,

    /// <summary>Who is least likely to be used again soon, by how often and how lately it was; not Redis'.</summary>
    AllKeysTinyLfu,

    /// <summary>As <see cref="AllKeysLru"/>, among those that expire.</summary>
    VolatileLru,

    /// <summary>As <see cref="AllKeysLfu"/>, among those that expire.</summary>
    VolatileLfu,

    /// <summary>As <see cref="AllKeysTinyLfu"/>, among those that expire.</summary>
    VolatileTinyLfu,

    /// <summary>Any of those that expire.</summary>
    VolatileRandom,

    /// <summary>Who expires next.</summary>
    VolatileTtl,
}

/// <summary>The policies' names, as they are set and shown.</summary>
internal static class EvictionPolicies
{
    private static readonly string[] Names =
    [
        "noeviction", "allkeys-lru", "allkeys-lfu", "allkeys-random", "allkeys-tinylfu",
        "volatile-lru", "volatile-lfu", "volatile-tinylfu", "volatile-random", "volatile-ttl",
    ];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>A policy's name.</summary>
    public static string NameOf(EvictionPolicy policy) => Names[(int)policy];

    /// <summary>The policy of a name, in any case.</summary>
    public static bool TryParse(string name, out EvictionPolicy policy)
    {
        var index = Array.FindIndex(Names, n => n.Equals(name, StringComparison.OrdinalIgnoreCase));
        policy = (EvictionPolicy)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>Whether only keys that expire may leave.</summary>
    public static bool IsVolatile(this EvictionPolicy policy) => policy >= EvictionPolicy.VolatileLru;

    /// <summary>Whether it is Redis' LFU.</summary>
    public static bool IsLfu(this EvictionPolicy policy) => policy is EvictionPolicy.AllKeysLfu or EvictionPolicy.VolatileLfu;

    /// <summary>Whether it weighs how often and how long ago by what other keys have shown.</summary>
    public static bool IsTinyLfu(this EvictionPolicy policy) => policy is EvictionPolicy.AllKeysTinyLfu or EvictionPolicy.VolatileTinyLfu;

    /// <summary>Whether it is written down how often keys are used.</summary>
    public static bool CountsFrequency(this EvictionPolicy policy) => policy.IsLfu() || policy.IsTinyLfu();
}
