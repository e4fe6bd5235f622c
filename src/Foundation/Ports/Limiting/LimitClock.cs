namespace Groundwork.Ports.Limiting;

/// <summary>The wall clock as stores of limits count it.</summary>
public static class LimitClock
{
    /// <summary>Microseconds since 1970.</summary>
    public static long Microseconds(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return (time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
    }
}
