using Groundwork.Cache.Commands.Strings;
using Groundwork.Cache.Packed;
using Groundwork.Cache.Values;

namespace Groundwork.Cache.Commands.SortedSets;

/// <summary>What a range's ends are.</summary>
internal enum BoundKind
{
    /// <summary>Ranks, negative ones from the end; both included.</summary>
    Rank,

    /// <summary>Scores; behind <c>(</c> excluded.</summary>
    Score,

    /// <summary>Members behind <c>[</c>, or <c>(</c> where excluded; <c>-</c> and <c>+</c> for the ends. For scores that are all equal, or
    /// rise as the members do.</summary>
    Member,
}

/// <summary>
/// The ends of a range of a sorted set as two arguments say them, the lower one first. Checked before the set is looked at; then
/// ranks are found for them.
/// </summary>
internal readonly ref struct Bounds
{
    private readonly BoundKind _kind;
    private readonly Bound _from;
    private readonly Bound _to;

    private Bounds(BoundKind kind, Bound from, Bound to)
    {
        _kind = kind;
        _from = from;
        _to = to;
    }

    /// <summary>Reads the ends; if they are none, that is the answer.</summary>
    public static bool TryRead(Call call, BoundKind kind, int from, int to, out Bounds bounds)
    {
        bounds = default;
        if (kind == BoundKind.Rank)
        {
            if (!call.TryInteger(from, out var start) || !call.TryInteger(to, out var stop))
                return false;
            bounds = new Bounds(kind, new Bound { Rank = start }, new Bound { Rank = stop });
            return true;
        }

        var isScore = kind == BoundKind.Score;
        if ((isScore ? TryScore(call[from], out var low) : TryMember(call[from], out low))
            && (isScore ? TryScore(call[to], out var high) : TryMember(call[to], out high)))
        {
            bounds = new Bounds(kind, low, high);
            return true;
        }

        call.Reply.Error(isScore ? "ERR min or max is not a float"u8 : "ERR min or max not valid string range item"u8);
        return false;
    }

    /// <summary>The ranks of a set that are within.</summary>
    /// <param name="set">The set.</param>
    /// <param name="first">The first.</param>
    /// <param name="reverse">Whether ranks as bounds count from the other end; scores and members do not.</param>
    /// <returns>How many there are.</returns>
    public uint Find(in SortedSetView set, out uint first, bool reverse = false)
    {
        first = 0;
        if (set.IsEmpty)
            return 0;
        if (_kind == BoundKind.Rank)
        {
            var start = _from.Rank;
            var count = IndexRange.Clamp(ref start, _to.Rank, set.Count);
            first = count == 0 ? 0 : (uint)(reverse ? set.Count - start - count : start);
            return (uint)count;
        }

        first = _from.Rank < 0 ? 0 : _from.Rank > 0 ? set.Count : set.RankOf(Place(_from, behind: _from.IsExcluded));
        var end = _to.Rank < 0 ? 0 : _to.Rank > 0 ? set.Count : set.RankOf(Place(_to, behind: !_to.IsExcluded));
        return end > first ? end - first : 0;
    }

    private ScoreProbe Place(Bound bound, bool behind)
    {
        if (_kind == BoundKind.Score)
            return behind ? ScoreProbe.After(bound.Score) : ScoreProbe.Before(bound.Score);
        return behind ? ScoreProbe.After(bound.Member) : ScoreProbe.At(bound.Member);
    }

    private static bool TryScore(ReadOnlySpan<byte> text, out Bound bound)
    {
        bound = default;
        bound.IsExcluded = text.Length > 0 && text[0] == '(';
        return IncrementFloat.TryRead(bound.IsExcluded ? text[1..] : text, out bound.Score);
    }

    private static bool TryMember(ReadOnlySpan<byte> text, out Bound bound)
    {
        bound = default;
        if (text.Length == 0)
            return false;
        switch ((char)text[0])
        {
            case '(' or '[':
                bound.Member = text[1..];
                bound.IsExcluded = text[0] == '(';
                return true;
            case '-':
                bound.Rank = -1;
                return text.Length == 1;
            case '+':
                bound.Rank = 1;
                return text.Length == 1;
            default:
                return false;
        }
    }

    private ref struct Bound
    {
        // The rank itself; of members, below zero for before all, and above for behind all.
        public long Rank;
        public double Score;
        public ReadOnlySpan<byte> Member;
        public bool IsExcluded;
    }
}
