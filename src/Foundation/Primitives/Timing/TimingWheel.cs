using System.Numerics;

namespace Groundwork.Primitives.Timing;

/// <summary>
/// Tells which of tens of millions of entries are due, to the millisecond, without an object for any of them and never in more
/// work at once than the caller allows.
/// </summary>
/// <remarks>
/// <para>Hierarchical timing wheels (G. Varghese and T. Lauck, "Hashed and hierarchical timing wheels", SOSP 1987): eight wheels
/// of 256 slots, a slot of each as wide as the whole wheel below it, so that any deadline of 63 bits has its place. An entry is
/// in the wheel of the highest byte in which its deadline differs from <see cref="Now"/>, in the slot that this byte names. Time
/// goes from one slot that holds something to the next: the entries of the lowest wheel's slot are due, those of another's are
/// moved down. An entry within 2³² ms (49 days) is moved three times at most, within any time seven times.</para>
/// <para>Adding and removing take a few writes. The entries of a slot are a list, both ways, through the caller's memory; the
/// link backwards of the first names the list, so that an entry is taken out without knowing where it is. The wheel itself takes
/// 8.5 KB. Heaps, which need O(log n) and, to remove, a place for each entry, were rejected.</para>
/// <para>Invariants: nothing is handed over early; once <see cref="Advance"/> answers false all that was due has been handed
/// over. While there is work left over, <see cref="Now"/> stands still. Entries come in the order of their slots, those of one
/// millisecond in any order. Not for concurrent use; calls allocate nothing.</para>
/// </remarks>
/// <typeparam name="TNodes">The caller's memory.</typeparam>
public sealed class TimingWheel<TNodes>
    where TNodes : struct, ITimerNodes
{
    /// <summary>The largest handle; those above it name lists.</summary>
    public const uint MaxHandle = FirstList - 1;

    private const int Levels = 8;
    private const int SlotBits = 8;
    private const int Slots = 1 << SlotBits;

    // Lists by number: the slots of all levels, what is due, and what is on its way down.
    private const int DueList = Levels * Slots;
    private const int MovingList = DueList + 1;

    // The link backwards of the first entry of list n is this plus n.
    private const uint FirstList = 0xFFFF_F000;

    private readonly uint[] _heads = new uint[MovingList + 1];
    private readonly ulong[] _occupied = new ulong[DueList / 64];
    private TNodes _nodes;

    /// <param name="nodes">The caller's memory; a struct that leads to it.</param>
    /// <param name="nowMs">The time, from 0, in milliseconds since whenever the caller's deadlines count from.</param>
    public TimingWheel(TNodes nodes, long nowMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nowMs);
        (_nodes, Now) = (nodes, nowMs);
    }

    /// <summary>Up to which time entries have been looked for, in milliseconds.</summary>
    public long Now { get; private set; }

    /// <summary>How many entries are in the wheel.</summary>
    public long Count { get; private set; }

    /// <summary>Puts an entry in, by its <see cref="ITimerNodes.Deadline"/>; one in the past is due at once.</summary>
    /// <param name="handle">1 to <see cref="MaxHandle"/>.</param>
    /// <exception cref="InvalidOperationException">It is in the wheel.</exception>
    public void Add(uint handle)
    {
        ArgumentOutOfRangeException.ThrowIfZero(handle);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(handle, MaxHandle);
        if (_nodes.Previous(handle) != 0)
            throw new InvalidOperationException($"Entry {handle} is in the wheel already: remove it before its deadline changes.");
        Push(ListOf(_nodes.Deadline(handle)), handle);
        Count++;
    }

    /// <summary>Takes an entry out.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(uint handle)
    {
        if (_nodes.Previous(handle) == 0)
            return false;
        Unlink(handle);
        _nodes.SetPrevious(handle, 0);
        Count--;
        return true;
    }

    /// <summary>
    /// An entry is called otherwise now, and its links were copied to where its new name leads: its neighbours are told. One that is
    /// not in the wheel is passed over.
    /// </summary>
    public void Moved(uint handle)
    {
        var (previous, next) = (_nodes.Previous(handle), _nodes.Next(handle));
        if (previous == 0)
            return;
        if (next != 0)
            _nodes.SetPrevious(next, handle);
        if (previous < FirstList)
            _nodes.SetNext(previous, handle);
        else
            SetHead((int)(previous - FirstList), handle);
    }

    /// <summary>Of the entries that are due first, as near as slots tell, the first one among so many; 0 where there are none.</summary>
    public uint Soonest(int looks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(looks, 1);
        var first = _heads[DueList] != 0 ? _heads[DueList]
            : _heads[MovingList] != 0 ? _heads[MovingList]
            : TryFirstSlot(out var slot, out _) ? _heads[slot]
            : 0;
        var soonest = first;
        for (var entry = first; entry != 0 && looks > 0; entry = _nodes.Next(entry), looks--)
        {
            if (_nodes.Deadline(entry) < _nodes.Deadline(soonest))
                soonest = entry;
        }

        return soonest;
    }

    /// <summary>Moves time on, and hands over what is due.</summary>
    /// <param name="nowMs">The time, in milliseconds; where it is before <see cref="Now"/>, no time has passed.</param>
    /// <param name="budget">How many entries may be handed over or moved down, from 1; what is left waits for the next call.</param>
    /// <param name="sink">Told of each.</param>
    /// <returns>Whether there is work left for this time.</returns>
    public bool Advance<TSink>(long nowMs, int budget, ref TSink sink)
        where TSink : ITimerSink, allows ref struct
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budget, 1);
        while (true)
        {
            if (_heads[DueList] is var due and not 0)
            {
                if (budget-- == 0)
                    return true;
                Remove(due);
                sink.Due(due);
            }
            else if (_heads[MovingList] is var moving and not 0)
            {
                if (budget-- == 0)
                    return true;
                Unlink(moving);
                Push(ListOf(_nodes.Deadline(moving)), moving);
            }
            else if (TryFirstSlot(out var slot, out var start) && start <= nowMs)
            {
                Now = start;
                MoveAll(slot, slot < Slots ? DueList : MovingList);
            }
            else
            {
                Now = Math.Max(Now, nowMs);
                return false;
            }
        }
    }

    /// <summary>
    /// A time before which <see cref="Advance"/> has nothing to do: no later than the earliest deadline, and earlier where entries
    /// are to be moved down first. <see cref="Now"/> where work was left over, <see cref="long.MaxValue"/> where there is nothing.
    /// </summary>
    public long NextDue()
    {
        if ((_heads[DueList] | _heads[MovingList]) != 0)
            return Now;
        return TryFirstSlot(out _, out var start) ? start : long.MaxValue;
    }

    private int ListOf(long deadline)
    {
        if (deadline <= Now)
            return DueList;
        var level = BitOperations.Log2((ulong)(deadline ^ Now)) / SlotBits;
        return (level * Slots) | ((int)(deadline >> (level * SlotBits)) & (Slots - 1));
    }

    /// <summary>The first slot that holds something, and when it begins.</summary>
    private bool TryFirstSlot(out int slot, out long start)
    {
        // All of a wheel comes before any slot of the wheel above it.
        for (var word = 0; word < _occupied.Length; word++)
        {
            if (_occupied[word] == 0)
                continue;
            slot = (word * 64) + BitOperations.TrailingZeroCount(_occupied[word]);
            var shift = slot / Slots * SlotBits;
            var wheels = shift + SlotBits < 64 ? Now >> (shift + SlotBits) << (shift + SlotBits) : 0;
            start = wheels | ((long)(slot % Slots) << shift);
            return true;
        }

        (slot, start) = (0, 0);
        return false;
    }

    private void Push(int list, uint handle)
    {
        var head = _heads[list];
        _nodes.SetNext(handle, head);
        _nodes.SetPrevious(handle, FirstList + (uint)list);
        if (head != 0)
            _nodes.SetPrevious(head, handle);
        SetHead(list, handle);
    }

    private void Unlink(uint handle)
    {
        var (previous, next) = (_nodes.Previous(handle), _nodes.Next(handle));
        if (next != 0)
            _nodes.SetPrevious(next, previous);
        if (previous < FirstList)
            _nodes.SetNext(previous, next);
        else
            SetHead((int)(previous - FirstList), next);
    }

    private void MoveAll(int from, int to)
    {
        var head = _heads[from];
        _nodes.SetPrevious(head, FirstList + (uint)to);
        SetHead(from, 0);
        SetHead(to, head);
    }

    private void SetHead(int list, uint handle)
    {
        _heads[list] = handle;
        if (list >= DueList)
            return;
        if (handle == 0)
            _occupied[list / 64] &= ~(1UL << list);
        else
            _occupied[list / 64] |= 1UL << list;
    }
}
