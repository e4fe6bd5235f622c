using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>A place among scores and members.</summary>
internal readonly ref struct ScoreProbe : ITreeProbe
{
    private readonly double _score;
    private readonly ReadOnlySpan<byte> _member;
    private readonly TreeDigest _digest;
    private readonly Edge _edge;
    private readonly bool _hasScore;

    private ScoreProbe(double score, ReadOnlySpan<byte> member, Edge edge, bool hasScore = true)
    {
        _hasScore = hasScore;
        _score = score;
        _member = member;
        _edge = edge;
        var (first, second) = edge <= Edge.AfterMember ? PackedItem.PrefixOf(member) : default;
        _digest = new TreeDigest(ByScore.Ordered(score), first, second);
    }

    private enum Edge : byte
    {
        Member,
        AfterMember,
        BeforeScore,
        AfterScore,
    }

    /// <summary>Where a member with a score is, or would be.</summary>
    public static ScoreProbe At(double score, ReadOnlySpan<byte> member) => new(score, member, Edge.Member);

    /// <summary>Behind that.</summary>
    public static ScoreProbe After(double score, ReadOnlySpan<byte> member) => new(score, member, Edge.AfterMember);

    /// <summary>Where a member is, or would be, of a set whose scores do not matter: they are all equal, or rise as the members do.</summary>
    public static ScoreProbe At(ReadOnlySpan<byte> member) => new(0, member, Edge.Member, hasScore: false);

    /// <summary>Behind that.</summary>
    public static ScoreProbe After(ReadOnlySpan<byte> member) => new(0, member, Edge.AfterMember, hasScore: false);

    /// <summary>Before all members of a score.</summary>
    public static ScoreProbe Before(double score) => new(score, default, Edge.BeforeScore);

    /// <summary>Behind all members of a score.</summary>
    public static ScoreProbe After(double score) => new(score, default, Edge.AfterScore);

    public int CompareTo(TreeDigest digest)
    {
        if (_hasScore && _digest.First != digest.First)
            return _digest.First < digest.First ? -1 : 1;
        if (_edge >= Edge.BeforeScore)
            return _edge == Edge.BeforeScore ? -1 : 1;
        if (_digest.Second != digest.Second)
            return _digest.Second < digest.Second ? -1 : 1;
        return _digest.Third.CompareTo(digest.Third);
    }

    public int CompareTo(PackedItems items, int position, Chunks chunks)
    {
        var score = BitConverter.UInt64BitsToDouble(items.Payload(position));
        if (_hasScore && _score != score)
            return _score < score ? -1 : 1;
        if (_edge >= Edge.BeforeScore)
            return _edge == Edge.BeforeScore ? -1 : 1;
        var order = -items[position].CompareTo(_member, chunks);
        return order != 0 ? order : _edge == Edge.AfterMember ? 1 : 0;
    }
}
