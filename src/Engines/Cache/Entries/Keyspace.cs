using Groundwork.Cache.Entries.Eviction;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;
using Groundwork.Cache.Popularity;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Cache.Entries;

/// <summary>
/// All keys of a cache, spread over shards, within one bound of memory.
/// </summary>
/// <remarks>
/// <para>A key's slot is Redis Cluster's (<see cref="KeySlot"/>), and a shard has every 2^n-th slot, so keys with the same hash tag
/// lie in one shard. Keys that never move to another node have no need of that (<see cref="KeyspaceOptions.BySlot"/>): the hash by
/// which they are looked up says their shard as well. Commands run on their callers' threads: they take the locks of the shards that they need, in the order of
/// their numbers, make room (<see cref="MakeRoom"/>), and do their work.</para>
/// <para>The bound is kept by pages, which is what the process holds: keys, values, index, and what is lost between them.</para>
/// </remarks>
internal sealed class Keyspace : IDisposable
{
    /// <summary>How many databases there are, as in Redis' default.</summary>
    public const int Databases = 16;

    // What watching keys may take of the bound: a part of so many.
    private const int SampledPart = 32;

    // A keyspace without a bound is taken for one of so much.
    private const long Unbounded = 1L << 30;

    // With a line of the index and one of its entry each, half of the 512 KiB that a small core has.
    private const int FewKeys = 2048;

    private readonly UseTicks _ticks = new();
    private readonly Shard[] _shards;
    private readonly UnixClock _clock;
    private readonly Evictor _evictor;
    private readonly bool _bySlot;

