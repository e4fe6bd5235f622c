namespace Groundwork.Cache.Benchmarks.Ratios;

/// <summary>
/// S3-FIFO with entries of one size, as in its paper (J. Yang and others, "FIFO queues are all you need for cache eviction", SOSP
/// 2023): a small queue of a tenth, a main queue, and as many keys without values as the main queue holds.
/// </summary>
internal sealed class S3Fifo(int capacity)
{
    private const int MostUses = 3;

    private readonly Dictionary<int, int> _uses = [];
    private readonly KeyQueue _small = new();
    private readonly KeyQueue _main = new();
    private readonly KeyQueue _left = new();

    /// <summary>Asks for a key, which is there afterwards.</summary>
    /// <returns>Whether it was before.</returns>
    public bool Ask(int key)
    {
        if (_uses.TryGetValue(key, out var uses))
        {
            _uses[key] = Math.Min(MostUses, uses + 1);
            return true;
        }

        while (_uses.Count >= capacity)
            Evict();
        (_left.Remove(key) ? _main : _small).Add(key);
        _uses[key] = 0;
        return false;
    }

    private void Evict()
    {
        if (_small.Count < Math.Max(1, capacity / 10) && _main.Count > 0)
            EvictMain();
        else
            EvictSmall();
    }

    private void EvictSmall()
    {
        var key = _small.Take();
        if (_uses[key] > 1)
        {
            _uses[key] = 0;
            _main.Add(key);
            return;
        }

        _uses.Remove(key);
        _left.Add(key);
        if (_left.Count > capacity * 9 / 10)
            _left.Take();
    }

    private void EvictMain()
    {
        var key = _main.Take();
        if (_uses[key] == 0)
        {
            _uses.Remove(key);
            return;
        }

        _uses[key]--;
        _main.Add(key);
    }
}
