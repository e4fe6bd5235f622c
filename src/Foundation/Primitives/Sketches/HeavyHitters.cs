namespace Groundwork.Primitives.Sketches;

/// <summary>
/// Which keys come most often, from a sample of all that come, in a fixed amount of memory.
/// </summary>
/// <remarks>
/// <para>SpaceSaving (A. Metwally, D. Agrawal, A. El Abbadi, "Efficient computation of frequent and top-k elements in data streams", ICDT
/// 2005): who is not counted takes the place of whoever has the least, and its count, which is then the most by which its own may be too
/// large. So every key with more than 1/<see cref="Capacity"/> of what was counted is there. At the end of each window all counts are halved,
/// and rates with them: what was hot six windows ago weighs nothing. Whether the same keys are hot as before is told from the counts of
/// windows alone: in the others, those that were hot and those that become so are both hot for some windows.</para>
/// <para>Those who see keys come count down how many they let pass, a nanosecond each; one in <see cref="Interval"/> is told
/// (<see cref="Tell"/>), as that many. The interval follows the load, so that about 10,000 a window are told.</para>
/// <para>Any number of threads; one lock, which takes no other. A name is kept whole, so that the table may grow to
/// <see cref="Capacity"/> names of the longest that come; it begins with none.</para>
/// </remarks>
public sealed class HeavyHitters
{
    /// <summary>How many of the keys are shown, and compared from window to window, at most.</summary>
    public const int MaxShown = 64;

    /// <summary>How many keys are counted, unless it is said otherwise.</summary>
    public const int DefaultCapacity = 512;

    private const int ToldPerWindow = 10_000;
    private const int MaxInterval = 1 << 20;
    private const int WindowsToForget = 12;

    private static readonly TimeSpan DefaultWindow = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly long _windowMilliseconds;
    private readonly Dictionary<ulong, int> _places = [];
    private readonly Counter[] _counters;
    private readonly HashSet<ulong> _hotBefore = [];
    private double? _stillHot;
    private long _windowSeen;
    private int _interval = 1;
    private int _told;
    private long _windowEnd;
    private long _windowStart;
    private double _seconds;
    private long _seen;

