using Groundwork.Cache.Entries;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>
/// Changes sorted sets: in one piece in the entry, in order, while they are small; then a table of scores and a tree of members by
/// score, for good.
/// </summary>
/// <remarks>All of it under the shard's lock. Reading is <see cref="SortedSetView"/>'s. Scores are never NaN. Where the last member
/// goes, the entry stays, and is the caller's to remove.</remarks>
internal static unsafe class SortedSetValue
{
    // A score, an item of one byte, and how long both are: fewer bytes than these for each are too few to be too many.
    private const int LeastMemberBytes = sizeof(double) + 2;

    /// <summary>Adds a member that is not there.</summary>
    public static void Add(Shard shard, ref Found found, double score, ReadOnlySpan<byte> member)
    {
        if (found.Form == ValueForm.PackedSortedSet)
        {
            if (TryAddPacked(shard, ref found, score, member))
                return;
            MakeTree(shard, ref found);
        }

        var roots = (SortedSetRoots*)Entry.Value(found.Entry);
        Table(shard, roots).SetScore(member, score);
        Tree(shard, roots).Add(score, member);
    }

    /// <summary>Gives a member that is there another score.</summary>
    public static void Move(Shard shard, ref Found found, double oldScore, double newScore, ReadOnlySpan<byte> member)
    {
        if (found.Form == ValueForm.TreeSortedSet)
        {
            var roots = (SortedSetRoots*)Entry.Value(found.Entry);
            Table(shard, roots).SetScore(member, newScore);
            Tree(shard, roots).Move(oldScore, newScore, member);
            return;
        }

        // Its place is free before it takes another one of the same size.
        var text = new ItemText(member);
        var items = Items(found.Entry);
        var length = items.Delete(items.Find(text, shard.Chunks), 1, shard.Chunks);
        InsertPacked(shard, found, length, newScore, text);
    }

    /// <summary>Takes a member out.</summary>
    /// <returns>False where it was not there.</returns>
    public static bool Remove(Shard shard, ref Found found, ReadOnlySpan<byte> member)
    {
        if (found.Form == ValueForm.TreeSortedSet)
        {
            var roots = (SortedSetRoots*)Entry.Value(found.Entry);
            var table = Table(shard, roots);
            if (!table.TryGet(member, out var entry))
                return false;
            Tree(shard, roots).Remove(entry.Score, member);
            return table.Remove(member);
        }

        var items = Items(found.Entry);
        var at = items.Find(new ItemText(member), shard.Chunks);
        if (at < 0)
            return false;
        shard.Resize(ref found, items.Delete(at, 1, shard.Chunks));
        return true;
    }

    /// <summary>Takes the members of ranks out, within the count.</summary>
    public static void RemoveRange(Shard shard, ref Found found, uint rank, uint count)
    {
        if (found.Form == ValueForm.PackedSortedSet)
        {
            var items = Items(found.Entry);
            shard.Resize(ref found, items.Delete(items.Skip((int)rank), (int)count, shard.Chunks));
            return;
        }

        var roots = (SortedSetRoots*)Entry.Value(found.Entry);
        var table = Table(shard, roots);
        var tree = Tree(shard, roots);
        using var bytes = new ItemBytes(shard.Chunks);
        var cursor = tree.From(rank);
        for (var left = count; left > 0; left--)
        {
            table.Remove(bytes.Of(cursor.Current.Item));
            cursor.MoveNext();
        }

        tree.RemoveRange(rank, count);
    }

    /// <summary>Gives back what is kept outside the entry.</summary>
    public static void Release(Shard shard, Entry* entry)
    {
        // In one piece nothing is: its items are too short.
        if (entry->Form != ValueForm.TreeSortedSet)
            return;
        var roots = (SortedSetRoots*)Entry.Value(entry);
        Table(shard, roots).Clear();
        Tree(shard, roots).Clear();
    }

    private static PackedItems Items(Entry* entry) => new(Entry.Value(entry), entry->ValueLength, sizeof(double));

    private static PackedTable Table(Shard shard, SortedSetRoots* roots) => new(shard.Chunks, shard.HashKey, ref roots->Table);

    private static PackedSortedSet Tree(Shard shard, SortedSetRoots* roots) => new(shard.Chunks, ref roots->Tree);

    // False where it would be more than may stand in one piece; then nothing is changed.
    private static bool TryAddPacked(Shard shard, ref Found found, double score, ReadOnlySpan<byte> member)
    {
        if (member.Length > shard.Pieces.ScoredBytes)
            return false;
        var text = new ItemText(member);
        var items = Items(found.Entry);
        var length = items.Length + PackedItems.EntryBytes(text, sizeof(double));
        if (!EntryRoom.Fits(found, length)
            || (length > LeastMemberBytes * shard.Pieces.ScoredMembers && items.Count() >= shard.Pieces.ScoredMembers))
        {
            return false;
        }

        shard.Resize(ref found, length);
        InsertPacked(shard, found, items.Length, score, text);
        return true;
    }

    // Puts a member where it belongs among the first bytes of the value, which has room for it.
    private static void InsertPacked(Shard shard, Found found, int length, double score, in ItemText text)
    {
        var items = new PackedItems(Entry.Value(found.Entry), length, sizeof(double));
        var place = ScoreProbe.At(score, text.Bytes);
        var position = 0;
        while (position < length && place.CompareTo(items, position, shard.Chunks) > 0)
            position = items.Next(position);
        items.Insert(position, text, BitConverter.DoubleToUInt64Bits(score), shard.Chunks);
    }

    private static void MakeTree(Shard shard, ref Found found)
    {
        var roots = SortedSetRoots.Empty;
        var table = Table(shard, &roots);
        var tree = Tree(shard, &roots);
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        var items = Items(found.Entry);
        for (var position = 0; position < items.Length; position = items.Next(position))
        {
            items[position].TryGetBytes(scratch, out var member);
            var score = BitConverter.UInt64BitsToDouble(items.Payload(position));
            table.SetScore(member, score);
            tree.Add(score, member);
        }

        shard.Resize(ref found, sizeof(SortedSetRoots), keep: false);
        found.Entry->Form = ValueForm.TreeSortedSet;
        *(SortedSetRoots*)Entry.Value(found.Entry) = roots;
    }
}
