using Groundwork.Cache.Entries;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>
/// A set that is not under a key yet: the result of a command, made in the shard that it is stored in, beside the sets that it is
/// made from. What is not stored is given back.
/// </summary>
/// <remarks>Under the shard's lock, as long as it lives.</remarks>
internal sealed unsafe class SetBuilder(Shard shard) : IDisposable
{
    private TableRoot _root = new() { Shape = TableShape.Fields };

    /// <summary>How many members there are.</summary>
    public uint Count => _root.Count;

    private PackedTable Table => new(shard.Chunks, shard.HashKey, ref _root);

    /// <summary>Where long items are.</summary>
    public Chunks Chunks => shard.Chunks;

    /// <summary>Adds a member, if it is not there.</summary>
    public void Add(ReadOnlySpan<byte> member) => Table.Add(member);

    /// <summary>Adds the members of a set.</summary>
    public void AddAll(SetView set)
    {
        if (set.IsEmpty)
            return;
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        using var texts = new MemberTexts(set.Chunks, scratch);
        foreach (var member in set)
            Table.Add(texts.Of(member));
    }

    /// <summary>Takes the members of a set out, as far as they are there.</summary>
    public void RemoveAll(SetView set)
    {
        if (set.IsEmpty)
            return;
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        using var texts = new MemberTexts(set.Chunks, scratch);
        foreach (var member in set)
        {
            Table.Remove(texts.Of(member));
            if (Count == 0)
                return;
        }
    }

    /// <summary>All members.</summary>
    public TableEnumerator GetEnumerator() => Table.GetEnumerator();

    /// <summary>Puts the set, which is not empty, in the place of whatever a key holds; its time to live is gone.</summary>
    public void Store(ref Found found, int database, ReadOnlySpan<byte> key, uint use)
    {
        var (form, length) = Smallest(key.Length);
        if (found.Exists)
        {
            shard.Release(ref found);
            shard.Reshape(ref found, length, keep: false, deadline: -1);
        }
        else
        {
            shard.Create(ref found, database, key, form, length, deadline: -1, use);
        }

        found.Entry->Form = form;
        var value = Entry.Value(found.Entry);
        if (form == ValueForm.TableSet)
        {
            *(TableRoot*)value = _root;
            _root = new TableRoot { Shape = TableShape.Fields };
            return;
        }

        if (form == ValueForm.IntegerSet)
            WriteIntegers(value);
        else
            WriteItems(value);
    }

    /// <inheritdoc/>
    public void Dispose() => Table.Clear();

    private void WriteIntegers(byte* value)
    {
        // An entry has room for a few thousand.
        Span<long> numbers = stackalloc long[(int)Count];
        var count = 0;
        foreach (var entry in Table)
            numbers[count++] = entry.Field.Number;
        numbers.Sort();
        var length = 0;
        for (var i = 0; i < count; i++)
            length = new IntegerItems(value, length).Insert(i, numbers[i]);
    }

    private void WriteItems(byte* value)
    {
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        var length = 0;
        foreach (var entry in Table)
        {
            entry.Field.TryGetBytes(scratch, out var member);
            length = new PackedItems(value, length, 0).Insert(length, new ItemText(member), 0, shard.Chunks);
        }
    }

    // The form that the set would have if its members had been added to a key one by one, and what it takes in the entry.
    private (ValueForm Form, int Length) Smallest(int keyLength)
    {
        var count = (int)_root.Count;
        if (count > Math.Max(shard.Pieces.Integers, SetValue.MaxPackedMembers))
            return (ValueForm.TableSet, sizeof(TableRoot));
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        var (integers, isShort, bytes, least, most) = (count <= shard.Pieces.Integers, count <= SetValue.MaxPackedMembers, 0, 0L, 0L);
        foreach (var entry in Table)
        {
            var item = entry.Field;
            if (item.IsNumber)
                (least, most) = (Math.Min(least, item.Number), Math.Max(most, item.Number));
            else
                integers = false;
            isShort &= item.TryGetBytes(scratch, out var member) && member.Length <= SetValue.MaxPackedBytes;
            if (isShort)
                bytes += PackedItems.EntryBytes(new ItemText(member), 0);
        }

        if (integers && EntryRoom.Fits(keyLength, IntegerItems.LengthOf(count, least, most)))
            return (ValueForm.IntegerSet, IntegerItems.LengthOf(count, least, most));
        return isShort && !integers && EntryRoom.Fits(keyLength, bytes)
            ? (ValueForm.PackedSet, bytes)
            : (ValueForm.TableSet, sizeof(TableRoot));
    }
}
