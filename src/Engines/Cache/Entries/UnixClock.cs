namespace Groundwork.Cache.Entries;

/// <summary>
/// The time in Unix milliseconds, for those who ask with every key that they look at.
/// </summary>
/// <remarks>
/// <para>The system's clock takes some ten times as long to read as its count of ticks, and that would be a quarter of a lookup. So
/// ticks are counted, from where the clock was when it was last read, a second ago at most. What it says is the clock's time to within
/// two ticks (8 ms on most machines); a clock that is set is followed within a second.</para>
/// <para>Another clock than the system's is read each time. Safe for concurrent use.</para>
/// </remarks>
internal sealed class UnixClock(TimeProvider time)
{
    private const int MaxAgeMs = 1000;

    private readonly bool _isSystem = time == TimeProvider.System;
    private long _offset;
    private long _goodUntil = long.MinValue;

    /// <summary>The time.</summary>
    public long Now
    {
        get
        {
            if (!_isSystem)
                return Read();
            var tick = Environment.TickCount64;
            return tick + (tick < Volatile.Read(ref _goodUntil) ? Volatile.Read(ref _offset) : Calibrate());
        }
    }

    private long Read() => time.GetUtcNow().ToUnixTimeMilliseconds();

    // Both are read in the same tick, so that whoever was held up in between does not take the delay for an offset.
    private long Calibrate()
    {
        long tick, offset;
        do
        {
            tick = Environment.TickCount64;
            offset = Read() - tick;
        }
        while (Environment.TickCount64 != tick);

        Volatile.Write(ref _offset, offset);
        Volatile.Write(ref _goodUntil, tick + MaxAgeMs);
        return offset;
    }
}
