using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Near;

/// <summary>
/// Permits that the store has counted already and that are spent here, and how many to take ahead the next time. Not for concurrent use.
/// </summary>
/// <remarks>
/// <para>Invariant: at most a batch less one, since it is closed before the store is asked for another, and somebody asks for at least one of that.</para>
/// <para>None is spent later after the store was asked than its life: a second, or the time in which the limit gives a batch, if that is shorter.
/// So a copy keeps from others no more than it could be given anyway. What is not spent by then is lost.</para>
/// <para>How many: the whole batch at first; then, of a lease that ended by its age, as many as were spent of it, and of one that was spent, a
/// quarter more; and never more than half of what the store said is there, so that the others find something and a limit that is
/// nearly reached is counted one by one.</para>
/// </remarks>
internal struct Lease
{
    private const long LongestLife = 1_000_000;

    private long _left;
    private long _endsAt;
    private long _taken;
    private long _size;

    /// <summary>Whether permits of an algorithm may be taken ahead: where they come back with time, and nobody is paced.</summary>
    public static bool Suits(LimitAlgorithm algorithm) => algorithm is LimitAlgorithm.TokenBucket or LimitAlgorithm.Gcra
        or LimitAlgorithm.FixedWindow or LimitAlgorithm.SlidingWindow or LimitAlgorithm.SlidingLog;

    /// <summary>How long permits of a batch are spent, in microseconds.</summary>
    public static long LifeOf(in Limit limit, int batch) => Math.Min(LongestLife, batch * limit.Period / limit.Permits);

    /// <summary>How many can be spent.</summary>
    public readonly long Left(long now) => now < _endsAt ? _left : 0;

    /// <summary>Spends so many, if there are.</summary>
    public bool TrySpend(long cost, long now)
    {
        if (cost > Left(now))
            return false;
        _left -= cost;
        return true;
    }

    /// <summary>Ends it, and says how many to ask the store for.</summary>
    /// <param name="wanted">How many are asked for now, at least one.</param>
    /// <param name="each">How many one asks for, of which a whole number is taken ahead.</param>
    /// <param name="batch">The most to take at once.</param>
    /// <param name="remaining">How many there are, as far as is known.</param>
    /// <returns>At least <paramref name="wanted"/>.</returns>
    public long Renew(in Limit limit, long wanted, long each, int batch, long remaining, long now)
    {
        if (_taken > 0)
            _size = _left > 0 && now >= _endsAt ? _taken - _left : _size + (_size / 4) + 1;
        else if (_size == 0)
            _size = batch;
        _size = Math.Min(_size, Math.Min(batch, limit.MaxCost));
        (_left, _taken) = (0, 0);
        var ahead = Math.Min(_size - wanted, remaining / 2);
        return ahead > 0 ? wanted + (ahead - (ahead % each)) : wanted;
    }

    /// <summary>Begins with what was taken ahead.</summary>
    /// <param name="ahead">How many.</param>
    /// <param name="taken">How many were taken in all.</param>
    /// <param name="sentAt">When they were asked for.</param>
    public void Begin(long ahead, long taken, long sentAt, long life) => (_left, _taken, _endsAt) = (ahead, taken, sentAt + life);

    /// <summary>Gives up what is left.</summary>
    public void Drop() => (_left, _taken) = (0, 0);
}
