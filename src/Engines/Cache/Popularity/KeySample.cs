using System.Numerics;

namespace Groundwork.Cache.Popularity;

/// <summary>
/// Some keys, chosen by their hashes, that are watched whether they are in the cache or not: what all others would do is learned from them.
/// </summary>
/// <remarks>
/// <para>Watched are so many that the last used of them stand for eight times what fits; who was not used for longer is forgotten. When
/// what fits changes much, the part that is watched follows, and all is counted anew.</para>
/// <para>Misses of caches of other sizes are read off the distances between uses where who was not used for the longest time leaves, and
/// otherwise off miniatures of those caches, which watched keys go through.</para>
/// <para>Any number of threads; one lock, taken once for a tick and a watched key. It is taken under a shard's lock, and takes no other.</para>
/// </remarks>
internal sealed class KeySample
{
    /// <summary>How many times what fits is watched.</summary>
    public const int Span = 8;

    private const int MaxKeys = 32 << 10;
    private const int MinKeys = 256;
    private const int WatchedBytes = 68;
    private const int RateBit = 24;

    // The real one's size, by which the others go, among the sizes.
    private const int Same = 2;

    // After so many watched uses it is looked again how many entries fit, which is not known well while the cache fills.
    private const int UsesPerFit = 64;

    // Uses are halved in as many uses as ten times what fits, as in TinyLFU.
    private const int HalfLifeEntries = 10;

    private readonly Lock _gate = new();
    private readonly UseTicks _ticks;
    private readonly Func<long> _fitting;
    private readonly Action<long> _account;
    private readonly int _capacity;
    private readonly Dictionary<ulong, int> _places = [];
    private readonly Stack<int> _free = [];
    private readonly StackDistances _distances;
    private readonly Random _random;
    private MiniatureCache[] _miniatures = [];
    private WatchedKey[] _keys = [];
    private UseOrder _order = new(0);
    private bool _hasMiniatures;
    private double _fits;
    private long _usesBefore;
    private uint _learned;
    private int _untilLearning;
    private int _rateBits;
    private ulong _mask;

    /// <param name="ticks">The time.</param>
    /// <param name="maxBytes">About what it may take; 27 KiB are taken at least, and 3.4 MiB at most.</param>
    /// <param name="fitting">How many entries fit into the cache, roughly.</param>
    /// <param name="account">Told of memory that is taken, and, as a negative number, given back.</param>
    /// <param name="random">What the miniatures' draws begin with; used with the sample's lock held.</param>
    public KeySample(UseTicks ticks, long maxBytes, Func<long> fitting, Action<long> account, Random random)
    {
        (_ticks, _fitting, _account, _random) = (ticks, fitting, account, random);
        _capacity = 1 << BitOperations.Log2((uint)Math.Clamp(maxBytes / (WatchedBytes + MiniatureBytes), MinKeys, MaxKeys));
        _distances = new StackDistances(_capacity);
        _untilLearning = Pause;
    }

    /// <summary>The sizes of the miniatures, in times of what fits.</summary>
    public static ReadOnlySpan<double> Sizes => [0.25, 0.5, 1, 2, 4];

    /// <summary>What entries are worth.</summary>
    public ReuseModel Model { get; } = new();

    /// <summary>In how many ticks a frequency is halved.</summary>
    public uint HalfLife { get; private set; } = 1;

    private static int MiniatureBytes
    {
        get
        {
            var bytes = 0.0;
            foreach (var times in Sizes)
                bytes += MiniatureCache.BytesPerKey(times);
            return (int)Math.Ceiling(bytes);
        }
    }

    private int Pause => Math.Min(4096, _capacity / 2);

    /// <summary>Whether a key is watched.</summary>
    public bool Watches(ulong hash) => ((hash >> RateBit) & Volatile.Read(ref _mask)) == 0;

    /// <summary>A key that is watched was used. Of uses in the same tick one is enough.</summary>
    /// <param name="hash">Of the key.</param>
    /// <param name="bytes">The size of its entry's block.</param>
    public void Use(ulong hash, int bytes)
    {
        var now = _ticks.Now;
        lock (_gate)
        {
            if (!Watches(hash))
                return;
            if (_keys.Length == 0)
                Begin();
            if (_places.TryGetValue(hash, out var place))
            {
                ref var key = ref _keys[place];
                var age = UseTicks.Between(key.Used, now);
                Model.Use(key.Frequency, age, Since(key.Used));
                PassMiniatures(place, (ushort)bytes, now);
                key = new WatchedKey(hash, now, (ushort)bytes, (byte)ReuseModel.Used(key.Frequency, age, HalfLife));
                _distances.Add(_order.Remove(place));
            }
            else
            {
                if (_free.Count == 0)
                    Forget(_order.Oldest, now);
                place = _free.Pop();
                _places.Add(hash, place);
                _keys[place] = new WatchedKey(hash, now, (ushort)bytes, 0);
                PassMiniatures(place, (ushort)bytes, now);
                _distances.Add(-1);
            }

            _order.Add(place);
            if (--_untilLearning <= 0)
                Learn(now);
        }
    }

