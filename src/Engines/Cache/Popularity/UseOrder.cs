namespace Groundwork.Cache.Popularity;

/// <summary>
/// In which order a bounded number of things were used last, and how many others were used since a thing was: its stack distance.
/// </summary>
/// <remarks>
/// Uses are numbered; a tree of partial sums (P. Fenwick, "A new data structure for cumulative frequency tables", 1994) counts the
/// numbers that are some thing's last. When the numbers run out they are given out anew, closed up. So a use takes a few dozen steps,
/// and nothing is allocated. Not thread-safe.
/// </remarks>
/// <param name="capacity">How many things there may be; they are numbered from 0.</param>
internal sealed class UseOrder(int capacity)
{
    private readonly int[] _sums = new int[(2 * capacity) + 1];
    private readonly int[] _thingAt = new int[2 * capacity];
    private readonly int[] _lastUse = new int[capacity];
    private int _next;
    private int _oldest;

    /// <summary>How many things there are.</summary>
    public int Count { get; private set; }

    /// <summary>The thing whose last use is longest ago; there is one.</summary>
    public int Oldest
    {
        get
        {
            while (_thingAt[_oldest] == 0)
                _oldest++;
            return _thingAt[_oldest] - 1;
        }
    }

    /// <summary>A thing that is not there is used.</summary>
    public void Add(int thing)
    {
        if (_next == _thingAt.Length)
            CloseUp();
        Count++;
        _lastUse[thing] = _next;
        _thingAt[_next] = thing + 1;
        Change(_next++, 1);
    }

    /// <summary>Takes a thing out.</summary>
    /// <returns>How many others were used since it was.</returns>
    public int Remove(int thing)
    {
        var use = _lastUse[thing];
        Change(use, -1);
        _thingAt[use] = 0;
        Count--;
        return Count - SumBelow(use);
    }

    /// <summary>Takes all out.</summary>
    public void Clear()
    {
        _sums.AsSpan().Clear();
        _thingAt.AsSpan().Clear();
        (Count, _next, _oldest) = (0, 0, 0);
    }

    private void CloseUp()
    {
        var write = 0;
        for (var read = 0; read < _thingAt.Length; read++)
        {
            if (_thingAt[read] == 0)
                continue;
            _lastUse[_thingAt[read] - 1] = write;
            _thingAt[write++] = _thingAt[read];
        }

        _thingAt.AsSpan(write).Clear();
        _sums.AsSpan().Clear();
        (_next, _oldest) = (write, 0);
        for (var use = 0; use < write; use++)
            Change(use, 1);
    }

    private void Change(int use, int by)
    {
        for (var i = use + 1; i < _sums.Length; i += i & -i)
            _sums[i] += by;
    }

    private int SumBelow(int use)
    {
        var sum = 0;
        for (var i = use; i > 0; i -= i & -i)
            sum += _sums[i];
        return sum;
    }
}