    /// <param name="random">What the sample is drawn by.</param>
    /// <param name="capacity">How many keys are counted: at least <see cref="MaxShown"/>.</param>
    /// <param name="window">After which time all counts are halved: five seconds, unless it is said otherwise.</param>
    public HeavyHitters(Random random, int capacity = DefaultCapacity, TimeSpan? window = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, MaxShown);
        _random = random;
        _windowMilliseconds = (long)(window ?? DefaultWindow).TotalMilliseconds;
        ArgumentOutOfRangeException.ThrowIfLessThan(_windowMilliseconds, 1, nameof(window));
        _counters = new Counter[capacity];
    }

    /// <summary>How many keys are counted.</summary>
    public int Capacity => _counters.Length;

    /// <summary>One in how many is told.</summary>
    public int Interval => Volatile.Read(ref _interval);

    /// <summary>Which of the next that come is to be told: 1 is the next.</summary>
    public int Draw()
    {
        var interval = Interval;
        if (interval == 1)
            return 1;
        lock (_gate)
            return _random.Next(1, 2 * interval);
    }

    /// <summary>Somebody has counted down: what came is told, unless it is the first that they see, which draws, so that many who see one
    /// each are told as often as one who sees much.</summary>
    /// <param name="untilTold">What they have counted to, from 0 at the beginning: 0 or -1.</param>
    /// <param name="hash">Of the key in its group.</param>
    /// <param name="group">Where it belongs, if not all belong together: a number that is shown with the name.</param>
    /// <param name="name">The key.</param>
    /// <param name="now">In milliseconds since an origin that is always the same.</param>
    /// <returns>What they count down from now on, one with each that comes.</returns>
    public int Tell(int untilTold, ulong hash, int group, ReadOnlySpan<byte> name, long now)
    {
        if (untilTold < 0 && Draw() - 1 is var pass and > 0)
            return pass;
        Add(hash, group, name, now);
        return Draw();
    }

    /// <summary>A key came: it stands for as many as <see cref="Interval"/> says.</summary>
    /// <inheritdoc cref="Tell"/>
    public void Add(ulong hash, int group, ReadOnlySpan<byte> name, long now)
    {
        lock (_gate)
        {
            Turn(now);
            _told++;
            _seen += _interval;
            if (!_places.TryGetValue(hash, out var place))
                place = Place(hash, group, name);
            _counters[place].Count += _interval;
            _counters[place].InWindow += _interval;
            _windowSeen += _interval;

            // A burst is not waited for: the rest of the window is told less often.
            if (_told >= 2 * ToldPerWindow && _interval < MaxInterval)
                (_interval, _told) = (_interval * 2, ToldPerWindow);
        }
    }

    /// <summary>The hottest keys, those first that surely are.</summary>
    /// <param name="count">How many at most; <see cref="MaxShown"/> are the most.</param>
    /// <param name="now">In milliseconds since the origin.</param>
    public HeavyHitterReport Report(int count, long now)
    {
        lock (_gate)
        {
            Turn(now);
            var seconds = Math.Max(0.001, _seconds + ((now - _windowStart) / 1000.0));
            var keys = Hot().Take(count).Select(place => _counters[place]).Select(counter => new HeavyHitter(
                counter.Hash, counter.Group, counter.Name.AsSpan(0, counter.NameLength).ToArray(),
                counter.Count / seconds, counter.Count / (double)_seen, counter.Error / (double)_seen));
            return new HeavyHitterReport([.. keys], _stillHot, _seen / seconds);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _places.Clear();
            _hotBefore.Clear();
            (_seen, _seconds, _told, _windowStart, _windowEnd) = (0, 0, 0, 0, 0);
            (_stillHot, _windowSeen) = (null, 0);
        }
    }

    // Hot is who surely has the share that every counted key would have if all came alike.
    private IEnumerable<int> Hot() => _places.Values
        .Where(place => (_counters[place].Count - _counters[place].Error) * Capacity >= Math.Max(1, _seen))
        .OrderByDescending(place => _counters[place].Count - _counters[place].Error)
        .Take(MaxShown);

    private int Place(ulong hash, int group, ReadOnlySpan<byte> name)
    {
        var place = _places.Count;
        if (place == Capacity)
        {
            place = Least();
            _places.Remove(_counters[place].Hash);
            _counters[place].Error = _counters[place].Count;
        }
        else
        {
            (_counters[place].Count, _counters[place].Error) = (0, 0);
        }

        _places.Add(hash, place);
        ref var counter = ref _counters[place];
        (counter.Hash, counter.Group, counter.NameLength, counter.InWindow) = (hash, group, name.Length, 0);
        if ((counter.Name?.Length ?? 0) < name.Length)
            counter.Name = new byte[Math.Max(32, name.Length)];
        name.CopyTo(counter.Name);
        return place;
    }

    private int Least()
    {
        var least = 0;
        for (var place = 1; place < _counters.Length; place++)
        {
            if (_counters[place].Count < _counters[least].Count)
                least = place;
        }

        return least;
    }

    // Windows in which nothing came halve too; after a dozen of them nothing is left.
    private void Turn(long now)
    {
        if (_windowEnd == 0)
            (_windowStart, _windowEnd) = (now, now + _windowMilliseconds);
        for (var turns = 0; now >= _windowEnd; turns++)
        {
            if (turns == WindowsToForget)
            {
                Clear();
                (_windowStart, _windowEnd) = (now, now + _windowMilliseconds);
                return;
            }

            Halve();
        }
    }

    private void Halve()
    {
        Compare();
        foreach (ref var counter in _counters.AsSpan(0, _places.Count))
            (counter.Count, counter.Error, counter.InWindow) = (counter.Count / 2, counter.Error / 2, 0);
        (_seen, _windowSeen) = (_seen / 2, 0);
        _seconds = (_seconds + ((_windowEnd - _windowStart) / 1000.0)) / 2;
        (_windowStart, _windowEnd) = (_windowEnd, _windowEnd + _windowMilliseconds);
        if (_told * 2 < ToldPerWindow)
            Volatile.Write(ref _interval, Math.Max(1, _interval / 2));
        else if (_told > ToldPerWindow)
            Volatile.Write(ref _interval, Math.Min(MaxInterval, _interval * 2));
        _told = 0;
    }

    // Who was hot needs half as many to be so still, so that those at the edge do not come and go by chance.
    private void Compare()
    {
        var least = Math.Max(1, _windowSeen / Capacity);
        _stillHot = _hotBefore.Count == 0 ? null
            : _hotBefore.Count(hash => _places.TryGetValue(hash, out var place) && 2 * _counters[place].InWindow >= least) / (double)_hotBefore.Count;
        _hotBefore.Clear();
        _hotBefore.UnionWith(_places.Values
            .Where(place => _counters[place].InWindow >= least)
            .OrderByDescending(place => _counters[place].InWindow)
            .Take(MaxShown)
            .Select(place => _counters[place].Hash));
    }

    private struct Counter
    {
        public ulong Hash;
        public long Count;
        public long Error;
        public long InWindow;
        public int Group;
        public int NameLength;
        public byte[]? Name;
    }
}

/// <summary>What comes most.</summary>
/// <param name="Keys">The hottest first.</param>
/// <param name="StillHot">Which part of the keys that were hot in the last window but one was so in the last; null where none was.</param>
/// <param name="PerSecond">How many come a second in all.</param>
public sealed record HeavyHitterReport(IReadOnlyList<HeavyHitter> Keys, double? StillHot, double PerSecond);

/// <summary>A key that comes often.</summary>
/// <param name="Hash">As it was told.</param>
/// <param name="Group">As it was told.</param>
/// <param name="Name">Its bytes.</param>
/// <param name="PerSecond">How often a second it comes, at most.</param>
/// <param name="Share">Its part of all, at most.</param>
/// <param name="Error">By how much that may be too large because of what was counted in its place before; what sampling adds is not in it.</param>
public sealed record HeavyHitter(ulong Hash, int Group, ReadOnlyMemory<byte> Name, double PerSecond, double Share, double Error);
