using Groundwork.Cache.Packed;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.SortedSets;

/// <summary>
/// ZRANDMEMBER key [count [WITHSCORES]]: so many distinct members, or, for a negative count, so many draws of which any may be the
/// same.
/// </summary>
internal static class DrawMembers
{
    public static void Run(Call call)
    {
        if (call.Count == 2)
            DrawOne(call);
        else if (TryCount(call, out var count))
            Draw(call, count);
    }

    private static void DrawOne(Call call)
    {
        if (!call.TryReadSortedSet(1, out var set))
            return;
        var answer = new Answer(call, set, withScores: false);
        if (set.IsEmpty)
            call.Reply.Null();
        else
            set.Draw(ref answer);
    }

    private static bool TryCount(Call call, out long count)
    {
        if (!DrawCount.TryRead(call, out count))
            return false;
        if (call.Count > 4 || (call.Count == 4 && !call.Is(3, "withscores"u8)))
        {
            call.Reply.SyntaxError();
            return false;
        }

        if (call.Count == 3 || count is >= -(long.MaxValue / 2) and <= long.MaxValue / 2)
            return true;
        call.Reply.Error("ERR value is out of range"u8);
        return false;
    }

    private static void Draw(Call call, long count)
    {
        if (!call.TryReadSortedSet(1, out var set))
            return;
        var drawn = set.IsEmpty ? 0 : count < 0 ? -count : Math.Min(count, set.Count);
        if (call.Count == 4)
            call.PairsHeader(drawn);
        else
            call.Reply.ArrayHeader(drawn);
        var answer = new Answer(call, set, withScores: call.Count == 4);
        if (count >= 0)
        {
            if (drawn > 0)
                set.DrawDistinct((int)drawn, ref answer);
            return;
        }

        // Past the limit of its output a client is given up: nobody waits for the rest.
        for (; drawn > 0 && !call.Reply.Overflowed; drawn--)
            set.Draw(ref answer);
    }

    private readonly struct Answer(Call call, SortedSetView set, bool withScores) : IScoredVisitor
    {
        public void Visit(PackedItem member, double score)
        {
            if (withScores)
                call.Pair(member, score, set.Chunks);
            else
                call.Reply.Bulk(member, set.Chunks);
        }
    }
}
