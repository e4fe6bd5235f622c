namespace Groundwork.RateLimits.Drills.Callers;

/// <summary>A wall clock as limits count it.</summary>
internal static class Clock
{
    /// <summary>Microseconds since 1970.</summary>
    public static long Microseconds(TimeProvider time) => (time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
