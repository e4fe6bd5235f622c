using System.Numerics;

namespace Groundwork.Cache.Popularity;

/// <summary>
/// A small copy of a cache that lets go whoever is least useful: which of the watched keys would be in it, and how many of their uses would
/// find them there.
/// </summary>
/// <remarks>
/// <para>Miniature simulation (C. Waldspurger, T. Saemundsson, I. Ahmad, N. Park, "Cache Modeling and Optimization using Miniature
/// Simulations", USENIX ATC 2017): a cache whose size is scaled down as its keys are sampled misses as often as the whole. It works for
/// policies that, unlike LRU, have no stack of which each size is the upper part.</para>
/// <para>What the real one does is done here by the same rules: an entry's use is its frequency and age, what those are worth for the room
/// is <see cref="ReuseModel"/>'s to say, so many are drawn to find one who leaves, and whoever comes back has its frequency unless others took
/// its place among those that left. Two things are as in the cache that there is, and not as they would be in one of another
/// size: what was learned of worth, and in how many uses frequencies are halved.</para>
/// <para>Keys are known by their places in the sample. Not thread-safe.</para>
/// </remarks>
internal sealed class MiniatureCache
{
    // As many as the real one looks at, unless it is set otherwise.
    private const int Candidates = 14;

    private readonly int[] _spots;
    private readonly int[] _members;
    private readonly int[] _left;
    private readonly byte[] _frequencies;
    private ulong _chance;
    private double _hits;

    /// <param name="times">How many times as large as the real one it is.</param>
    /// <param name="watched">How many keys are watched at most.</param>
    /// <param name="seed">What its draws begin with.</param>
    public MiniatureCache(double times, int watched, ulong seed)
    {
        (Times, _chance) = (times, seed | 1);
        (_spots, _frequencies) = (new int[watched], new byte[watched]);

        // Where sizes differ more small ones may be there than fit of all.
        var most = (int)Math.Min(watched, 2 * times * watched / KeySample.Span);
        (_members, _left) = (new int[most], new int[BitOperations.RoundUpToPowerOf2((uint)most / 2)]);
    }

    /// <summary>What one takes for a watched key: its place among the keys, and a part of those of its members and of who left.</summary>
    public static double BytesPerKey(double times) => sizeof(int) + sizeof(byte) + (3 * sizeof(int) * times / KeySample.Span);

    /// <summary>How many times as large as the real one it is.</summary>
    public double Times { get; }

    /// <summary>How many keys are in it.</summary>
    public int Count { get; private set; }

    /// <summary>What their entries take.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many uses found their key, less what was forgotten.</summary>
    public double Hits => _hits;

    /// <summary>A key is used, and put in where it is not there.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="keys">All keys; this one as it is before the use.</param>
    /// <param name="model">What entries are worth.</param>
    /// <param name="now">The tick.</param>
    /// <param name="halfLife">In how many ticks a frequency is halved.</param>
    /// <param name="bytes">What its entry takes now.</param>
    /// <param name="room">How many bytes there may be.</param>
    public void Use(int place, Span<WatchedKey> keys, ReuseModel model, uint now, uint halfLife, ushort bytes, double room)
    {
        if (_spots[place] > 0)
        {
            _hits++;
            _frequencies[place] = (byte)ReuseModel.Used(_frequencies[place], UseTicks.Between(keys[place].Used, now), halfLife);
            Bytes += bytes - keys[place].Bytes;
            return;
        }

        while (Count > 0 && (Count == _members.Length || Bytes + bytes > room))
            LetGo(Victim(keys, model, now), keys);
        ref var left = ref _left[LeftPlace(keys[place].Hash)];
        _frequencies[place] = left == place + 1 ? (byte)ReuseModel.Used(_frequencies[place], 0, halfLife) : (byte)0;
        _members[Count++] = place;
        _spots[place] = Count;
        Bytes += bytes;
    }

    /// <summary>A key is no longer watched.</summary>
    public void Forget(int place, Span<WatchedKey> keys)
    {
        if (_spots[place] > 0)
            TakeOut(place, keys);
        ref var left = ref _left[LeftPlace(keys[place].Hash)];
        if (left == place + 1)
            left = 0;
    }

    /// <summary>Forgets a part of what was counted.</summary>
    public void Keep(double part) => _hits *= part;

    /// <summary>Takes all keys out and forgets what was counted.</summary>
    public void Clear()
    {
        _spots.AsSpan().Clear();
        _left.AsSpan().Clear();
        (Count, Bytes, _hits) = (0, 0, 0);
    }

    private void LetGo(int place, Span<WatchedKey> keys)
    {
        TakeOut(place, keys);
        _left[LeftPlace(keys[place].Hash)] = place + 1;
    }

    private void TakeOut(int place, Span<WatchedKey> keys)
    {
        var (spot, last) = (_spots[place] - 1, _members[--Count]);
        _members[spot] = last;
        _spots[last] = spot + 1;
        _spots[place] = 0;
        Bytes -= keys[place].Bytes;
    }

    private int Victim(Span<WatchedKey> keys, ReuseModel model, uint now)
    {
        var (best, least) = (0, double.PositiveInfinity);
        for (var look = 0; look < Candidates; look++)
        {
            var place = _members[NextBelow((uint)Count)];
            ref var key = ref keys[place];
            var worth = model.Worth(_frequencies[place], UseTicks.Between(key.Used, now)) / key.Bytes;
            if (worth < least)
                (best, least) = (place, worth);
        }

        return best;
    }

    // The bits by which keys are chosen to be watched are alike in all.
    private int LeftPlace(ulong hash) => (int)(hash >> 44) & ((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, Math.Min(Count, _left.Length))) - 1);

    private uint NextBelow(uint bound)
    {
        _chance ^= _chance << 13;
        _chance ^= _chance >> 7;
        _chance ^= _chance << 17;
        return (uint)(((_chance >> 32) * bound) >> 32);
    }
}
