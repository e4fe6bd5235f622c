using Groundwork.Cache.Entries;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>
/// Changes sets: in one piece in the entry while they are small, as sorted numbers or as items; then a table of chunks, for good.
/// </summary>
/// <remarks>All of it under the shard's lock. Reading is <see cref="SetView"/>'s.</remarks>
internal static unsafe class SetValue
{
    /// <summary>The most members in one piece where not all of them are numbers.</summary>
    public const int MaxPackedMembers = 128;

    /// <summary>The longest member in one piece, in bytes.</summary>
    public const int MaxPackedBytes = 64;

    // A number of 64 bits takes nine bytes as an item, and one for its length.
    private const int MaxIntegerItemBytes = 10;

    /// <summary>The form in which a set begins: that of its first member.</summary>
    public static ValueForm FormFor(ReadOnlySpan<byte> member) =>
        ItemText.TryParse(member, out _) ? ValueForm.IntegerSet : ValueForm.PackedSet;

    /// <summary>Adds a member.</summary>
    /// <returns>False where it was there.</returns>
    public static bool Add(Shard shard, ref Found found, ReadOnlySpan<byte> member)
    {
        var text = new ItemText(member);
        bool added;
        switch (found.Form)
        {
            case ValueForm.IntegerSet when TryAddInteger(shard, ref found, text, out added):
                return added;
            case ValueForm.IntegerSet when !text.IsNumber && Integers(found.Entry).Count < MaxPackedMembers:
                MakePacked(shard, ref found);
                break;
            case ValueForm.IntegerSet:
                MakeTable(shard, ref found);
                break;
        }

        if (found.Form == ValueForm.PackedSet)
        {
            if (TryAddPacked(shard, ref found, text, out added))
                return added;
            MakeTable(shard, ref found);
        }

        return Table(shard, found.Entry).Add(member);
    }

    /// <summary>Takes a member out; the entry stays also when it was the last.</summary>
    /// <returns>False where it was not there.</returns>
    public static bool Remove(Shard shard, ref Found found, ReadOnlySpan<byte> member)
    {
        switch (found.Form)
        {
            case ValueForm.TableSet:
                return Table(shard, found.Entry).Remove(member);
            case ValueForm.IntegerSet:
                var numbers = Integers(found.Entry);
                if (!ItemText.TryParse(member, out var number) || !numbers.TryFind(number, out var index))
                    return false;
                shard.Resize(ref found, numbers.Delete(index));
                return true;
            default:
                var items = Items(found.Entry);
                var at = items.Find(new ItemText(member), shard.Chunks);
                if (at < 0)
                    return false;
                shard.Resize(ref found, items.Delete(at, 1, shard.Chunks));
                return true;
        }
    }

    /// <summary>Gives back what is kept outside the entry.</summary>
    public static void Release(Shard shard, Entry* entry)
    {
        // In one piece nothing is: its items are too short.
        if (entry->Form == ValueForm.TableSet)
            Table(shard, entry).Clear();
    }

    private static IntegerItems Integers(Entry* entry) => new(Entry.Value(entry), entry->ValueLength);

    private static PackedItems Items(Entry* entry) => new(Entry.Value(entry), entry->ValueLength, 0);

    private static PackedTable Table(Shard shard, Entry* entry) => new(shard.Chunks, shard.HashKey, ref *(TableRoot*)Entry.Value(entry));

    // False where it must become something else; then nothing is changed.
    private static bool TryAddInteger(Shard shard, ref Found found, in ItemText member, out bool added)
    {
        added = false;
        if (!member.IsNumber)
            return false;
        var old = Integers(found.Entry);
        if (old.TryFind(member.Number, out var index))
            return true;
        var oldLength = found.Entry->ValueLength;
        var length = old.LengthWith(member.Number);
        if (old.Count >= shard.Pieces.Integers || !EntryRoom.Fits(found, length))
            return false;
        shard.Resize(ref found, length);
        new IntegerItems(Entry.Value(found.Entry), oldLength).Insert(index, member.Number);
        added = true;
        return true;
    }

    // False where it would be more than may stand in one piece; then nothing is changed.
    private static bool TryAddPacked(Shard shard, ref Found found, in ItemText member, out bool added)
    {
        added = false;
        if (member.Bytes.Length > MaxPackedBytes)
            return false;
        var old = Items(found.Entry);
        if (old.Find(member, shard.Chunks) >= 0)
            return true;
        var length = old.Length + PackedItems.EntryBytes(member, 0);
        if (!EntryRoom.Fits(found, length) || old.Count() >= MaxPackedMembers)
            return false;
        shard.Resize(ref found, length);
        new PackedItems(Entry.Value(found.Entry), old.Length, 0).Insert(old.Length, member, 0, shard.Chunks);
        added = true;
        return true;
    }

    private static void MakePacked(Shard shard, ref Found found)
    {
        var room = stackalloc byte[MaxPackedMembers * MaxIntegerItemBytes];
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        var length = 0;
        foreach (var member in new SetView(shard, found))
            length = new PackedItems(room, length, 0).Insert(length, new ItemText(member.NumberText(scratch)), 0, shard.Chunks);
        shard.Resize(ref found, length, keep: false);
        found.Entry->Form = ValueForm.PackedSet;
        new ReadOnlySpan<byte>(room, length).CopyTo(found.Value);
    }

    private static void MakeTable(Shard shard, ref Found found)
    {
        var root = new TableRoot { Shape = TableShape.Fields };
        var table = new PackedTable(shard.Chunks, shard.HashKey, ref root);
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        if (found.Form == ValueForm.PackedSet)
        {
            table.AddAll(Items(found.Entry));
        }
        else
        {
            foreach (var member in new SetView(shard, found))
                table.Add(member.NumberText(scratch));
        }

        shard.Resize(ref found, sizeof(TableRoot), keep: false);
        found.Entry->Form = ValueForm.TableSet;
        *(TableRoot*)Entry.Value(found.Entry) = root;
    }
}
