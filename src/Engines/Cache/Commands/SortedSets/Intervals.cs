using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.SortedSets;

/// <summary>ZCOUNT key min max, ZLEXCOUNT; ZREMRANGEBYRANK key start stop, ZREMRANGEBYSCORE, ZREMRANGEBYLEX.</summary>
internal static class Intervals
{
    public static void CountByScore(Call call) => Count(call, BoundKind.Score);

    public static void CountByMember(Call call) => Count(call, BoundKind.Member);

    public static void RemoveByRank(Call call) => Remove(call, BoundKind.Rank);

    public static void RemoveByScore(Call call) => Remove(call, BoundKind.Score);

    public static void RemoveByMember(Call call) => Remove(call, BoundKind.Member);

    private static void Count(Call call, BoundKind kind)
    {
        if (Bounds.TryRead(call, kind, 2, 3, out var bounds) && call.TryReadSortedSet(1, out var set))
            call.Reply.Integer(bounds.Find(set, out _));
    }

    private static void Remove(Call call, BoundKind kind)
    {
        if (!Bounds.TryRead(call, kind, 2, 3, out var bounds))
            return;
        var key = call.Write(1);
        if (!call.Expect(key, ValueKind.SortedSet))
            return;
        var count = bounds.Find(key.SortedSet(), out var first);
        if (count > 0)
            key.Cut(first, count);
        call.Reply.Integer(count);
    }
}
