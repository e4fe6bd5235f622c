using Groundwork.Cache.Entries;

namespace Groundwork.Cache.Values;

/// <summary>What the keyspace must know of the values' forms.</summary>
internal sealed unsafe class ValueStore : IValues
{
    /// <inheritdoc/>
    public void Release(Shard shard, Entry* entry)
    {
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
            default:
                throw new InvalidOperationException($"Nobody has said how {source.Form} is copied.");
        }
    }

    /// <summary>The bytes that a value takes outside its entry.</summary>
    public static long OutsideBytes(Found found) => ValueKinds.Of(found.Form) == ValueKind.Text ? Texts.OutsideBytes(found) : 0;
}
