using Groundwork.Cache.Entries;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>What the keyspace must know of the values' forms.</summary>
internal sealed unsafe class ValueStore : IValues
{
    // What is freed at once takes some 100 microseconds at most.
    private const long MaxAtOnce = 256 << 10;

    // Entries of a tree that are about as fast to free as a bucket of a table.
    private const int EntriesPerBlock = 16;

    /// <inheritdoc/>
    public void Release(Shard shard, Entry* entry)
    {
        if (OutsideBytes(shard, entry) > MaxAtOnce)
        {
            shard.Remains.Add(entry->Form, Entry.ValueSpan(entry));
            return;
        }

        switch (ValueKinds.Of(entry->Form))
        {
            case ValueKind.Text:
                Texts.Release(shard, entry);
                break;
            case ValueKind.List:
                ListValue.Release(shard, entry);
                break;
            case ValueKind.Hash:
                HashValue.Release(shard, entry);
                break;
            case ValueKind.Set:
                SetValue.Release(shard, entry);
                break;
            case ValueKind.SortedSet:
                SortedSetValue.Release(shard, entry);
                break;
        }
    }

    /// <inheritdoc/>
    public bool ReleaseSome(Shard shard, ValueForm form, Span<byte> root, int budget)
    {
        fixed (byte* value = root)
        {
            switch (form)
            {
                case ValueForm.LargeText:
                    return ((ChunkedBytes*)value)->FreeSome(shard.Chunks, budget);
                case ValueForm.TreeList:
                    return new PackedList(shard.Chunks, ref *(TreeRoot*)value).ClearSome(budget * EntriesPerBlock);
                case ValueForm.TreeSortedSet:
                    var roots = (SortedSetRoots*)value;
                    return new PackedTable(shard.Chunks, shard.HashKey, ref roots->Table).ClearSome(budget)
                        && new PackedSortedSet(shard.Chunks, ref roots->Tree).ClearSome(budget * EntriesPerBlock);
                default:
                    return new PackedTable(shard.Chunks, shard.HashKey, ref *(TableRoot*)value).ClearSome(budget);
            }
        }
    }

    /// <summary>Makes an entry with a copy of a value, of another shard perhaps, whose locks are held.</summary>
    /// <param name="from">The value's shard.</param>
    /// <param name="source">The value.</param>
    /// <param name="to">Where the copy goes.</param>
    /// <param name="target">The place where it is not; then the entry.</param>
    /// <param name="database">The copy's database.</param>
    /// <param name="key">The copy's key.</param>
    /// <param name="deadline">When the copy expires; -1 for never.</param>
    /// <param name="use">What is written down of its use.</param>
    public static void Copy(
        Shard from, Found source, Shard to, ref Found target, int database, ReadOnlySpan<byte> key, long deadline, uint use)
    {
        switch (ValueKinds.Of(source.Form))
        {
            case ValueKind.Text:
                Texts.Copy(from, source, to, ref target, database, key, deadline, use);
                break;
            case ValueKind.List:
                var list = new ListView(from, source);
                to.Create(ref target, database, key, ValueForm.PackedList, ListValue.HeaderBytes, deadline, use);
                ListValue.Initialize(target);
                CopyList(list, to, ref target);
                break;
            case ValueKind.Hash:
                var hash = new HashView(from, source);
                to.Create(ref target, database, key, ValueForm.PackedHash, valueLength: 0, deadline, use);
                CopyHash(hash, to, ref target);
                break;
            case ValueKind.Set:
                var set = new SetView(from, source);
                to.Create(ref target, database, key, ValueForm.IntegerSet, valueLength: 0, deadline, use);
                CopySet(set, to, ref target);
                break;
            case ValueKind.SortedSet:
                var sortedSet = new SortedSetView(from, source);
                to.Create(ref target, database, key, ValueForm.PackedSortedSet, valueLength: 0, deadline, use);
                CopySortedSet(sortedSet, to, ref target);
                break;
        }
    }

    /// <summary>The bytes that a value takes outside its entry.</summary>
    public static long OutsideBytes(Shard shard, Found found) => OutsideBytes(shard, found.Entry);

    private static long OutsideBytes(Shard shard, Entry* entry)
    {
        var value = Entry.Value(entry);
        switch (entry->Form)
        {
            case ValueForm.LargeText:
                return ((ChunkedBytes*)value)->Length;
            case ValueForm.TreeList:
                return new PackedList(shard.Chunks, ref *(TreeRoot*)value).Bytes;
            case ValueForm.TableHash or ValueForm.TableSet:
                return new PackedTable(shard.Chunks, shard.HashKey, ref *(TableRoot*)value).Bytes;
            case ValueForm.TreeSortedSet:
                var roots = (SortedSetRoots*)value;
                return new PackedSortedSet(shard.Chunks, ref roots->Tree).Bytes + new PackedTable(shard.Chunks, shard.HashKey, ref roots->Table).Bytes;
            default:
                return 0;
        }
    }

    private static void CopyList(ListView list, Shard to, ref Found target)
    {
        using var bytes = new ItemBytes(list.Chunks);
        var cursor = list.From(0);
        for (var left = list.Count; left > 0; left--)
        {
            ListValue.PushLast(to, ref target, bytes.Of(cursor.Current.Item));
            cursor.MoveNext();
        }
    }

    private static void CopyHash(HashView hash, Shard to, ref Found target)
    {
        using var names = new ItemBytes(hash.Chunks);
        using var values = new ItemBytes(hash.Chunks);
        foreach (var field in hash)
            HashValue.Set(to, ref target, names.Of(field.Name), values.Of(field.Value));
    }

    private static void CopySet(SetView set, Shard to, ref Found target)
    {
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        using var texts = new MemberTexts(set.Chunks, scratch);
        foreach (var member in set)
        {
            var text = texts.Of(member);

            // Its form is that of its first member; from there it goes on by itself.
            if (target.Entry->ValueLength == 0 && target.Form == ValueForm.IntegerSet)
                target.Entry->Form = SetValue.FormFor(text);
            SetValue.Add(to, ref target, text);
        }
    }

    private static void CopySortedSet(SortedSetView set, Shard to, ref Found target)
    {
        using var bytes = new ItemBytes(set.Chunks);
        var cursor = set.From(0);
        for (var left = set.Count; left > 0; left--)
        {
            SortedSetValue.Add(to, ref target, cursor.Current.Score, bytes.Of(cursor.Current.Item));
            cursor.MoveNext();
        }
    }
}
