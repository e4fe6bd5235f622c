namespace Groundwork.Primitives.Limiting;

/// <summary>Who is at work: holders of permits, each until it gives them back, or until their life is over.</summary>
/// <remarks>
/// <para>At most the limit's permits are held at once, counting those of holders that vanished until their life is over: who works
/// longer than a life enters again, and lives on from then. Entering again replaces what a holder had, so that a repeated request
/// counts once.</para>
/// <para>A state is 12 bytes and 16 a holder. A holder is found by looking through all, and leaving moves those after it:
/// microseconds for the largest.</para>
/// <para>A clock that steps back takes the list with it, as with <see cref="SlidingLog"/>; stepped forth again, lives may be over
/// early by the step.</para>
/// </remarks>
public static class Concurrency
{
    /// <summary>The most bytes that a state takes; it grows with those at work.</summary>
    public static int MaxLength(in Limit limit) => Holders.HeadLength + (Holders.EntryLength * (int)limit.Permits);

    /// <summary>Lets a holder in, if there is room, and writes the state that is to be kept, of whatever was decided.</summary>
    /// <param name="state">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="length">How many of them are the state: 0 for a key never seen.</param>
    /// <param name="holder">Whose permits they are: an id that nobody else uses meanwhile, such as a random one.</param>
    /// <param name="now">In microseconds since an origin that is always the same.</param>
    /// <param name="cost">In permits, from 0, which is always allowed and changes nothing.</param>
    /// <returns>The decision; its waits are those until lives are over, and shorter where permits are given back.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The cost is below zero.</exception>
    public static LimitDecision Enter(in Limit limit, Span<byte> state, ref int length, ulong holder, long now, long cost)
    {
        limit.Ensure(LimitAlgorithm.Concurrency, cost);
        now = Instants.Within(now);
        var known = StateBytes.Known(state, length);
        if (cost == 0)
            return Peek(limit, known, now, 0);
        var list = Holders.Read(limit, known);
        list.MoveTo(limit, state, now);
        list.Drop(state);
        var mine = list.IndexOf(state, holder);
        var held = mine < 0 ? 0 : list.Cost(state, mine);
        var decision = Decide(limit, list, state, now, cost, held, mine);
        if (decision.IsAllowed)
        {
            if (mine >= 0)
                list.Remove(state, mine);
            list.Append(limit, state, holder, now, (int)cost);
        }

        list.Save(state);
        length = list.Length;
        return decision;
    }

    /// <summary>Gives back what a holder has.</summary>
    /// <returns>Whether it had any, be it over its life.</returns>
    public static bool Exit(in Limit limit, Span<byte> state, ref int length, ulong holder)
    {
        limit.Ensure(LimitAlgorithm.Concurrency, 0);
        var list = Holders.Read(limit, StateBytes.Known(state, length));
        var mine = list.IndexOf(state, holder);
        if (mine < 0)
            return false;
        list.Remove(state, mine);
        list.Save(state);
        length = list.Length;
        return true;
    }

    /// <summary>What <see cref="Enter"/> would say to a new holder.</summary>
    public static LimitDecision Peek(in Limit limit, ReadOnlySpan<byte> state, long now, long cost)
    {
        limit.Ensure(LimitAlgorithm.Concurrency, cost);
        now = Instants.Within(now);
        var list = Holders.Read(limit, state);
        list.MoveTo(limit, state, now);
        return Decide(limit, list, state, now, cost, 0, -1);
    }

    private static LimitDecision Decide(
        in Limit limit, in Holders list, ReadOnlySpan<byte> state, long now, long cost, int held, int mine)
    {
        var room = limit.Permits - list.Used + held;
        var resetAfter = list.Count > 0 ? list.Time(state, list.Count - 1) + limit.Period - now : 0;
        if (cost <= room || cost == 0)
            return new LimitDecision(true, room - cost, 0, cost > 0 ? limit.Period : resetAfter, 0);

        room -= held;
        if (cost > limit.Permits)
            return new LimitDecision(false, room, LimitDecision.Never, resetAfter, 0);
        var (missing, index) = (cost - room - held, -1);
        while (missing > 0 && index < list.Count - 1)
            missing -= ++index == mine ? 0 : list.Cost(state, index);
        return new LimitDecision(false, room, Math.Clamp(list.Time(state, index) + limit.Period - now, 1, resetAfter), resetAfter, 0);
    }
}
