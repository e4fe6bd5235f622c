namespace Groundwork.RateLimits.Traffic;

/// <summary>
/// The takes of the last minutes: when, of which key, how many permits. Of every key either all of them or none, so that they can be replayed.
/// </summary>
/// <remarks>
/// <para>A key is recorded while its hash is no larger than a bound, at first the largest there is. When the ring is full before its oldest is
/// <see cref="Span"/> old, the bound is halved, and those leave that are above it. Where that would leave next to nobody, or next to everybody,
/// since a few keys have nearly all of the traffic, the oldest leave instead, and the time that is recorded is shorter.</para>
/// <para>When less comes, the bound is doubled, once a minute, as often as the load of that minute leaves room for. Those who come in by that
/// were not recorded before; so whoever reads gets those only who were there during all of the time that is told.</para>
/// <para>16 bytes an arrival, <see cref="Capacity"/> of them at most, none while nobody comes. Safe for concurrent use; whoever is not recorded
/// takes no lock.</para>
/// </remarks>
internal sealed class ArrivalRing
{
    /// <summary>How many there are at most.</summary>
    public const int Capacity = 1 << 15;

    /// <summary>How long they are kept at most.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(10);

    private const int First = 1 << 8;
    private const int FewestLeft = Capacity / 64;
    private const int MostLeft = Capacity / 8 * 7;
    private const long SpanMicroseconds = 600_000_000;
    private const long MinuteMicroseconds = 60_000_000;

    private readonly Lock _gate = new();
    private readonly TrafficClock _clock;
    private readonly Queue<(long At, int ShiftBefore)> _widened = new();
    private Entry[] _ring = [];
    private int _oldest;
    private int _count;
    private long _oldestAt;
    private long _newestAt;
    private long _since;
    private ulong _bound = ulong.MaxValue;
    private int _shift;
    private int _untilThinned;
    private long _minuteEnd;
    private long _inMinute;

    public ArrivalRing(TrafficClock clock)
    {
        _clock = clock;
        _since = clock.Microseconds;
        _minuteEnd = _since + MinuteMicroseconds;
    }

    /// <summary>Somebody came.</summary>
    /// <param name="key">The hash of the key, even over 64 bits.</param>
    /// <param name="cost">How many permits were wanted; more than an <see cref="int"/> has are as many as it has, which no limit admits either.</param>
    public void Add(ulong key, long cost)
    {
        if (key > Volatile.Read(ref _bound))
            return;
        lock (_gate)
        {
            // Read under the lock, so that none is before the one before it.
            var now = _clock.Microseconds;
            if (_count == _ring.Length)
                MakeRoom(now);
            if (key > _bound)
                return;
            if (_count == 0)
                _oldestAt = _newestAt = now;
            _ring[(_oldest + _count) & (_ring.Length - 1)] = new Entry(key, (uint)(now - _newestAt), (int)Math.Min(cost, int.MaxValue));
            _newestAt = now;
            _count++;
            _inMinute++;
        }
    }

    /// <summary>Time goes on: to be called about every second.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            var now = _clock.Microseconds;
            Expire(now);
            if (_count == 0)
                (_ring, _oldest) = ([], 0);
            if (now >= _minuteEnd)
                Widen(now);
        }
    }

    /// <summary>What is recorded.</summary>
    public RecordedArrivals Read()
    {
        lock (_gate)
        {
            var now = _clock.Microseconds;
            Expire(now);
            var since = Math.Max(_since, now - SpanMicroseconds);
            var shift = _widened.Aggregate(_shift, (widest, w) => w.At > since ? Math.Max(widest, w.ShiftBefore) : widest);
            var (bound, at) = (ulong.MaxValue >> shift, _oldestAt);
            var arrivals = new List<Arrival>(_count);
            for (var i = 0; i < _count; i++)
            {
                var entry = _ring[(_oldest + i) & (_ring.Length - 1)];
                at += i == 0 ? 0 : entry.After;
                if (entry.Key <= bound)
                    arrivals.Add(new Arrival(entry.Key, at, entry.Cost));
            }

            return new RecordedArrivals(arrivals, since, now, Math.ScaleB(1, -shift));
        }
    }

    private void MakeRoom(long now)
    {
        Expire(now);
        if (_count < _ring.Length)
            return;
        if (_ring.Length < Capacity)
        {
            Rebuild(Math.Max(First, _ring.Length * 2), ulong.MaxValue);
            return;
        }

        if (--_untilThinned < 0)
        {
            if (CountUpTo(_bound >> 1) is >= FewestLeft and <= MostLeft)
            {
                _shift++;
                Volatile.Write(ref _bound, ulong.MaxValue >> _shift);
                Rebuild(Capacity, _bound);
                return;
            }

            // It is not counted again with every one that comes.
            _untilThinned = Capacity / 4;
        }

        DropOldest();
        _since = _oldestAt;
    }

    // The larger part of the keys may be recorded again, if those that came in the last minute say that there is room.
    private void Widen(long now)
    {
        var expected = _inMinute * SpanMicroseconds / (MinuteMicroseconds + (now - _minuteEnd));
        (_inMinute, _minuteEnd) = (0, now + MinuteMicroseconds);
        while (_widened.TryPeek(out var first) && first.At <= now - SpanMicroseconds)
            _widened.Dequeue();
        var before = _shift;
        for (; _shift > 0 && expected * 4 <= Capacity; expected *= 2)
            _shift--;
        if (_shift == before)
            return;
        _widened.Enqueue((now, before));
        Volatile.Write(ref _bound, ulong.MaxValue >> _shift);
    }

    private int CountUpTo(ulong bound)
    {
        var count = 0;
        foreach (ref readonly var entry in _ring.AsSpan())
            count += entry.Key <= bound ? 1 : 0;
        return count;
    }

    private void Expire(long now)
    {
        while (_count > 0 && _oldestAt <= now - SpanMicroseconds)
            DropOldest();
    }

    private void DropOldest()
    {
        _oldest = (_oldest + 1) & (_ring.Length - 1);
        if (--_count > 0)
            _oldestAt += _ring[_oldest].After;
    }

    // Those up to a bound, in as much room.
    private void Rebuild(int room, ulong bound)
    {
        var (ring, count, at, last, oldestAt) = (new Entry[room], 0, _oldestAt, 0L, 0L);
        for (var i = 0; i < _count; i++)
        {
            var entry = _ring[(_oldest + i) & (_ring.Length - 1)];
            at += i == 0 ? 0 : entry.After;
            if (entry.Key > bound)
                continue;
            if (count == 0)
                oldestAt = last = at;
            ring[count++] = entry with { After = (uint)(at - last) };
            last = at;
        }

        (_ring, _oldest, _count) = (ring, 0, count);
        if (count > 0)
            (_oldestAt, _newestAt) = (oldestAt, last);
    }

    /// <param name="Key">The hash of its key.</param>
    /// <param name="After">Microseconds after the one before it: none is ten minutes after the other.</param>
    /// <param name="Cost">How many permits.</param>
    private readonly record struct Entry(ulong Key, uint After, int Cost);
}