    public Keyspace(KeyspaceOptions options, IValues values, TimeProvider time, Random random)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_clock, _bySlot) = (new UnixClock(time), options.BySlot);
        Pool = new PagePool(options.MaxMemory, inHugePages: options.KeepsStates);
        _ticks.Fit(FitBytes);
        Sample = new KeySample(_ticks, FitBytes / SampledPart, Fitting, Pool.Account, new Random(random.Next()));
        Use = new UsePolicy(options.Policy, _ticks, Sample, random);
        var now = Now;
        var seed = (ulong)random.NextInt64();
        StateSeed = options.KeepsStates ? (ulong)random.NextInt64() : 0;
        var key = new HashKey((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue));
        _shards = new Shard[options.Shards];
        for (var n = 0; n < _shards.Length; n++)
            _shards[n] = new Shard(n, Pool, seed, values, now) { States = options.KeepsStates ? new StateTable(Pool) : null, Use = Use, HashKey = key, Pieces = Pieces, Random = new Random(random.Next()) };
        SetPolicy(options.Policy);
        _evictor = new Evictor(this, random);
    }

    /// <summary>Its memory.</summary>
    public PagePool Pool { get; }

    /// <summary>Up to where collections stand in one piece.</summary>
    public PieceLimits Pieces { get; } = new();

    /// <summary>How use is noted, and who leaves first.</summary>
    public UsePolicy Use { get; }

    /// <summary>What is learned of all keys from some.</summary>
    public KeySample Sample { get; }

    /// <summary>The secret by which names of small states are hashed once more.</summary>
    public ulong StateSeed { get; }

    /// <summary>Its parts, in the order of their locks.</summary>
    public ReadOnlySpan<Shard> Shards => _shards;

    /// <summary>The time, in Unix milliseconds.</summary>
    public long Now => _clock.Now;

    /// <summary>Whether there are so few keys, by those of one shard, that a processor has the index and the entries' beginnings in its own cache.</summary>
    public bool HasFewKeys => _shards[0].Index.Count * _shards.Length <= FewKeys;

    /// <summary>The shard of a slot.</summary>
    public Shard ShardOf(int slot) => _shards[slot & (_shards.Length - 1)];

    /// <summary>The shard of a key.</summary>
    public Shard ShardOf(ReadOnlySpan<byte> key) => _bySlot ? ShardOf(KeySlot.Of(key)) : ShardOfHash(HashOf(key));

    /// <summary>The hash of a key in database 0, which is the same in every shard.</summary>
    public ulong HashOf(ReadOnlySpan<byte> key) => _shards[0].Index.HashOf(0, key);

    /// <summary>The shard of a key's hash, where keys are not spread by slots: by bits that neither the index nor its tags use.</summary>
    public Shard ShardOfHash(ulong hash) => _shards[(int)(hash >> 40) & (_shards.Length - 1)];

    /// <summary>
    /// Sees to it that so many bytes can be allocated within the bound: evacuates, then evicts. Blocks may move and entries go, so
    /// nothing that was looked up before is good after.
    /// </summary>
    /// <param name="shard">Where they will be allocated; its lock is held.</param>
    /// <param name="bytes">How many.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>False where there is nobody left who may leave.</returns>
    public bool MakeRoom(Shard shard, long bytes, long now) =>
        Pool.Excess(Needed(bytes)) <= 0 || _evictor.MakeRoom(shard, Needed(bytes), now);

    /// <summary>Whether so many bytes could be had if everybody else left.</summary>
    public bool CouldFit(long bytes) => Pool.Limit == 0 || Needed(bytes) <= Pool.Limit;

    /// <summary>Whether its bound is reached and nobody has to leave: what needs memory is refused.</summary>
    public bool IsFullForGood => Use.Policy == EvictionPolicy.NoEviction && Pool.Excess(Needed(0)) > 0;

    /// <summary>Sets who leaves, while others use it: under every shard's lock.</summary>
    public void ChangePolicy(EvictionPolicy policy) => LockAll(() => SetPolicy(policy));

    /// <summary>Sets the bound, while others use it: under every shard's lock.</summary>
    public void ChangeLimit(long bytes) => LockAll(() =>
    {
        Pool.Limit = bytes;
        _ticks.Fit(FitBytes);
        Sample.Clear();
        if (Use.Policy.IsTinyLfu())
            SetPolicy(Use.Policy);
    });

    /// <summary>The bytes of all entries and chunks. No lock is needed: about so many, while others write.</summary>
    public long BlockBytes
    {
        get
        {
            var bytes = 0L;
            foreach (var shard in _shards)
                bytes += shard.Heap.BlockBytes;
            return bytes;
        }
    }

    /// <summary>How many blocks were moved to free sparse pages.</summary>
    public long Evacuated
    {
        get
        {
            var blocks = 0L;
            foreach (var shard in _shards)
                blocks += shard.Heap.Evacuated;
            return blocks;
        }
    }

    /// <summary>What was counted in all shards. No lock is needed: about so much, while others work.</summary>
    public ShardCounts Count()
    {
        var all = new ShardCounts();
        foreach (var shard in _shards)
            all.Add(shard.Counts);
        all.Keys[0] += States;
        all.Expiring[0] += States;
        return all;
    }

    /// <summary>Of how many large values something is left that is still to be freed.</summary>
    public int Remains
    {
        get
        {
            var count = 0;
            foreach (var shard in _shards)
            {
                lock (shard.Gate)
                    count += shard.Remains.Count;
            }

            return count;
        }
    }

    /// <summary>Begins to count anew what happens; how many keys there are stays.</summary>
    public void ResetCounts()
    {
        foreach (var shard in _shards)
        {
            lock (shard.Gate)
                (shard.Counts.Hits, shard.Counts.Misses, shard.Counts.Expired, shard.Counts.Evicted) = (0, 0, 0, 0);
        }
    }

    /// <summary>How many keys a database has. No lock is needed: about so many, while others write.</summary>
    public long Count(int database)
    {
        var count = 0L;
        foreach (var shard in _shards)
            count += Volatile.Read(ref shard.Counts.Keys[database]);
        return database == 0 ? count + States : count;
    }

    /// <summary>Removes entries whose time is over and gives back sparse pages, a little in each shard.</summary>
    /// <returns>Whether there is more to do.</returns>
    public bool Maintain(int budget)
    {
        var more = false;
        foreach (var shard in _shards)
        {
            lock (shard.Gate)
                more |= shard.Maintain(Now, budget) | _evictor.Shrink(shard, budget, Now);
        }

        return more;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in _shards)
        {
            lock (shard.Gate)
                shard.Dispose();
        }

        Pool.Dispose();
    }

    // Small states count as keys that expire.
    private long States
    {
        get
        {
            var count = 0L;
            foreach (var shard in _shards)
                count += shard.States?.Count ?? 0;
            return count;
        }
    }

    private long FitBytes => Pool.Limit == 0 ? Unbounded : Pool.Limit;

    // How many entries fit, if those to come are like those that are there. About so many, while others write.
    private long Fitting()
    {
        var entries = 0L;
        foreach (var shard in _shards)
            entries += shard.Index.Count;
        return Pool.Limit == 0 ? entries : (long)(entries * Math.Max(1, Pool.Limit / (double)Math.Max(1, Pool.Held)));
    }

    private void LockAll(Action change)
    {
        foreach (var shard in _shards)
            shard.Gate.Enter();
        try
        {
            change();
        }
        finally
        {
            foreach (var shard in _shards)
                shard.Gate.Exit();
        }
    }

    private void SetPolicy(EvictionPolicy policy)
    {
        var now = Now;
        Use.Policy = policy;
        Sample.Follow(policy.IsTinyLfu());
        foreach (var shard in _shards)
        {
            // What was written down for another policy says nothing to this one.
            shard.Index.SetAllUses(Use.Begin(now));
            shard.Left.Clear();
        }
    }

    // A page for each class that a change may be the first of: an entry's, a table's two buckets' and directory's; a page for the
    // index, and what rounding up takes.
    private static long Needed(long bytes) => bytes + (bytes / 4) + (5 * PagePool.PageBytes);
}

/// <summary>What a keyspace is made with.</summary>
/// <param name="MaxMemory">Its bound in bytes; 0 for none.</param>
/// <param name="Policy">Who leaves when it is reached.</param>
/// <param name="Shards">How many shards: a power of two, 1 to 1,024.</param>
/// <param name="BySlot">Whether keys are spread by Redis Cluster's slots, so that a slot's keys lie in one shard in all databases; without, by
/// their hash, and there is only database 0.</param>
/// <param name="KeepsStates">Whether small states are kept beside entries (<see cref="StateTable"/>).</param>
internal sealed record KeyspaceOptions(long MaxMemory, EvictionPolicy Policy, int Shards, bool BySlot = true, bool KeepsStates = false)
{
    /// <summary>How many databases there are.</summary>
    public int Databases => BySlot ? Keyspace.Databases : 1;
}
