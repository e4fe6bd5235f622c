namespace Groundwork.Cache.Commands;

/// <summary>How fast a count grows, between two times that somebody asked. Thread-safe.</summary>
internal sealed class Pace(TimeProvider time)
{
    // Who asks again sooner gets the same answer.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private long _at = time.GetTimestamp();
    private long _count;
    private long _perSecond;

    /// <summary>By how much it grew a second, since it was asked for last.</summary>
    public long PerSecond(long count)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var passed = time.GetElapsedTime(_at, now);
            if (passed >= Shortest)
            {
                _perSecond = (long)(Math.Max(0, count - _count) / passed.TotalSeconds);
                (_at, _count) = (now, count);
            }

            return _perSecond;
        }
    }
}
