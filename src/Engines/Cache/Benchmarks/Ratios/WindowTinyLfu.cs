using Groundwork.Primitives.Hashing;
using Groundwork.Primitives.Sketches;

namespace Groundwork.Cache.Benchmarks.Ratios;

/// <summary>
/// W-TinyLFU with entries of one size, as in its paper (G. Einziger, R. Friedman, B. Manes, "TinyLFU", ACM ToS 2017): a window of a
/// hundredth in the order of use; a main part of a fifth on probation and four fifths protected; and who leaves the window comes into the main
/// part only if it was used more often than who would leave there.
/// </summary>
internal sealed class WindowTinyLfu
{
    private readonly CountMinSketch4Bit _frequencies;
    private readonly KeyQueue _window = new();
    private readonly KeyQueue _probation = new();
    private readonly KeyQueue _protected = new();
    private readonly int _windowCapacity;
    private readonly int _mainCapacity;

    public WindowTinyLfu(int capacity)
    {
        _frequencies = new CountMinSketch4Bit(capacity);
        _windowCapacity = Math.Max(1, capacity / 100);
        _mainCapacity = capacity - _windowCapacity;
    }

    /// <summary>Asks for a key, which is there afterwards, or was not let in.</summary>
    /// <returns>Whether it was there before.</returns>
    public bool Ask(int key)
    {
        _frequencies.Increment(HashOf(key));
        if (_window.Remove(key))
        {
            _window.Add(key);
            return true;
        }

        if (_protected.Remove(key))
        {
            _protected.Add(key);
            return true;
        }

        if (_probation.Remove(key))
        {
            _protected.Add(key);
            if (_protected.Count > _mainCapacity * 4 / 5)
                _probation.Add(_protected.Take());
            return true;
        }

        _window.Add(key);
        if (_window.Count > _windowCapacity)
            Admit(_window.Take());
        return false;
    }

    private void Admit(int candidate)
    {
        if (_probation.Count + _protected.Count >= _mainCapacity)
        {
            var queue = _probation.Count > 0 ? _probation : _protected;
            if (_frequencies.Estimate(HashOf(candidate)) <= _frequencies.Estimate(HashOf(queue.First)))
                return;
            queue.Take();
        }

        _probation.Add(candidate);
    }

    private static ulong HashOf(int key) => WyHash.Hash(BitConverter.GetBytes(key), 1);
}
