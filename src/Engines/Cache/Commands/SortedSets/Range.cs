using Groundwork.Cache.Packed;
using Groundwork.Cache.Resp;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.SortedSets;

/// <summary>
/// ZRANGE key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES], ZRANGESTORE destination source …; and the
/// older names of some of it: ZREVRANGE, ZRANGEBYSCORE, ZREVRANGEBYSCORE, ZRANGEBYLEX, ZREVRANGEBYLEX.
/// </summary>
internal static class Range
{
    public static void Run(Call call) => Run(call, new Options { Key = 1, IsFree = true });

    public static void RunAndStore(Call call) => Run(call, new Options { Key = 2, IsFree = true, Stores = true });

    public static void ByRankReversed(Call call) => Run(call, new Options { Key = 1, IsReversed = true });

    public static void ByScore(Call call) => Run(call, new Options { Key = 1, Kind = BoundKind.Score });

    public static void ByScoreReversed(Call call) => Run(call, new Options { Key = 1, Kind = BoundKind.Score, IsReversed = true });

    public static void ByMember(Call call) => Run(call, new Options { Key = 1, Kind = BoundKind.Member });

    public static void ByMemberReversed(Call call) => Run(call, new Options { Key = 1, Kind = BoundKind.Member, IsReversed = true });

    /// <summary>What ZRANGESTORE may allocate: as much as its source.</summary>
    public static long ExtraBytes(Call call)
    {
        var key = call.Look(2);
        return key.Exists && key.Kind == ValueKind.SortedSet ? 2 * key.SortedSet().Bytes : 0;
    }

    private static void Run(Call call, Options options)
    {
        options.Limit = -1;
        if (!TryOptions(call, ref options))
            return;

        // Of a reversed range by score or member, the upper end comes first.
        var swapped = options.IsReversed && options.Kind != BoundKind.Rank;
        var at = options.Key + 1;
        if (!Bounds.TryRead(call, options.Kind, swapped ? at + 1 : at, swapped ? at : at + 1, out var bounds)
            || !call.TryReadSortedSet(options.Key, out var set))
        {
            return;
        }

        var count = bounds.Find(set, out var first, options.IsReversed);
        Cut(options, ref first, ref count);
        if (options.Stores)
            Store(call, set, first, count);
        else
            Answer(call, options, set, first, count);
    }

    // Leaves of a range what a limit leaves; ranks are limit enough.
    private static void Cut(Options options, ref uint first, ref uint count)
    {
        if (options.Kind == BoundKind.Rank)
            return;
        var skipped = (uint)(options.Offset < 0 ? count : Math.Min(options.Offset, count));
        var kept = (uint)(options.Limit < 0 ? count - skipped : Math.Min(options.Limit, count - skipped));
        first += options.IsReversed ? count - skipped - kept : skipped;
        count = kept;
    }

    private static void Answer(Call call, Options options, in SortedSetView set, uint first, uint count)
    {
        if (options.WithScores)
            call.PairsHeader(count);
        else
            call.Reply.ArrayHeader(count);
        if (count == 0)
            return;
        var cursor = set.From(options.IsReversed ? first + count - 1 : first);
        for (; count > 0; count--)
        {
            var entry = cursor.Current;
            if (options.WithScores)
                call.Pair(entry.Item, entry.Score, set.Chunks);
            else
                call.Reply.Bulk(entry.Item, set.Chunks);
            if (options.IsReversed)
                cursor.MovePrevious();
            else
                cursor.MoveNext();
        }
    }

    private static void Store(Call call, in SortedSetView set, uint first, uint count)
    {
        using var result = new SortedSetBuilder(call.Keyspace.ShardOf(call[1]));
        if (count > 0)
        {
            using var bytes = new ItemBytes(set.Chunks);
            var cursor = set.From(first);
            for (; count > 0; count--)
            {
                result.SetScore(bytes.Of(cursor.Current.Item), cursor.Current.Score);
                cursor.MoveNext();
            }
        }

        result.Sort();
        call.Store(result);
    }

    private static bool TryOptions(Call call, ref Options options)
    {
        var limited = false;
        for (var i = options.Key + 3; i < call.Count; i++)
        {
            if (!options.Stores && call.Is(i, "withscores"u8))
            {
                options.WithScores = true;
            }
            else if (call.Is(i, "limit"u8) && i + 2 < call.Count)
            {
                if (!call.TryInteger(i + 1, out options.Offset) || !call.TryInteger(i + 2, out options.Limit))
                    return false;
                (limited, i) = (true, i + 2);
            }
            else if (options.IsFree && call.Is(i, "rev"u8))
            {
                options.IsReversed = true;
            }
            else if (options.IsFree && options.Kind == BoundKind.Rank && call.Is(i, "bylex"u8))
            {
                options.Kind = BoundKind.Member;
            }
            else if (options.IsFree && options.Kind == BoundKind.Rank && call.Is(i, "byscore"u8))
            {
                options.Kind = BoundKind.Score;
            }
            else
            {
                call.Reply.SyntaxError();
                return false;
            }
        }

        if (limited && options.Limit != -1 && options.Kind == BoundKind.Rank)
        {
            call.Reply.Error("ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX"u8);
            return false;
        }

        if (options.WithScores && options.Kind == BoundKind.Member)
        {
            call.Reply.Error("ERR syntax error, WITHSCORES not supported in combination with BYLEX"u8);
            return false;
        }

        return true;
    }

    private struct Options
    {
        public int Key;
        public BoundKind Kind;
        public bool IsReversed;
        public bool WithScores;
        public bool Stores;

        // Whether kind and direction are said by words.
        public bool IsFree;
        public long Offset;
        public long Limit;
    }
}
