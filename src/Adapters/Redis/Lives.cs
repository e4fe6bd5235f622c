using StackExchange.Redis;

namespace Groundwork.Redis;

/// <summary>Times as Redis counts them.</summary>
internal static class Lives
{
    /// <summary>What stands for no end.</summary>
    public const long Endless = -1;

    // The longest that a TimeSpan can say; rounded up it could not.
    private const long MaxMs = long.MaxValue / TimeSpan.TicksPerMillisecond;

    /// <summary>Whole milliseconds, rounded up; <see cref="Endless"/> for <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is nothing or less.</exception>
    public static long Ms(TimeSpan life, string name)
    {
        if (life == Timeout.InfiniteTimeSpan)
            return Endless;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(life, TimeSpan.Zero, name);
        return Math.Min(MaxMs, (life.Ticks / TimeSpan.TicksPerMillisecond) + (life.Ticks % TimeSpan.TicksPerMillisecond > 0 ? 1 : 0));
    }

    /// <summary>What <c>PTTL</c> has said of a key that is there.</summary>
    public static TimeSpan Left(long ms) =>
        ms == Endless ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks(Math.Clamp(ms, 0, MaxMs) * TimeSpan.TicksPerMillisecond);

    /// <summary>As the driver takes it.</summary>
    public static Expiration Expiry(long ms) => ms == Endless ? Expiration.Default : TimeSpan.FromTicks(ms * TimeSpan.TicksPerMillisecond);
}
