using Groundwork.Cache.Popularity;

namespace Groundwork.Cache.Entries.Eviction;

/// <summary>
/// How the use of entries is written down, in the 24 bits that the index has for it, and who is missed least.
/// </summary>
internal sealed unsafe class UsePolicy(EvictionPolicy policy, UseTicks ticks, KeySample sample, Random random)
{
    /// <summary>The most entries that may be looked at.</summary>
    public const int MaxSamples = 64;

    private ulong _chance = (ulong)random.NextInt64() | 1;

    /// <summary>Who leaves.</summary>
    public EvictionPolicy Policy { get; internal set; } = policy;

    /// <summary>How many entries are looked at for one who leaves (Redis' maxmemory-samples), 1 to <see cref="MaxSamples"/>.</summary>
    public int Samples { get; set; } = 14;

    /// <summary>How slowly the counter of uses grows (Redis' lfu-log-factor).</summary>
    public int LogFactor { get; set; } = 10;

    /// <summary>After how many minutes the counter loses one (Redis' lfu-decay-time); 0 for never.</summary>
    public int DecayMinutes { get; set; } = 1;

    /// <summary>The use of a new entry.</summary>
    public uint Begin(long now) =>
        Policy.IsTinyLfu() ? UseRecord.Of(ticks.Now, 0)
        : Policy.IsLfu() ? UseCounter.Begin(now)
        : UseClock.At(now);

    /// <summary>Notes that an entry was used; under the lock of its shard.</summary>
    public void Touch(Shard shard, in Found found, long now)
    {
        Count(shard);
        var slot = found.Slot;
        var before = KeyIndex.UseOf(*slot);
        if (Policy.IsTinyLfu())
        {
            // Uses in the same tick are one.
            var tick = ticks.Now;
            var age = UseRecord.Age(before, tick);
            if (age == 0)
                return;
            Watch(shard, found.Hash, KeyIndex.BlockOf(*slot));
            KeyIndex.SetUse(slot, UseRecord.Of(tick, ReuseModel.Used(UseRecord.Frequency(before), age, sample.HalfLife)));
            return;
        }

        Watch(shard, found.Hash, KeyIndex.BlockOf(*slot));
        var after = Policy.IsLfu() ? UseCounter.After(before, now, Chance(), LogFactor, DecayMinutes) : UseClock.At(now);
        if (after != before)
            KeyIndex.SetUse(slot, after);
    }

    /// <summary>Notes that an entry is made, which is a use, and gives what is written down of it.</summary>
    /// <param name="shard">Its shard, whose lock is held.</param>
    /// <param name="hash">Of its key.</param>
    /// <param name="block">Its block.</param>
    /// <param name="use">What is written down of one that was never there.</param>
    public uint Made(Shard shard, ulong hash, uint block, uint use)
    {
        Count(shard);
        Watch(shard, hash, block);
        return Policy.IsTinyLfu() && shard.Left.Find(hash) is var before and >= 0
            ? UseRecord.Of(ticks.Now, ReuseModel.Used(before, 0, sample.HalfLife))
            : use;
    }

    /// <summary>Notes that an entry had to leave.</summary>
    public void Left(Shard shard, ulong hash, uint use)
    {
        if (Policy.IsTinyLfu())
            shard.Left.Add(hash, UseRecord.Frequency(use), shard.Index.Count);
    }

    /// <summary>How little an entry would be missed; more is less.</summary>
    /// <param name="use">What is written down of it.</param>
    /// <param name="bytes">The size of its block.</param>
    /// <param name="now">Unix milliseconds.</param>
    public double Idleness(uint use, int bytes, long now) => Policy switch
    {
        EvictionPolicy.AllKeysTinyLfu or EvictionPolicy.VolatileTinyLfu => -Worth(use) / bytes,
        EvictionPolicy.AllKeysLfu or EvictionPolicy.VolatileLfu => -UseCounter.Count(use, now, DecayMinutes),
        EvictionPolicy.AllKeysRandom or EvictionPolicy.VolatileRandom => 0,
        _ => UseClock.IdleMilliseconds(use, now),
    };

    /// <summary>How often an entry was used, as its policy counts.</summary>
    public int Frequency(uint use, long now) => Policy.IsTinyLfu() ? UseRecord.Frequency(use) : UseCounter.Count(use, now, DecayMinutes);

    private double Worth(uint use) => sample.Model.Worth(UseRecord.Frequency(use), UseRecord.Age(use, ticks.Now));

    private void Watch(Shard shard, ulong hash, uint block)
    {
        if (sample.Watches(hash))
            sample.Use(hash, shard.Heap.SizeOf(block));
    }

    private void Count(Shard shard)
    {
        if (++shard.Counts.Uses % UseTicks.UsesAtOnce == 0)
            ticks.Add(UseTicks.UsesAtOnce);
    }

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
