using Groundwork.Cache.Entries;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>
/// Changes lists: in one piece in the entry while they are small, how many elements in two bytes and then those; then a tree of
/// chunks, for good.
/// </summary>
/// <remarks>All of it under the shard's lock. Reading is <see cref="ListView"/>'s. A list that is not empty becomes so only by
/// <see cref="RemoveRange"/>, whose caller removes the entry then.</remarks>
internal static unsafe class ListValue
{
    /// <summary>What stands before the elements of a list in one piece.</summary>
    public const int HeaderBytes = sizeof(ushort);

    /// <summary>
    /// The most bytes in one piece: about a leaf of the tree. Redis' quick lists have nodes of 8 KiB by default, but a push at the
    /// front moves all of them.
    /// </summary>
    public const int MaxPackedBytes = 4_096;

    /// <summary>Makes what was just created an empty list, in <see cref="HeaderBytes"/>.</summary>
    public static void Initialize(Found found) => *(ushort*)Entry.Value(found.Entry) = 0;

    /// <summary>Adds an element before all others.</summary>
    public static void PushFirst(Shard shard, ref Found found, ReadOnlySpan<byte> element) => Insert(shard, ref found, 0, element);

    /// <summary>Adds an element behind all others.</summary>
    public static void PushLast(Shard shard, ref Found found, ReadOnlySpan<byte> element) =>
        Insert(shard, ref found, new ListView(shard, found).Count, element);

    /// <summary>Adds an element before the one with an index, or behind all.</summary>
    public static void Insert(Shard shard, ref Found found, uint index, ReadOnlySpan<byte> element)
    {
        if (found.Form == ValueForm.PackedList)
        {
            var text = new ItemText(element);
            var length = Length(found) + PackedItems.EntryBytes(text, 0);
            if (Fits(found, length) && HasRoom(shard, found))
            {
                InsertPacked(shard, ref found, index, text, length);
                return;
            }

            MakeTree(shard, ref found);
        }

        Tree(shard, found.Entry).Insert(index, element);
    }

    /// <summary>Puts another element in the place of the one with an index.</summary>
    public static void Set(Shard shard, ref Found found, uint index, ReadOnlySpan<byte> element)
    {
        if (found.Form == ValueForm.PackedList)
        {
            var text = new ItemText(element);
            var position = PositionOf(found, index);
            var old = Length(found);
            var length = old + PackedItems.EntryBytes(text, 0) - Items(found.Entry).EntryBytes(position);
            if (Fits(found, length))
            {
                if (length > old)
                    shard.Resize(ref found, HeaderBytes + length);
                Items(found.Entry, old).Replace(position, text, shard.Chunks);
                if (length < old)
                    shard.Resize(ref found, HeaderBytes + length);
                return;
            }

            MakeTree(shard, ref found);
        }

        Tree(shard, found.Entry).Set(index, element);
    }

    /// <summary>Takes elements out, within the count; the entry stays also when none is left.</summary>
    public static void RemoveRange(Shard shard, ref Found found, uint index, uint count)
    {
        if (found.Form == ValueForm.TreeList)
        {
            Tree(shard, found.Entry).RemoveRange(index, count);
            return;
        }

        var length = Items(found.Entry).Delete(PositionOf(found, index), (int)count, shard.Chunks);
        *(ushort*)Entry.Value(found.Entry) -= (ushort)count;
        shard.Resize(ref found, HeaderBytes + length);
    }

    /// <summary>Gives back what is kept outside the entry.</summary>
    public static void Release(Shard shard, Entry* entry)
    {
        if (entry->Form == ValueForm.TreeList)
            Tree(shard, entry).Clear();
        else
            Items(entry).Release(shard.Chunks);
    }

    private static int Length(Found found) => found.Entry->ValueLength - HeaderBytes;

    private static bool Fits(Found found, int length) => length <= MaxPackedBytes && EntryRoom.Fits(found, HeaderBytes + length);

    private static bool HasRoom(Shard shard, Found found) =>
        shard.Pieces.Elements < 1 || *(ushort*)Entry.Value(found.Entry) < shard.Pieces.Elements;

    private static PackedItems Items(Entry* entry) => Items(entry, entry->ValueLength - HeaderBytes);

    private static PackedItems Items(Entry* entry, int length) => new(Entry.Value(entry) + HeaderBytes, length, 0);

    private static PackedList Tree(Shard shard, Entry* entry) => new(shard.Chunks, ref *(TreeRoot*)Entry.Value(entry));

    // Where an element begins: walked to from the nearer end.
    private static int PositionOf(Found found, uint index)
    {
        var items = Items(found.Entry);
        var count = *(ushort*)Entry.Value(found.Entry);
        return index <= count / 2u ? items.Skip((int)index) : items.SkipBack((int)(count - index), items.Length);
    }

    private static void InsertPacked(Shard shard, ref Found found, uint index, in ItemText text, int length)
    {
        var position = PositionOf(found, index);
        var old = Length(found);
        shard.Resize(ref found, HeaderBytes + length);
        Items(found.Entry, old).Insert(position, text, 0, shard.Chunks);
        *(ushort*)Entry.Value(found.Entry) += 1;
    }

    private static void MakeTree(Shard shard, ref Found found)
    {
        TreeRoot root = default;
        var tree = new PackedList(shard.Chunks, ref root);
        using var bytes = new ItemBytes(shard.Chunks);
        var items = Items(found.Entry);
        for (var position = 0; position < items.Length; position = items.Next(position))
            tree.PushLast(bytes.Of(items[position]));
        items.Release(shard.Chunks);
        shard.Resize(ref found, sizeof(TreeRoot), keep: false);
        found.Entry->Form = ValueForm.TreeList;
        *(TreeRoot*)Entry.Value(found.Entry) = root;
    }
}
