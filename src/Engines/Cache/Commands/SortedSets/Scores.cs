using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Commands.SortedSets;

/// <summary>ZCARD key; ZSCORE key member; ZMSCORE key member [member …]; ZRANK key member, ZREVRANK.</summary>
internal static class Scores
{
    public static void Count(Call call)
    {
        if (call.TryReadSortedSet(1, out var set))
            call.Reply.Integer(set.Count);
    }

    public static void One(Call call)
    {
        if (!call.TryReadSortedSet(1, out var set))
            return;
        if (set.TryGetScore(call[2], out var score))
            call.Reply.Double(score);
        else
            call.Reply.Null();
    }

    public static void Many(Call call)
    {
        if (!call.TryReadSortedSet(1, out var set))
            return;
        call.Reply.ArrayHeader(call.Count - 2);
        for (var i = 2; i < call.Count; i++)
        {
            if (set.TryGetScore(call[i], out var score))
                call.Reply.Double(score);
            else
                call.Reply.Null();
        }
    }

    public static void Rank(Call call) => Rank(call, reverse: false);

    public static void ReverseRank(Call call) => Rank(call, reverse: true);

    private static void Rank(Call call, bool reverse)
    {
        if (!call.TryReadSortedSet(1, out var set))
            return;
        if (!set.TryGetScore(call[2], out var score))
        {
            call.Reply.Null();
            return;
        }

        var rank = set.RankOf(ScoreProbe.At(score, call[2]));
        call.Reply.Integer(reverse ? set.Count - 1 - rank : rank);
    }
}
