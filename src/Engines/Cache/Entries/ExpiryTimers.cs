using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Entries;

/// <summary>INTERIM until the wheel arrives.</summary>
internal sealed unsafe class ExpiryTimers(Heap heap)
{
    private readonly SortedSet<(long, uint)> _set = [];

    public void Add(uint block, long deadline)
    {
        Entry.Deadline((Entry*)heap.Address(block)) = deadline;
        _set.Add((deadline, block));
    }

    public void Remove(uint block) => _set.Remove((Entry.Deadline((Entry*)heap.Address(block)), block));

    public void Moved(uint from, uint to)
    {
        var d = Entry.Deadline((Entry*)heap.Address(to));
        _set.Remove((d, from));
        _set.Add((d, to));
    }

    public bool TryTakeDue(long time, ref int budget, out uint block)
    {
        block = 0;
        if (budget <= 0 || _set.Count == 0 || _set.Min.Item1 > time)
            return false;
        budget--;
        block = _set.Min.Item2;
        return true;
    }

    public uint Next() => _set.Count == 0 ? 0 : _set.Min.Item2;

    public void Clear() => _set.Clear();
}
