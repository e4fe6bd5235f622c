namespace Groundwork.Cache.Popularity;

/// <summary>
/// Which keys are read most, from a sample of all reads, in a fixed amount of memory.
/// </summary>
/// <remarks>
/// <para>SpaceSaving (A. Metwally, D. Agrawal, A. El Abbadi, "Efficient computation of frequent and top-k elements in data streams", ICDT
/// 2005): who is not counted takes the place of whoever has the least, and its count, which is then the most by which its own may be too
/// large. So every key with more than 1/512 of what was counted is there. At the end of each window of five seconds all counts are halved,
/// and rates with them: what was hot half a minute ago weighs nothing. Whether the same keys are hot as before is told from the counts of
/// windows alone: in the others, those that were hot and those that become so are both hot for some windows.</para>
/// <para>Readers (clients, and a shard for those in the same process) count down how many reads they let pass, a nanosecond each; one in
/// <see cref="Interval"/> is told (<see cref="Tell"/>), as that many. The interval follows the load, so that about 2,000 a second are told.</para>
/// <para>Any number of threads; one lock, which is taken under a shard's and takes no other. A name is kept whole, so that the table may
/// grow to 4 MiB of names of 8 KiB; it begins with none.</para>
/// </remarks>
internal sealed class HotKeys(Random random)
{
    /// <summary>How many keys are counted.</summary>
    public const int Capacity = 512;

    /// <summary>How many of them are shown, and compared from window to window, at most.</summary>
    public const int MaxShown = 64;

    private const long WindowMilliseconds = 5000;
    private const int ToldPerWindow = 10_000;
    private const int MaxInterval = 1 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, int> _places = [];
    private readonly Counter[] _counters = new Counter[Capacity];
    private readonly HashSet<ulong> _hotBefore = [];
    private double? _stillHot;
    private long _windowReads;
    private int _interval = 1;
    private int _told;
    private long _windowEnd;
    private long _windowStart;
    private double _seconds;
    private long _reads;

    /// <summary>One in how many reads is told.</summary>
    public int Interval => Volatile.Read(ref _interval);

    /// <summary>Which of a reader's next reads is to be told: 1 is the next.</summary>
    public int Draw()
    {
        var interval = Interval;
        if (interval == 1)
            return 1;
        lock (_gate)
            return random.Next(1, 2 * interval);
    }

    /// <summary>A reader has counted down: the read is told, unless it is the reader's first, which draws, so that many that read once are told
    /// as often as one that reads much.</summary>
    /// <param name="untilTold">What the reader has counted to, from 0 at the beginning: 0 or -1.</param>
    /// <param name="hash">Of the key in its database.</param>
    /// <param name="database">Its database.</param>
    /// <param name="name">The key.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>What the reader counts down from now on, one with each read.</returns>
    public int Tell(int untilTold, ulong hash, int database, ReadOnlySpan<byte> name, long now)
    {
        if (untilTold < 0 && Draw() - 1 is var pass and > 0)
            return pass;
        Add(hash, database, name, now);
        return Draw();
    }

    /// <summary>A read, of as many as <see cref="Interval"/> says.</summary>
    /// <param name="hash">Of the key in its database.</param>
    /// <param name="database">Its database.</param>
    /// <param name="name">The key.</param>
    /// <param name="now">Unix milliseconds.</param>
    public void Add(ulong hash, int database, ReadOnlySpan<byte> name, long now)
    {
        lock (_gate)
        {
            Turn(now);
            _told++;
            _reads += _interval;
            if (!_places.TryGetValue(hash, out var place))
                place = Place(hash, database, name);
            _counters[place].Count += _interval;
            _counters[place].InWindow += _interval;
            _windowReads += _interval;

            // A burst is not waited for: the rest of the window is told less often.
            if (_told >= 2 * ToldPerWindow && _interval < MaxInterval)
                (_interval, _told) = (_interval * 2, ToldPerWindow);
        }
    }

