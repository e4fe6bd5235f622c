using System.Runtime.CompilerServices;

namespace Groundwork.Cache.Commands;

/// <summary>What was counted of one command.</summary>
internal struct CommandCounts
{
    /// <summary>How often it ran.</summary>
    public long Calls;

    /// <summary>How long it ran in all, in nanoseconds.</summary>
    public long Nanoseconds;

    /// <summary>How often it ended with an error.</summary>
    public long Failed;

    /// <summary>How often it was refused before it ran.</summary>
    public long Rejected;

    /// <summary>How often it took so long.</summary>
    public TimeBuckets Times;

    /// <summary>Adds what was counted elsewhere, or takes it away.</summary>
    public void Add(in CommandCounts other, int sign)
    {
        Calls += sign * other.Calls;
        Nanoseconds += sign * other.Nanoseconds;
        Failed += sign * other.Failed;
        Rejected += sign * other.Rejected;
        for (var i = 0; i < TimeBuckets.Count; i++)
            Times[i] += sign * other.Times[i];
    }
}

/// <summary>Counts of times: up to 1,024 ns, and then a bucket for each power of two; what took 2 minutes or more is in the last.</summary>
[InlineArray(Count)]
internal struct TimeBuckets
{
    /// <summary>How many there are.</summary>
    public const int Count = 28;

    private const int FirstBits = 10;

    private long _first;

    /// <summary>The bucket of a time.</summary>
    public static int Of(long nanoseconds) =>
        nanoseconds <= 1 << FirstBits ? 0 : Math.Min(Count - 1, 64 - FirstBits - System.Numerics.BitOperations.LeadingZeroCount((ulong)(nanoseconds - 1)));

    /// <summary>The longest time of a bucket, in microseconds.</summary>
    public static long EndOf(int bucket) => (1L << (FirstBits + bucket)) / 1000;
}
