using Groundwork.Ports.Limiting;

namespace Groundwork.RateLimits.Traffic;

/// <summary>The time by which traffic is recorded: it never steps, whatever happens to the clock of the machine. Safe for concurrent use.</summary>
/// <param name="time">The clock.</param>
internal sealed class TrafficClock(TimeProvider time)
{
    private const long MicrosecondsPerSecond = 1_000_000;

    // As it was when the program began, so that times can be told, and windows begin where those of stores do, unless the machine's clock was set.
    private readonly long _wall = LimitClock.Microseconds(time);
    private readonly long _began = time.GetTimestamp();

    /// <summary>Microseconds since 1970, as if the clock had never been set since the program began.</summary>
    public long Microseconds => _wall + (time.GetElapsedTime(_began).Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>The same in milliseconds.</summary>
    public long Milliseconds => Microseconds / 1000;

    /// <summary>The same in seconds.</summary>
    public long Second => Microseconds / MicrosecondsPerSecond;

    /// <summary>A time as people write it.</summary>
    public static DateTimeOffset TimeOf(long microseconds) => DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds);
}
