
namespace Groundwork.Cache.Entries.Eviction;

/// <summary>
/// Makes room: first by evacuating sparse pages, then by letting entries go.
/// </summary>
/// <remarks>
/// <para>Victims are sought by looking at a few entries at random and taking the one that the policy would miss least, as Redis
/// does: exact order would cost every read a move in a list. Seven entries lie in a cache line, so a look at
/// 14 costs two or three; Redis looks at five, each somewhere else.</para>
/// <para>They are sought in the shard whose lock is held, which holds a random part of the keys. Only where it holds much less than
/// its share (large values lie in others) another one gives way, if its lock is free: waiting for it with a lock held could
/// wait forever.</para>
/// </remarks>
internal sealed unsafe class Evictor(Keyspace keyspace, Random random)
{
    // Where few entries expire, most looks are in vain.
    private const int MaxLooks = 2 * UsePolicy.MaxSamples;

    // Blocks of a large value that has left, between two looks at whether that is enough.
    private const int FreedAtOnce = 64;

    private readonly ulong _seed = (ulong)random.NextInt64() | 1;
    private ulong _state = (ulong)random.NextInt64() | 1;

    /// <summary>Makes room for so many bytes.</summary>
    /// <returns>False where nobody may leave.</returns>
    public bool MakeRoom(Shard shard, long bytes, long now)
    {
        while (keyspace.Pool.Excess(bytes) > 0)
        {
            if (shard.FreeSome(FreedAtOnce) || shard.Heap.TryEvacuate())
                continue;
            if (keyspace.Use.Policy == EvictionPolicy.NoEviction)
                return TryEvacuateElsewhere(shard);
            if (IsSmall(shard) ? !TryEvictElsewhere(shard, now) && !TryEvict(shard, now) : !TryEvict(shard, now) && !TryEvictElsewhere(shard, now))
                return keyspace.Pool.Excess(bytes) <= 0;
        }

        return true;
    }

    /// <summary>Frees some of a shard, whose lock is held, while more is held than the bound: it was lowered.</summary>
    /// <returns>Whether there is more to free.</returns>
    public bool Shrink(Shard shard, int budget, long now)
    {
        for (var freed = 0; freed < budget; freed++)
        {
            if (keyspace.Pool.Excess(0) <= 0 || keyspace.Use.Policy == EvictionPolicy.NoEviction
                || (!shard.FreeSome(FreedAtOnce) && !shard.Heap.TryEvacuate() && !TryEvict(shard, now)))
                return false;
        }

        return true;
    }

    private bool IsSmall(Shard shard) => shard.HeldBytes * 2 * keyspace.Shards.Length < keyspace.Pool.Held;

    private bool TryEvacuateElsewhere(Shard held)
    {
        foreach (var shard in keyspace.Shards)
        {
            if (shard == held || !shard.Gate.TryEnter())
                continue;
            try
            {
                if (shard.FreeSome(FreedAtOnce) || shard.Heap.TryEvacuate())
                    return true;
            }
            finally
            {
                shard.Gate.Exit();
            }
        }

        return false;
    }

    private bool TryEvictElsewhere(Shard held, long now)
    {
        Shard? largest = null;
        foreach (var shard in keyspace.Shards)
        {
            if (shard != held && (largest is null || shard.HeldBytes > largest.HeldBytes))
                largest = shard;
        }

        if (largest is null || !largest.Gate.TryEnter())
            return false;
        try
        {
            return largest.FreeSome(FreedAtOnce) || largest.Heap.TryEvacuate() || TryEvict(largest, now);
        }
        finally
        {
            largest.Gate.Exit();
        }
    }

    private bool TryEvict(Shard shard, long now)
    {
        var victim = Victim(shard, now);
        if (victim == 0)
            return false;
        var found = shard.At(victim);
        shard.Remove(ref found, KeyChange.Evicted);
        return true;
    }

    private uint Victim(Shard shard, long now)
    {
        var policy = keyspace.Use.Policy;
        if (shard.Index.Count == 0)
            return 0;
        if (policy == EvictionPolicy.VolatileTtl)
            return shard.NextToExpire();

        // A bucket, and as much of what it overflowed to.
        Span<ulong> slots = stackalloc ulong[2 * KeyIndex.SlotsPerBucket];
        var samples = keyspace.Use.Samples;
        var (best, bestScore, seen) = (0u, double.NegativeInfinity, 0);
        for (var look = 0; look < MaxLooks && look < samples + 2 && seen < samples; look++)
        {
            var count = shard.Index.Slots(NextBelow(shard.Index.Buckets), slots);
            foreach (var slot in slots[..count])
            {
                if (policy.IsVolatile() && !KeyIndex.Expires(slot))
                    continue;
                seen++;
                var block = KeyIndex.BlockOf(slot);
                var score = keyspace.Use.Idleness(KeyIndex.UseOf(slot), shard.Heap.SizeOf(block), now);
                if (score > bestScore)
                    (best, bestScore) = (block, score);
            }
        }

        // Few entries, or few that expire: whichever comes first.
        return best != 0 ? best
            : policy.IsVolatile() ? shard.NextToExpire()
            : First(shard);
    }

    private static uint First(Shard shard)
    {
        Span<ulong> slots = stackalloc ulong[1];
        for (var bucket = 0u; bucket < shard.Index.Buckets; bucket++)
        {
            if (shard.Index.Slots(bucket, slots) > 0)
                return KeyIndex.BlockOf(slots[0]);
        }

        return 0;
    }

    // Threads that race for the state get the same number now and then, which does no harm.
    private uint NextBelow(uint bound)
    {
        var x = _state;
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        _state = x == 0 ? _seed : x;
        return (uint)(((x >> 32) * bound) >> 32);
    }
}
