namespace Groundwork.RateLimits.Traffic;

/// <summary>How many takes there were of each outcome. Immutable.</summary>
internal readonly record struct OutcomeCounts(long Allowed, long Refused, long Shadowed, long Uncounted)
{
    /// <summary>All of them.</summary>
    public long Total => Allowed + Refused + Shadowed + Uncounted;

    public static OutcomeCounts operator +(OutcomeCounts a, OutcomeCounts b) =>
        new(a.Allowed + b.Allowed, a.Refused + b.Refused, a.Shadowed + b.Shadowed, a.Uncounted + b.Uncounted);

    public static OutcomeCounts operator -(OutcomeCounts a, OutcomeCounts b) =>
        new(a.Allowed - b.Allowed, a.Refused - b.Refused, a.Shadowed - b.Shadowed, a.Uncounted - b.Uncounted);
}
