namespace Groundwork.RateLimits.Limiters;

/// <summary>Microseconds since it was made, by a clock that never steps back.</summary>
internal readonly struct MicrosecondClock
{
    private const long Second = 1_000_000;

    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly long _frequency;
    private readonly long _perMicrosecond;

    public MicrosecondClock(TimeProvider time)
    {
        (_time, _origin, _frequency) = (time, time.GetTimestamp(), time.TimestampFrequency);
        _perMicrosecond = _frequency % Second == 0 ? _frequency / Second : 0;
    }

    public long Now
    {
        get
        {
            var elapsed = _time.GetTimestamp() - _origin;
            return _perMicrosecond > 0 ? elapsed / _perMicrosecond : (long)((Int128)elapsed * Second / _frequency);
        }
    }
}
