using System.Numerics;

namespace Groundwork.Primitives.Caching;

/// <summary>
/// Which keys have left a cache lately, by 32 bits of their hash and in a fixed amount of memory: the ghost queue of S3-FIFO.
/// </summary>
/// <remarks>
/// A table of places; a key that leaves takes the place that its hash names, with the time it left, counted in keys. It is
/// remembered until another takes the place, or as many keys have left after it as there are places. Wrong once in four
/// billion times per place, which only lets a new key in a rank too high. Not for concurrent use.
/// </remarks>
internal sealed class LeftKeys
{
    private readonly ulong[] _places;
    private readonly int _shift;
    private uint _now = 1;

    /// <param name="capacity">About how many keys to remember; rounded down to a power of two.</param>
    public LeftKeys(long capacity)
    {
        var places = 1UL << BitOperations.Log2((ulong)Math.Clamp(capacity, 16, 1 << 25));
        _places = new ulong[places];
        _shift = 64 - BitOperations.TrailingZeroCount(places);
    }

    /// <summary>The memory that it takes.</summary>
    public long Bytes => _places.LongLength * sizeof(ulong);

    /// <summary>Notes that a key has left.</summary>
    public void Add(int hash)
    {
        var mixed = Mix(hash);
        _places[mixed >> _shift] = ((ulong)(uint)mixed << 32) | _now++;
    }

    /// <summary>Whether a key has left lately; it is then forgotten.</summary>
    public bool Take(int hash)
    {
        var mixed = Mix(hash);
        ref var place = ref _places[mixed >> _shift];
        if (place == 0 || (uint)(place >> 32) != (uint)mixed || _now - (uint)place > (uint)_places.Length)
            return false;
        place = 0;
        return true;
    }

    // Hashes of numbers are the numbers: spread them (Fibonacci hashing, twice), and let low and high bits both depend on all.
    private static ulong Mix(int hash)
    {
        var mixed = (uint)hash * 0x9E3779B97F4A7C15UL;
        mixed = (mixed ^ (mixed >> 32)) * 0x9E3779B97F4A7C15UL;
        return mixed ^ (mixed >> 29);
    }
}
