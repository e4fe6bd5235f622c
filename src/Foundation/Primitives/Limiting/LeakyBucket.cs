namespace Groundwork.Primitives.Limiting;

/// <summary>
/// A paced queue: permits start one at a time, a period divided by the permits apart, and who comes early is admitted with a
/// <see cref="LimitDecision.Delay"/> as long as no more than the limit's burst wait.
/// </summary>
/// <remarks>
/// <para>Starts lie an emission interval apart, to the microsecond: n of them take longer than n intervals less one microsecond.
/// One that costs several permits keeps the next waiting for so many intervals, and takes as many places in the queue. The first
/// of a rested limit does not wait, so that burst + 1 are admitted at once.</para>
/// <para>The queue is a number, not memory: nobody leaves it. What has no time to wait asks first (<see cref="Peek"/>).</para>
/// <para>A clock that steps back counts as a queue that is longer by the step, up to a full one; see <see cref="Gcra"/>.</para>
/// </remarks>
/// <param name="Free">When the next may start, rounded down to microseconds.</param>
/// <param name="Fraction">What was rounded off, in the limit's units.</param>
public record struct LeakyBucket(long Free, uint Fraction) : ILimitState<LeakyBucket>
{
    /// <inheritdoc/>
    public static int Length => ArrivalTime.Length;

    private readonly ArrivalTime Arrival => new(Free, Fraction);

    /// <inheritdoc/>
    public static LeakyBucket Fresh(in Limit limit, long now) => new(Instants.Within(now), 0);

    /// <inheritdoc/>
    public static LeakyBucket Read(ReadOnlySpan<byte> bytes)
    {
        var (free, fraction) = ArrivalTime.Read(bytes);
        return new LeakyBucket(free, fraction);
    }

    /// <inheritdoc/>
    public readonly void Write(Span<byte> bytes) => Arrival.Write(bytes);

    /// <inheritdoc/>
    public LimitDecision Take(in Limit limit, long now, long cost)
    {
        limit.Ensure(LimitAlgorithm.LeakyBucket, cost);
        now = Instants.Within(now);
        var level = Arrival.LevelAt(limit, now);
        var decision = Bucket.Decide(limit, level, cost, out var left);
        if (cost > 0)
            (Free, Fraction) = ArrivalTime.Of(limit, left, now);
        return decision.IsAllowed ? decision with { Delay = limit.TimeOf(limit.Capacity - level) } : decision;
    }

    /// <inheritdoc/>
    public readonly LimitDecision Peek(in Limit limit, long now, long cost)
    {
        var copy = this;
        return copy.Take(limit, now, cost);
    }
}