    /// <summary>The hottest keys, those first that surely are.</summary>
    /// <param name="count">How many at most; <see cref="MaxShown"/> are the most.</param>
    /// <param name="now">Unix milliseconds.</param>
    public HotKeyReport Report(int count, long now)
    {
        lock (_gate)
        {
            Turn(now);
            var seconds = Math.Max(0.001, _seconds + ((now - _windowStart) / 1000.0));
            var keys = Hot().Take(count).Select(place => _counters[place]).Select(counter => new HotKey(
                counter.Database, counter.Name.AsSpan(0, counter.NameLength).ToArray(),
                counter.Count / seconds, counter.Count / (double)_reads, counter.Error / (double)_reads));
            return new HotKeyReport([.. keys], _stillHot, _reads / seconds);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _places.Clear();
            _hotBefore.Clear();
            (_reads, _seconds, _told, _windowStart, _windowEnd) = (0, 0, 0, 0, 0);
            (_stillHot, _windowReads) = (null, 0);
        }
    }

    // Hot is who surely has one of 512 reads.
    private IEnumerable<int> Hot() => _places.Values
        .Where(place => (_counters[place].Count - _counters[place].Error) * Capacity >= Math.Max(1, _reads))
        .OrderByDescending(place => _counters[place].Count - _counters[place].Error)
        .Take(MaxShown);

    private int Place(ulong hash, int database, ReadOnlySpan<byte> name)
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
        (counter.Hash, counter.Database, counter.NameLength, counter.InWindow) = (hash, database, name.Length, 0);
        if ((counter.Name?.Length ?? 0) < name.Length)
            counter.Name = new byte[Math.Max(32, name.Length)];
        name.CopyTo(counter.Name);
        return place;
    }

    private int Least()
    {
        var least = 0;
        for (var place = 1; place < Capacity; place++)
        {
            if (_counters[place].Count < _counters[least].Count)
                least = place;
        }

        return least;
    }

    // Windows in which nobody read halve too; after a minute of them nothing is left.
    private void Turn(long now)
    {
        if (_windowEnd == 0)
            (_windowStart, _windowEnd) = (now, now + WindowMilliseconds);
        for (var turns = 0; now >= _windowEnd; turns++)
        {
            if (turns == 12)
            {
                Clear();
                (_windowStart, _windowEnd) = (now, now + WindowMilliseconds);
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
        (_reads, _windowReads) = (_reads / 2, 0);
        _seconds = (_seconds + ((_windowEnd - _windowStart) / 1000.0)) / 2;
        (_windowStart, _windowEnd) = (_windowEnd, _windowEnd + WindowMilliseconds);
        if (_told * 2 < ToldPerWindow)
            Volatile.Write(ref _interval, Math.Max(1, _interval / 2));
        else if (_told > ToldPerWindow)
            Volatile.Write(ref _interval, Math.Min(MaxInterval, _interval * 2));
        _told = 0;
    }

    // Who was hot needs half as many reads to be so still, so that those at the edge do not come and go by chance.
    private void Compare()
    {
        var least = Math.Max(1, _windowReads / Capacity);
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
        public int Database;
        public int NameLength;
        public byte[]? Name;
    }
}

/// <summary>What is read most.</summary>
/// <param name="Keys">The hottest first.</param>
/// <param name="StillHot">Which part of the keys that were hot in the last window but one, of five seconds each, was so in the last; null where none was.</param>
/// <param name="ReadsPerSecond">How many reads there are.</param>
internal sealed record HotKeyReport(IReadOnlyList<HotKey> Keys, double? StillHot, double ReadsPerSecond);

/// <summary>A key that is read much.</summary>
/// <param name="Database">Its database.</param>
/// <param name="Name">Its bytes.</param>
/// <param name="PerSecond">How many reads of it there are, at most.</param>
/// <param name="Share">Its part of all reads, at most.</param>
/// <param name="Error">By how much that may be too large because of what was counted in its place before; what sampling adds is not in it.</param>
internal sealed record HotKey(int Database, byte[] Name, double PerSecond, double Share, double Error);
