namespace Groundwork.Primitives.Limiting;

/// <summary>Every take of the last period, by its time.</summary>
/// <remarks>
/// <para>Admits at most the limit's permits in any interval of a period, to the microsecond: who takes at t may take the same again
/// at t + period. The price is 8 bytes a take, so that it is for at most <see cref="Limit.MaxListed"/> permits.</para>
/// <para>A take costs what it takes to forget what has expired since the last; a refusal looks at as many of the oldest entries as
/// must expire.</para>
/// <para>A clock that steps back takes the log with it: the newest take is now, the older ones as long before as they were. Stepped
/// forth again it forgets what was a period ago then, which forgives one period's permits at most.</para>
/// </remarks>
public static class SlidingLog
{
    /// <summary>The most bytes that a state takes; it grows with what is in it.</summary>
    public static int MaxLength(in Limit limit) => LogRing.HeadLength + (LogRing.EntryLength * (int)limit.Permits);

    /// <inheritdoc cref="LimitState.Take(in Limit, Span{byte}, ref int, long, long)"/>
    public static LimitDecision Take(in Limit limit, Span<byte> state, ref int length, long now, long cost)
    {
        limit.Ensure(LimitAlgorithm.SlidingLog, cost);
        now = Instants.Within(now);
        var ring = Open(limit, StateBytes.Known(state, length), now);
        var decision = Decide(limit, ring, state, now, cost);
        if (cost == 0)
            return decision;
        if (decision.IsAllowed)
            ring.Append(limit, state, now, (int)cost);
        ring.Save(state);
        length = ring.Length;
        return decision;
    }

    /// <inheritdoc cref="LimitState.Peek"/>
    public static LimitDecision Peek(in Limit limit, ReadOnlySpan<byte> state, long now, long cost)
    {
        limit.Ensure(LimitAlgorithm.SlidingLog, cost);
        now = Instants.Within(now);
        return Decide(limit, Open(limit, state, now), state, now, cost);
    }

    private static LogRing Open(in Limit limit, ReadOnlySpan<byte> state, long now)
    {
        var ring = LogRing.Read(limit, state);
        ring.MoveTo(limit, state, now);
        return ring;
    }

    private static LimitDecision Decide(in Limit limit, in LogRing ring, ReadOnlySpan<byte> state, long now, long cost)
    {
        var room = limit.Permits - ring.Used;
        if (cost <= room || cost == 0)
        {
            var resetAt = cost > 0 ? now + limit.Period : ring.Count > 0 ? ring.Time(state, ring.Count - 1) + limit.Period : now;
            return new LimitDecision(true, room - cost, 0, resetAt - now, 0);
        }

        var resetAfter = ring.Count > 0 ? ring.Time(state, ring.Count - 1) + limit.Period - now : 0;
        if (cost > limit.Permits)
            return new LimitDecision(false, room, LimitDecision.Never, resetAfter, 0);
        var (index, freed) = (0, (long)ring.Cost(state, 0));
        while (freed < cost - room && index < ring.Count - 1)
            freed += ring.Cost(state, ++index);
        var retryAfter = Math.Clamp(ring.Time(state, index) + limit.Period - now, 1, resetAfter);
        return new LimitDecision(false, room, retryAfter, resetAfter, 0);
    }
}
