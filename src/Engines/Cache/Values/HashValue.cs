using Groundwork.Cache.Entries;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>
/// Changes hashes: in one piece in the entry, fields and values in turn, while they are small; then a table of chunks, for good.
/// </summary>
/// <remarks>All of it under the shard's lock. Reading is <see cref="HashView"/>'s.</remarks>
internal static unsafe class HashValue
{
    // Two items of two bytes: fewer bytes than these for each are too few to be too many.
    private const int LeastFieldBytes = 4;

    /// <summary>Gives a field a value.</summary>
    /// <returns>Whether the field is new.</returns>
    public static bool Set(Shard shard, ref Found found, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        if (found.Form == ValueForm.PackedHash)
        {
            if (TrySetPacked(shard, ref found, field, value, out var added))
                return added;
            MakeTable(shard, ref found);
        }

        return Table(shard, found.Entry).Set(field, value) == TableChange.Added;
    }

    /// <summary>Takes a field out; the entry stays also when it was the last.</summary>
    /// <returns>False where it was not there.</returns>
    public static bool Remove(Shard shard, ref Found found, ReadOnlySpan<byte> field)
    {
        if (found.Form == ValueForm.TableHash)
            return Table(shard, found.Entry).Remove(field);
        var items = Items(found.Entry);
        var at = items.Find(new ItemText(field), shard.Chunks, step: 2);
        if (at < 0)
            return false;
        shard.Resize(ref found, items.Delete(at, 2, shard.Chunks));
        return true;
    }

    /// <summary>Gives back what is kept outside the entry.</summary>
    public static void Release(Shard shard, Entry* entry)
    {
        // In one piece nothing is: its items are too short.
        if (entry->Form == ValueForm.TableHash)
            Table(shard, entry).Clear();
    }

    private static PackedItems Items(Entry* entry) => new(Entry.Value(entry), entry->ValueLength, 0);

    private static PackedTable Table(Shard shard, Entry* entry) => new(shard.Chunks, shard.HashKey, ref *(TableRoot*)Entry.Value(entry));

    // False where it would be more than may stand in one piece; then nothing is changed.
    private static bool TrySetPacked(
        Shard shard, ref Found found, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, out bool added)
    {
        added = false;
        if (Math.Max(field.Length, value.Length) > shard.Pieces.FieldBytes)
            return false;
        var name = new ItemText(field);
        var text = new ItemText(value);
        var items = Items(found.Entry);
        var at = items.Find(name, shard.Chunks, step: 2);
        added = at < 0;
        return added ? TryAppend(shard, ref found, name, text) : TryReplace(shard, ref found, items.Next(at), text);
    }

    private static bool TryAppend(Shard shard, ref Found found, in ItemText field, in ItemText value)
    {
        var old = Items(found.Entry);
        var length = old.Length + PackedItems.EntryBytes(field, 0) + PackedItems.EntryBytes(value, 0);
        if (!EntryRoom.Fits(found, length)
            || (length > LeastFieldBytes * shard.Pieces.Fields && old.Count() / 2 >= shard.Pieces.Fields))
        {
            return false;
        }

        shard.Resize(ref found, length);
        var at = Entry.Value(found.Entry);
        var end = new PackedItems(at, old.Length, 0).Insert(old.Length, field, 0, shard.Chunks);
        new PackedItems(at, end, 0).Insert(end, value, 0, shard.Chunks);
        return true;
    }

    private static bool TryReplace(Shard shard, ref Found found, int position, in ItemText value)
    {
        var old = Items(found.Entry);
        var length = old.Length + PackedItems.EntryBytes(value, 0) - old.EntryBytes(position);
        if (!EntryRoom.Fits(found, length))
            return false;
        if (length > old.Length)
            shard.Resize(ref found, length);
        new PackedItems(Entry.Value(found.Entry), old.Length, 0).Replace(position, value, shard.Chunks);
        if (length < old.Length)
            shard.Resize(ref found, length);
        return true;
    }

    private static void MakeTable(Shard shard, ref Found found)
    {
        var root = new TableRoot { Shape = TableShape.Values };
        var table = new PackedTable(shard.Chunks, shard.HashKey, ref root);
        table.AddAll(Items(found.Entry));
        shard.Resize(ref found, sizeof(TableRoot), keep: false);
        found.Entry->Form = ValueForm.TableHash;
        *(TableRoot*)Entry.Value(found.Entry) = root;
    }
}
