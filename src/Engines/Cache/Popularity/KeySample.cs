using System.Numerics;

namespace Groundwork.Cache.Popularity;

/// <summary>
/// Some keys, chosen by their hashes, that are watched whether they are in the cache or not: what all others would do is learned from them.
/// </summary>
/// <remarks>
/// <para>Watched are so many that the last used of them stand for eight times what fits; who was not used for longer is forgotten. When
/// what fits changes much, the part that is watched follows, and the distances are counted anew.</para>
/// <para>Any number of threads; one lock, taken once for a tick and a watched key. It is taken under a shard's lock, and takes no other.</para>
/// </remarks>
internal sealed class KeySample
{
    /// <summary>How many times what fits is watched.</summary>
    public const int Span = 8;

    private const int MaxKeys = 32 << 10;
    private const int MinKeys = 256;
    private const int BytesPerKey = 68;
    private const int RateBit = 24;

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
    private Watched[] _keys = [];
    private UseOrder _order = new(0);
    private long _usesBefore;
    private uint _learned;
    private int _untilLearning;
    private int _rateBits;
    private ulong _mask;

    /// <param name="ticks">The time.</param>
    /// <param name="maxBytes">About what it may take; 17 KiB are taken at least, and 2.2 MiB at most.</param>
    /// <param name="fitting">How many entries fit into the cache, roughly.</param>
    /// <param name="account">Told of memory when it is taken, with the first use.</param>
    public KeySample(UseTicks ticks, long maxBytes, Func<long> fitting, Action<long> account)
    {
        (_ticks, _fitting, _account) = (ticks, fitting, account);
        _capacity = 1 << BitOperations.Log2((uint)Math.Clamp(maxBytes / BytesPerKey, MinKeys, MaxKeys));
        _distances = new StackDistances(_capacity);
        _untilLearning = Pause;
    }

    /// <summary>What entries are worth.</summary>
    public ReuseModel Model { get; } = new();

    /// <summary>In how many ticks a frequency is halved.</summary>
    public uint HalfLife { get; private set; } = 1;

    private int Pause => Math.Min(4096, _capacity / 2);

    /// <summary>Whether a key is watched.</summary>
    public bool Watches(ulong hash) => ((hash >> RateBit) & Volatile.Read(ref _mask)) == 0;

    /// <summary>A key that is watched was used. Of uses in the same tick one is enough.</summary>
    public void Use(ulong hash)
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
                (key.Frequency, key.Used) = ((byte)ReuseModel.Used(key.Frequency, age, HalfLife), now);
                _distances.Add(_order.Remove(place));
            }
            else
            {
                if (_free.Count == 0)
                    Forget(_order.Oldest, now);
                place = _free.Pop();
                _places.Add(hash, place);
                _keys[place] = new Watched(hash, now, 0);
                _distances.Add(-1);
            }

            _order.Add(place);
            if (--_untilLearning <= 0)
                Learn(now);
        }
    }

    /// <summary>What caches of other sizes would miss.</summary>
    /// <param name="times">How many times what fits now, up to <see cref="Span"/> / 2.</param>
    public MissRatioCurve Curve(ReadOnlySpan<double> times)
    {
        lock (_gate)
        {
            var fitting = _fitting();
            var expected = Sampled(_ticks.Uses - _usesBefore);
            var points = new MissRatio[times.Length];
            for (var i = 0; i < points.Length; i++)
            {
                var entries = times[i] * fitting;
                points[i] = new MissRatio(times[i], (long)entries, _distances.MissRatio(Sampled(entries), expected));
            }

            return new MissRatioCurve(_distances.Samples, points);
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
        _keys = new Watched[_capacity];
        _order = new UseOrder(_capacity);
        _places.EnsureCapacity(_capacity);
        _free.EnsureCapacity(_capacity);
        for (var place = _capacity - 1; place >= 0; place--)
            _free.Push(place);
        _account((long)_capacity * BytesPerKey);
        Fit(_fitting(), _ticks.Now);
    }

    private void Forget(int place, uint now)
    {
        ref var key = ref _keys[place];
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
    }

    private record struct Watched(ulong Hash, uint Used, byte Frequency);
}
