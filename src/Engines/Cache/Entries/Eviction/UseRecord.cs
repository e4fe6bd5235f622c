using Groundwork.Cache.Popularity;

namespace Groundwork.Cache.Entries.Eviction;

/// <summary>How an entry was used, in 24 bits: the tick in which it was last (20), and how often it was lately (4).</summary>
internal static class UseRecord
{
    private const int FrequencyBits = KeyIndex.UseBits - UseTicks.Bits;

    /// <summary>The record of a tick and a frequency.</summary>
    public static uint Of(uint tick, int frequency) => (tick << FrequencyBits) | (uint)frequency;

    /// <summary>How often it was used.</summary>
    public static int Frequency(uint use) => (int)(use & ((1 << FrequencyBits) - 1));

    /// <summary>For how many ticks it was not.</summary>
    public static uint Age(uint use, uint now) => UseTicks.Between(use >> FrequencyBits, now);
}
