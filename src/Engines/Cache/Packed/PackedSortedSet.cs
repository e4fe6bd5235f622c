using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>
/// Members ordered by score, those of one score by their bytes, in chunks. It does not know a member's score: a table of scores
/// beside it does. Scores are never NaN.
/// </summary>
internal readonly ref struct PackedSortedSet
{
    private readonly PackedTree<ByScore> _tree;

    public PackedSortedSet(Chunks chunks, ref TreeRoot root) => _tree = new PackedTree<ByScore>(chunks, ref root);

    /// <summary>How many members there are.</summary>
    public uint Count => _tree.Count;

    /// <summary>The memory of it, in bytes, without its root.</summary>
    public long Bytes => _tree.Bytes;

    internal PackedTree<ByScore> Tree => _tree;

    /// <summary>The entry with a rank, within the count.</summary>
    public TreeEntry this[uint rank]
    {
        get
        {
            _tree.Find(rank, out var path);
            return _tree.EntryAt(path);
        }
    }

    /// <summary>Adds a member that is not there yet, with any score.</summary>
    public void Add(double score, ReadOnlySpan<byte> member)
    {
        _tree.Find(ScoreProbe.At(score, member), out var path);
        _tree.Insert(ref path, new ItemText(member), BitConverter.DoubleToUInt64Bits(score));
    }

    /// <summary>Takes a member with its score out.</summary>
    /// <returns>False where it is not there with this score.</returns>
    public bool Remove(double score, ReadOnlySpan<byte> member)
    {
        if (!_tree.Find(ScoreProbe.At(score, member), out var path))
            return false;
        _tree.Remove(ref path);
        return true;
    }

    /// <summary>Gives a member another score: where it stays between its neighbours, in place.</summary>
    /// <returns>False where it is not there with the old score.</returns>
    public bool Move(double oldScore, double newScore, ReadOnlySpan<byte> member)
    {
        if (!_tree.Find(ScoreProbe.At(oldScore, member), out var path))
            return false;
        var leaf = _tree.LeafAt(path);
        if (path.Index > 0 && path.Index < leaf.Count - 1)
        {
            // Between two others of its leaf, so that no node's digest is touched.
            var items = leaf.Items;
            var before = BitConverter.UInt64BitsToDouble(items.Payload(items.Previous(path.Position)));
            var after = BitConverter.UInt64BitsToDouble(items.Payload(items.Next(path.Position)));
            if (before < newScore && newScore < after)
            {
                _tree.SetPayload(path, BitConverter.DoubleToUInt64Bits(newScore));
                return true;
            }
        }

        _tree.Remove(ref path);
        Add(newScore, member);
        return true;
    }

    /// <summary>The rank of a member with its score, 0 first; -1 where it is not there.</summary>
    public long RankOf(double score, ReadOnlySpan<byte> member) =>
        _tree.Find(ScoreProbe.At(score, member), out var path) ? _tree.RankOf(path) : -1;

    /// <summary>How many entries are before a place: the rank of the first that is not.</summary>
    public uint RankOf(in ScoreProbe place)
    {
        _tree.Find(place, out var path);
        return _tree.RankOf(path);
    }

    /// <summary>Takes the entries of ranks out.</summary>
    public void RemoveRange(uint rank, uint count) => _tree.RemoveRange(rank, count);

    /// <summary>Walks from the entry with a rank, either way; given the count, from behind the last.</summary>
    public TreeCursor From(uint rank)
    {
        _tree.Find(rank, out var path);
        return _tree.CursorAt(path);
    }

    /// <summary>Walks from the first entry that is not before a place.</summary>
    public TreeCursor From(in ScoreProbe place)
    {
        _tree.Find(place, out var path);
        return _tree.CursorAt(path);
    }

    /// <summary>Adds all that a range holds, behind what is there; see <see cref="PackedTree{TOrder}.AddAll"/>.</summary>
    public void AddAll(PackedItems items) => _tree.AddAll(items);

    /// <summary>Frees all of it.</summary>
    public void Clear() => _tree.Clear();

    /// <summary>Frees a part of it, at most so many members; gives whether all is free.</summary>
    public bool ClearSome(int members) => _tree.ClearSome(members);
}
