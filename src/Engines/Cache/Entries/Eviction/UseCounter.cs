namespace Groundwork.Cache.Entries.Eviction;

/// <summary>
/// How often an entry is used, in 24 bits: a counter of 8 that grows ever more slowly, and the minute in which it last shrank.
/// </summary>
/// <remarks>Redis' LFU, with its defaults: the counter grows with probability 1 / ((counter - 5) × 10 + 1) and stands at 255 after
/// about a million uses; it loses one a minute; what is new begins at 5.</remarks>
internal static class UseCounter
{
    /// <summary>Where a new entry begins.</summary>
    public const int First = 5;

    private const int MinuteMask = 0xFFFF;

    /// <summary>A new entry's use.</summary>
    public static uint Begin(long now) => (Minute(now) << 8) | First;

    /// <summary>The use after one more, decided by <paramref name="chance"/>, 0 to 1.</summary>
    public static uint After(uint use, long now, double chance, int logFactor, int decayMinutes)
    {
        var count = Count(use, now, decayMinutes);
        if (count < 255 && chance < 1.0 / ((Math.Max(0, count - First) * (double)logFactor) + 1))
            count++;
        return (Minute(now) << 8) | (uint)count;
    }

    /// <summary>The counter as it stands now.</summary>
    public static int Count(uint use, long now, int decayMinutes)
    {
        var count = (int)(use & 255);
        if (decayMinutes == 0)
            return count;
        var minutes = (int)((Minute(now) - (use >> 8)) & MinuteMask);
        return Math.Max(0, count - (minutes / decayMinutes));
    }

    private static uint Minute(long now) => (uint)(now / 60_000) & MinuteMask;
}
