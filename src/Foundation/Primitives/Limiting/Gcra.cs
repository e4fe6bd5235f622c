namespace Groundwork.Primitives.Limiting;

/// <summary>
/// The generic cell rate algorithm (ITU-T I.371; ATM Forum, "Traffic Management Specification" 4.1, 1999), as virtual scheduling:
/// a single time says how far ahead of its rate a key is.
/// </summary>
/// <remarks>
/// <para>Decides as a token bucket of the same burst does, to the microsecond, and so admits at most burst + rate·Δ over any
/// interval Δ. It takes 12 bytes for the bucket's 16.</para>
/// <para>A clock that steps back: a single time can't tell the step from what is owed, so the step counts as owed, up to the whole
/// burst; nobody waits longer than after a burst. Stepped forth again, one burst at most is forgiven.</para>
/// </remarks>
/// <param name="Tat">The theoretical arrival time, rounded down to microseconds.</param>
/// <param name="Fraction">What was rounded off, in the limit's units.</param>
public record struct Gcra(long Tat, uint Fraction) : ILimitState<Gcra>
{
    /// <inheritdoc/>
    public static int Length => ArrivalTime.Length;

    private readonly ArrivalTime Arrival => new(Tat, Fraction);

    /// <inheritdoc/>
    public static Gcra Fresh(in Limit limit, long now) => new(Instants.Within(now), 0);

    /// <inheritdoc/>
    public static Gcra Read(ReadOnlySpan<byte> bytes)
    {
        var (tat, fraction) = ArrivalTime.Read(bytes);
        return new Gcra(tat, fraction);
    }

    /// <inheritdoc/>
    public readonly void Write(Span<byte> bytes) => Arrival.Write(bytes);

    /// <inheritdoc/>
    public LimitDecision Take(in Limit limit, long now, long cost)
    {
        limit.Ensure(LimitAlgorithm.Gcra, cost);
        now = Instants.Within(now);
        var decision = Bucket.Decide(limit, Arrival.LevelAt(limit, now), cost, out var left);
        if (cost > 0)
            (Tat, Fraction) = ArrivalTime.Of(limit, left, now);
        return decision;
    }

    /// <inheritdoc/>
    public readonly LimitDecision Peek(in Limit limit, long now, long cost)
    {
        var copy = this;
        return copy.Take(limit, now, cost);
    }
}
