using Groundwork.Cache.Memory;
using Groundwork.Primitives.Timing;

namespace Groundwork.Cache.Entries;

/// <summary>
/// Which entries of a shard are due: a timing wheel whose links lie in the entries themselves. Under the shard's lock.
/// </summary>
internal sealed unsafe class ExpiryTimers
{
    // Enough looks that among few entries the next one is found.
    private const int Looks = 16;

    private readonly Heap _heap;
    private readonly long _start;
    private TimingWheel<Links> _wheel;

    public ExpiryTimers(Heap heap, long now)
    {
        (_heap, _start) = (heap, now);
        _wheel = new TimingWheel<Links>(new Links(heap), now);
    }

    /// <summary>An entry will be due; its deadline is written down.</summary>
    /// <param name="block">The entry.</param>
    /// <param name="deadline">Unix milliseconds.</param>
    public void Add(uint block, long deadline)
    {
        var entry = (Entry*)_heap.Address(block);
        Entry.Deadline(entry) = deadline;
        Entry.NextTimer(entry) = Entry.PreviousTimer(entry) = 0;
        _wheel.Add(block);
    }

    /// <summary>An entry will not be due any more.</summary>
    public void Remove(uint block) => _wheel.Remove(block);

    /// <summary>An entry has another place, and its bytes are there.</summary>
    public void Moved(uint to) => _wheel.Moved(to);

    /// <summary>Hands over entries that are due, which are not among the timers then.</summary>
    /// <returns>Whether there are more.</returns>
    public bool Advance<TSink>(long now, int budget, ref TSink sink)
        where TSink : ITimerSink, allows ref struct =>
        _wheel.Advance(now, budget, ref sink);

    /// <summary>An entry that is due before most others; 0 where none will be.</summary>
    public uint Next() => _wheel.Soonest(Looks);

    /// <summary>Forgets all entries.</summary>
    public void Clear() => _wheel = new TimingWheel<Links>(new Links(_heap), Math.Max(_start, _wheel.Now));

    /// <summary>The links as they lie in the entries.</summary>
    private readonly struct Links(Heap heap) : ITimerNodes
    {
        public long Deadline(uint handle) => Entry.Deadline((Entry*)heap.Address(handle));

        public uint Next(uint handle) => Entry.NextTimer((Entry*)heap.Address(handle));

        public void SetNext(uint handle, uint next) => Entry.NextTimer((Entry*)heap.Address(handle)) = next;

        public uint Previous(uint handle) => Entry.PreviousTimer((Entry*)heap.Address(handle));

        public void SetPrevious(uint handle, uint previous) => Entry.PreviousTimer((Entry*)heap.Address(handle)) = previous;
    }
}
