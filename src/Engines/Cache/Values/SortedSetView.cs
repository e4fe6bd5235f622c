using Groundwork.Cache.Entries;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>
/// A sorted set as it is read, whatever its form; a key that is not there is an empty one. Good under the shard's lock until the
/// set is changed, whatever happens to other keys.
/// </summary>
internal readonly unsafe struct SortedSetView
{
    private readonly Shard? _shard;
    private readonly byte* _value;
    private readonly int _length;
    private readonly bool _isTree;

    public SortedSetView(Shard shard, Found found)
    {
        if (!found.Exists)
            return;
        _shard = shard;
        _value = Entry.Value(found.Entry);
        _length = found.Entry->ValueLength;
        _isTree = found.Form == ValueForm.TreeSortedSet;
    }

    /// <summary>How many members there are. In one piece they are counted.</summary>
    public uint Count => _isTree ? Tree.Count : (uint)Items.Count();

    /// <summary>Whether there are none, in constant time.</summary>
    public bool IsEmpty => _isTree ? Tree.Count == 0 : _length == 0;

    /// <summary>About how many bytes it takes.</summary>
    public long Bytes => _isTree ? Tree.Bytes + Table.Bytes : _length;

    /// <summary>Where long members are; not of a set that is not there.</summary>
    public Chunks Chunks => _shard!.Chunks;

    private PackedItems Items => new(_value, _length, sizeof(double));

    private PackedTable Table => new(Chunks, _shard!.HashKey, ref ((SortedSetRoots*)_value)->Table);

    private PackedSortedSet Tree => new(Chunks, ref ((SortedSetRoots*)_value)->Tree);

    /// <summary>Finds a member's score.</summary>
    public bool TryGetScore(ReadOnlySpan<byte> member, out double score)
    {
        score = 0;
        if (_isTree)
        {
            if (!Table.TryGet(member, out var entry))
                return false;
            score = entry.Score;
            return true;
        }

        if (_length == 0)
            return false;
        var items = Items;
        var at = items.Find(new ItemText(member), Chunks);
        if (at < 0)
            return false;
        score = BitConverter.UInt64BitsToDouble(items.Payload(at));
        return true;
    }

    /// <summary>How many members are before a place: the rank of the first that is not.</summary>
    public uint RankOf(in ScoreProbe place)
    {
        if (_isTree)
            return Tree.RankOf(place);
        var rank = 0u;
        var items = Items;
        for (var position = 0; position < items.Length && place.CompareTo(items, position, Chunks) > 0; position = items.Next(position))
            rank++;
        return rank;
    }

    /// <summary>Walks from the member with a rank, either way; given the count, from behind the last. The set has some.</summary>
    public ItemCursor From(uint rank) => _isTree ? new ItemCursor(Tree.From(rank)) : new ItemCursor(Items, Items.Skip((int)rank));

    /// <summary>Shows the visitor some more members, all of them where they are in one piece; see <see cref="PackedTable.Scan"/>.</summary>
    /// <returns>The cursor to go on with; 0 when all were shown.</returns>
    public ulong Scan<TVisitor>(ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, IScoredVisitor
    {
        if (_isTree)
        {
            var entries = new EntryVisitor<TVisitor>(ref visitor);
            return Table.Scan(cursor, count, ref entries);
        }

        var items = Items;
        for (var position = 0; position < items.Length; position = items.Next(position))
            Show(items, position, ref visitor);
        return 0;
    }

    /// <summary>Shows the visitor one member, each equally likely; there is one.</summary>
    public void Draw<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IScoredVisitor
    {
        var random = _shard!.Random;
        if (_isTree)
        {
            var entry = TableSampling.Draw(Table, random);
            visitor.Visit(entry.Field, entry.Score);
            return;
        }

        Show(Items, Items.Skip(random.Next((int)Count)), ref visitor);
    }

    /// <summary>Shows the visitor distinct members, each set of so many equally likely; all where there are no more.</summary>
    public void DrawDistinct<TVisitor>(int count, ref TVisitor visitor)
        where TVisitor : struct, IScoredVisitor
    {
        if (_isTree)
        {
            var entries = new EntryVisitor<TVisitor>(ref visitor);
            TableSampling.DrawDistinct(Table, _shard!.Random, count, ref entries);
            return;
        }

        // As many as are still wanted, of as many as are left.
        var items = Items;
        var left = items.Count();
        count = Math.Min(count, left);
        for (var position = 0; count > 0; position = items.Next(position))
        {
            if (_shard!.Random.Next(left--) >= count)
                continue;
            Show(items, position, ref visitor);
            count--;
        }
    }

    private static void Show<TVisitor>(PackedItems items, int position, ref TVisitor visitor)
        where TVisitor : struct, IScoredVisitor =>
        visitor.Visit(items[position], BitConverter.UInt64BitsToDouble(items.Payload(position)));

    private readonly ref struct EntryVisitor<TVisitor>(ref TVisitor visitor) : ITableVisitor
        where TVisitor : struct, IScoredVisitor
    {
        private readonly ref TVisitor _visitor = ref visitor;

        public void Visit(TableEntry entry) => _visitor.Visit(entry.Field, entry.Score);
    }
}

/// <summary>Where the large form of a sorted set begins: scores by member, and members by score.</summary>
internal struct SortedSetRoots
{
    public TableRoot Table;
    public TreeRoot Tree;

    /// <summary>Those of an empty set.</summary>
    public static SortedSetRoots Empty => new() { Table = new TableRoot { Shape = TableShape.Scores } };
}

/// <summary>Takes the members of a sorted set that it is shown; it must not change the set.</summary>
internal interface IScoredVisitor
{
    void Visit(PackedItem member, double score);
}