    /// <summary>Whether the curve is that of a cache that lets go whoever is least useful, or of one that lets go who was not used for the longest
    /// time. When that changes all is counted anew.</summary>
    public void Follow(bool leastUseful)
    {
        lock (_gate)
        {
            if (_hasMiniatures == leastUseful)
                return;
            _hasMiniatures = leastUseful;
            _distances.Clear();
            _usesBefore = _ticks.Uses;
            if (_keys.Length > 0)
                MakeMiniatures();
        }
    }

    /// <summary>What caches of other sizes would miss.</summary>
    public MissRatioCurve Curve()
    {
        lock (_gate)
        {
            var fitting = _fitting();
            var expected = Sampled(_ticks.Uses - _usesBefore);
            var points = new MissRatio[Sizes.Length];
            for (var i = 0; i < points.Length; i++)
            {
                var entries = Sizes[i] * fitting;
                var hits = _hasMiniatures ? (i < _miniatures.Length ? _miniatures[i].Hits : 0) : _distances.Hits(Sampled(entries));
                points[i] = new MissRatio(Sizes[i], (long)entries, _distances.MissRatio(hits, expected));
            }

            return new MissRatioCurve(_hasMiniatures, _distances.Samples, points);
        }
    }

    /// <summary>Forgets all keys and what was learned: ticks are counted anew.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            foreach (var place in _places.Values)
                _free.Push(place);
            _places.Clear();
            _order.Clear();
            _distances.Clear();
            foreach (var miniature in _miniatures)
                miniature.Clear();
            Model.Clear();
            _usesBefore = _ticks.Uses;
            (_learned, _untilLearning) = (_ticks.Now, Pause);
        }
    }

    private double Sampled(double all) => all / (1L << _rateBits);

    // What lies before the last learning was told then.
    private uint Since(uint used)
    {
        var between = UseTicks.Between(used, _learned);
        return between > (1u << (UseTicks.Bits - 1)) ? 0 : between;
    }

    private void Begin()
    {
        _keys = new WatchedKey[_capacity];
        _order = new UseOrder(_capacity);
        _places.EnsureCapacity(_capacity);
        _free.EnsureCapacity(_capacity);
        for (var place = _capacity - 1; place >= 0; place--)
            _free.Push(place);
        _account((long)_capacity * WatchedBytes);
        MakeMiniatures();
        Fit(_fitting(), _ticks.Now);
    }

    private void MakeMiniatures()
    {
        if (_hasMiniatures != _miniatures.Length > 0)
            _account((_hasMiniatures ? 1 : -1) * (long)_capacity * MiniatureBytes);
        _miniatures = new MiniatureCache[_hasMiniatures ? Sizes.Length : 0];
        for (var i = 0; i < _miniatures.Length; i++)
            _miniatures[i] = new MiniatureCache(Sizes[i], _capacity, (ulong)_random.NextInt64());
    }

    // What fits is known in entries; their mean size is that in the miniature that is as large as the real one, whose bytes are those of so many.
    private void PassMiniatures(int place, ushort bytes, uint now)
    {
        if (_miniatures.Length == 0)
            return;
        if (_untilLearning % UsesPerFit == 0)
            _fits = Sampled(_fitting());
        var same = _miniatures[Same];
        var room = _fits * (same.Count == 0 ? bytes : same.Bytes / (double)same.Count);
        foreach (var miniature in _miniatures)
            miniature.Use(place, _keys, Model, now, HalfLife, bytes, miniature.Times * room);
    }

    private void Forget(int place, uint now)
    {
        ref var key = ref _keys[place];
        foreach (var miniature in _miniatures)
            miniature.Forget(place, _keys);
        Model.Pass(key.Frequency, Since(key.Used), UseTicks.Between(key.Used, now));
        _order.Remove(place);
        _places.Remove(key.Hash);
        _free.Push(place);
    }

    private void Learn(uint now)
    {
        foreach (var place in _places.Values)
        {
            ref var key = ref _keys[place];
            Model.Pass(key.Frequency, Since(key.Used), UseTicks.Between(key.Used, now));
        }

        Model.Learn();
        var uses = _ticks.Uses;
        _distances.Expect(Sampled(uses - _usesBefore));
        foreach (var miniature in _miniatures)
            miniature.Keep(StackDistances.Kept);
        (_usesBefore, _learned, _untilLearning) = (uses, now, Pause);
        Fit(_fitting(), now);
    }

    // Never more than are watched, nor less than a quarter of them.
    private void Fit(long entries, uint now)
    {
        HalfLife = (uint)Math.Min(1 << (UseTicks.Bits - 1), _ticks.In(HalfLifeEntries * entries));
        var bits = _rateBits;
        while ((Span * entries) >> bits > _capacity)
            bits++;
        while (bits > 0 && (Span * entries) >> bits < _capacity / 4)
            bits--;
        if (bits == _rateBits)
            return;
        _rateBits = bits;
        Volatile.Write(ref _mask, (1ul << bits) - 1);
        _distances.Clear();
        foreach (var place in _places.Values.Where(p => !Watches(_keys[p].Hash)).ToArray())
            Forget(place, now);
        foreach (var miniature in _miniatures)
            miniature.Keep(0);
    }
}
