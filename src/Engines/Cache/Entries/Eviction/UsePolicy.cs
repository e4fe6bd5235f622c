namespace Groundwork.Cache.Entries.Eviction;

/// <summary>
/// How the use of entries is written down, in the 24 bits that the index has for it, and who is missed least.
/// </summary>
internal sealed unsafe class UsePolicy(EvictionPolicy policy, Random random)
{
    private ulong _chance = (ulong)random.NextInt64() | 1;

    /// <summary>Who leaves.</summary>
    public EvictionPolicy Policy { get; internal set; } = policy;

    /// <summary>How slowly the counter of uses grows (Redis' lfu-log-factor).</summary>
    public int LogFactor { get; set; } = 10;

    /// <summary>After how many minutes the counter loses one (Redis' lfu-decay-time); 0 for never.</summary>
    public int DecayMinutes { get; set; } = 1;

    /// <summary>The use of a new entry.</summary>
    public uint Begin(long now) => Policy.CountsFrequency() ? UseCounter.Begin(now) : UseClock.At(now);

    /// <summary>Notes that an entry was used.</summary>
    public void Touch(in Found found, long now)
    {
        var slot = found.Slot;
        var before = KeyIndex.UseOf(*slot);
        var after = Policy.CountsFrequency() ? UseCounter.After(before, now, Chance(), LogFactor, DecayMinutes)
            : UseClock.At(now);
        if (after != before)
            KeyIndex.SetUse(slot, after);
    }

    /// <summary>How little an entry would be missed; more is less.</summary>
    public long Idleness(uint use, long now) => Policy switch
    {
        EvictionPolicy.AllKeysLfu or EvictionPolicy.VolatileLfu => -UseCounter.Count(use, now, DecayMinutes),
        EvictionPolicy.AllKeysRandom or EvictionPolicy.VolatileRandom => 0,
        _ => UseClock.IdleMilliseconds(use, now),
    };

    private double Chance()
    {
        var x = _chance;
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        _chance = x;
        return (x >> 11) * (1.0 / (1ul << 53));
    }
}
