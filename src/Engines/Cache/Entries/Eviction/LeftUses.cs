using System.Runtime.InteropServices;

namespace Groundwork.Cache.Entries.Eviction;

/// <summary>
/// How often keys were used that had to leave a shard lately, so that one that comes back does not begin as nobody: two bytes each.
/// </summary>
/// <remarks>
/// A table of places, of which a key's hash names one; it stays until another takes the place. It has at least as many places as there
/// are entries, and takes the count of a stranger for its own once in 4,096 times. Under the shard's lock.
/// </remarks>
/// <param name="account">Told of memory that is taken, and, as a negative number, given back.</param>
internal sealed unsafe class LeftUses(Action<long> account) : IDisposable
{
    private const int FrequencyBits = 4;
    private const int PlaceShift = 20;
    private const int MarkShift = 52;
    private const uint MinPlaces = 256;
    private const uint MaxPlaces = 1u << 28;

    private ushort* _places;
    private uint _count;

    /// <summary>Notes that one of so many entries had to leave.</summary>
    public void Add(ulong hash, int frequency, long entries)
    {
        while (_count < entries && _count < MaxPlaces)
            Grow();
        _places[PlaceOf(hash)] = (ushort)((Mark(hash) << FrequencyBits) | (uint)frequency);
    }

    /// <summary>How often a key was used that had to leave; -1 where that is not known.</summary>
    public int Find(ulong hash)
    {
        if (_count == 0)
            return -1;
        var found = _places[PlaceOf(hash)];
        return found != 0 && found >> FrequencyBits == Mark(hash) ? found & ((1 << FrequencyBits) - 1) : -1;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>Forgets all, and gives the memory back.</summary>
    public void Clear()
    {
        account(-(long)_count * sizeof(ushort));
        NativeMemory.Free(_places);
        _places = null;
        _count = 0;
    }

    // Each key may now have either of two places: it has both.
    private void Grow()
    {
        var count = Math.Max(MinPlaces, 2 * _count);
        _places = (ushort*)NativeMemory.Realloc(_places, count * sizeof(ushort));
        var grown = new Span<ushort>(_places, (int)count);
        if (_count == 0)
            grown.Clear();
        else
            grown[..(int)_count].CopyTo(grown[(int)_count..]);
        account((count - _count) * sizeof(ushort));
        _count = count;
    }

    private uint PlaceOf(ulong hash) => (uint)(hash >> PlaceShift) & (_count - 1);

    private static uint Mark(ulong hash) => (uint)(hash >> MarkShift);
}
