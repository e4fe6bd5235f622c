using System.Numerics;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Leases;

/// <summary>
/// Who may fill which of a shard's keys: one caller at a time for each, who names the lease's token, and nobody whose lease was
/// cancelled by a change (Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013).
/// </summary>
/// <remarks>
/// <para>A table of its own and not entries of the keyspace: nobody's keys can push a lease out, since it is no candidate for
/// eviction, and asking for one evicts nobody. It is bounded by a number of leases; at the bound those whose time is over go, and where
/// there are none nobody gets another one: to be told to wait is right always, to load without a lease is not. Its bytes count as the
/// keyspace's.</para>
/// <para>Keys are known by their hash alone: 64 bits, keyed. Two keys of one hash are as one: the load of the one waits for the other's,
/// and a change of the one cancels the other's lease. Nothing is ever filled that should not be.</para>
/// <para>Open addressing, less than half full; a slot is 32 bytes. Under the shard's lock.</para>
/// </remarks>
internal sealed class LeaseTable(PagePool pool, int most)
{
    private const int FirstSlots = 16;
    private const int SlotBytes = 32;

    private Lease[] _slots = [];
    private int _count;
    private long _firstEnd = long.MaxValue;

    /// <summary>Whether there are any; some of them may have ended.</summary>
    public bool Any => _count > 0;

    /// <summary>How many there are; some of them may have ended. No lock is needed: about so many, while others work.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Gives the lease of a key, unless somebody has it or there are too many.</summary>
    /// <param name="hash">The key's hash.</param>
    /// <param name="token">The lease's name, which was never used; not 0.</param>
    /// <param name="until">When it ends, in Unix milliseconds.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="group">With whose other leases it can be cancelled; 0 for none.</param>
    public bool TryGrant(ulong hash, long token, long until, long now, ulong group = 0)
    {
        if (Find(hash) is >= 0 and var known)
        {
            if (_slots[known].Until > now)
                return false;
            RemoveAt(known);
        }

        if (_count == most)
            Sweep(now);
        if (_count == most)
            return false;
        if ((_count + 1) * 2 > _slots.Length)
            Resize(Math.Max(FirstSlots, _slots.Length * 2));
        Add(new Lease(hash, token, until, group));
        return true;
    }

    /// <summary>Whether the lease of a key is the one of this token, and has not ended.</summary>
    public bool Has(ulong hash, long token, long now) => Find(hash) is >= 0 and var at && _slots[at].Token == token && _slots[at].Until > now;

    /// <summary>Ends the lease of a key, if it is the one of this token.</summary>
    /// <returns>False where it is not, or its time is over.</returns>
    public bool End(ulong hash, long token, long now)
    {
        var at = Find(hash);
        if (at < 0 || _slots[at].Token != token)
            return false;
        var until = _slots[at].Until;
        RemoveAt(at);
        return until > now;
    }

    /// <summary>The key was changed: whoever has its lease has loaded what was there before.</summary>
    public void Cancel(ulong hash)
    {
        if (Find(hash) is >= 0 and var at)
            RemoveAt(at);
    }

    /// <summary>All keys of a group were changed. Looks at every lease of the shard.</summary>
    public void CancelGroup(ulong group)
    {
        if (_count > 0)
            Keep(after: long.MinValue, without: group);
    }

    /// <summary>All keys were changed.</summary>
    public void CancelAll()
    {
        _count = 0;
        Resize(0);
    }

    /// <summary>Forgets leases whose time is over; costs next to nothing where there are none.</summary>
    public void Sweep(long now)
    {
        if (now >= _firstEnd)
            Keep(after: now, without: 0);
    }

    // -1 where there is none.
    private int Find(ulong hash)
    {
        if (_count == 0)
            return -1;
        for (var at = Home(hash); _slots[at].Token != 0; at = Next(at))
        {
            if (_slots[at].Hash == hash)
                return at;
        }

        return -1;
    }

    private void Keep(long after, ulong without)
    {
        var old = _slots;
        var left = old.Count(lease => Stays(lease, after, without));
        var slots = left == 0 ? 0 : Math.Max(FirstSlots, (int)BitOperations.RoundUpToPowerOf2((uint)(left + 1) * 2));
        Account(slots);
        (_slots, _count, _firstEnd) = (new Lease[slots], 0, long.MaxValue);
        foreach (var lease in old)
        {
            if (Stays(lease, after, without))
                Add(lease);
        }
    }

    // Without 0 is without none.
    private static bool Stays(Lease lease, long after, ulong without) =>
        lease.Token != 0 && lease.Until > after && (without == 0 || lease.Group != without);

    private void Add(Lease lease)
    {
        var at = Home(lease.Hash);
        while (_slots[at].Token != 0)
            at = Next(at);
        _slots[at] = lease;
        _count++;
        _firstEnd = Math.Min(_firstEnd, lease.Until);
    }

    // What stands behind moves up as far as its home allows: no search finds a hole before what it looks for.
    private void RemoveAt(int hole)
    {
        for (var at = Next(hole); _slots[at].Token != 0; at = Next(at))
        {
            var wayFromHome = (at - Home(_slots[at].Hash)) & (_slots.Length - 1);
            var wayFromHole = (at - hole) & (_slots.Length - 1);
            if (wayFromHome < wayFromHole)
                continue;
            _slots[hole] = _slots[at];
            hole = at;
        }

        _slots[hole] = default;
        _count--;
        if (_count == 0)
            _firstEnd = long.MaxValue;
    }

    private void Resize(int slots)
    {
        var old = _slots;
        Account(slots);
        (_slots, _firstEnd) = (slots == 0 ? [] : new Lease[slots], long.MaxValue);
        var left = _count;
        _count = 0;
        if (left == 0)
            return;
        foreach (var lease in old)
        {
            if (lease.Token != 0)
                Add(lease);
        }
    }

    private void Account(int slots) => pool.Account((long)(slots - _slots.Length) * SlotBytes);

    // The low bits choose a bucket of the index, the middle ones a shard.
    private int Home(ulong hash) => (int)(hash >> 20) & (_slots.Length - 1);

    private int Next(int at) => (at + 1) & (_slots.Length - 1);

    /// <summary>A lease; one without a token is an empty slot.</summary>
    private readonly record struct Lease(ulong Hash, long Token, long Until, ulong Group);
}
