namespace Groundwork.Cache.Entries.Eviction;

/// <summary>
/// When an entry was last used, in 24 bits: steps of 64 ms, which come round after 12 days.
/// </summary>
/// <remarks>Redis keeps seconds in as many bits. Seconds are too coarse to tell the entries of a busy cache apart; what was idle
/// for longer than half the round is taken for just as idle.</remarks>
internal static class UseClock
{
    private const int StepBits = 6;
    private const uint Mask = (1 << KeyIndex.UseBits) - 1;

    /// <summary>The time as it is written down.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public static uint At(long now) => (uint)(now >> StepBits) & Mask;

    /// <summary>The milliseconds since a time that was written down, to within a step.</summary>
    public static long IdleMilliseconds(uint use, long now) => (long)((At(now) - use) & Mask) << StepBits;

    /// <summary>The time that lies so many milliseconds back.</summary>
    public static uint Before(long now, long idleMilliseconds) => At(now - Math.Min(idleMilliseconds, (long)Mask << StepBits));
}
