using Groundwork.Cache.Entries;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>
/// A sorted set that is not under a key yet: the result of a command, made in the shard that it is stored in, beside the sets that
/// it is made from. What is not stored is given back.
/// </summary>
/// <remarks>Under the shard's lock, as long as it lives. Scores are collected first; <see cref="Sort"/> orders them.</remarks>
internal sealed unsafe class SortedSetBuilder(Shard shard) : IDisposable
{
    private SortedSetRoots _roots = SortedSetRoots.Empty;

    /// <summary>How many members there are.</summary>
    public uint Count => _roots.Table.Count;

    /// <summary>Where long members are.</summary>
    public Chunks Chunks => shard.Chunks;

    private PackedTable Table => new(shard.Chunks, shard.HashKey, ref _roots.Table);

    private PackedSortedSet Tree => new(shard.Chunks, ref _roots.Tree);

    /// <summary>Finds what was given to a member.</summary>
    public bool TryGetScore(ReadOnlySpan<byte> member, out double score)
    {
        var found = Table.TryGet(member, out var entry);
        score = found ? entry.Score : 0;
        return found;
    }

    /// <summary>Gives a member a score, in the place of the one it had.</summary>
    public void SetScore(ReadOnlySpan<byte> member, double score) => Table.SetScore(member, score);

    /// <summary>Orders the members; no score is given after.</summary>
    public void Sort()
    {
        using var bytes = new ItemBytes(shard.Chunks);
        var tree = Tree;
        foreach (var entry in Table)
            tree.Add(entry.Score, bytes.Of(entry.Field));
    }

    /// <summary>Walks from the first member; the set is ordered, and has one.</summary>
    public TreeCursor First() => Tree.From(0);

    /// <summary>Puts the ordered set, which is not empty, in the place of whatever a key holds; its time to live is gone.</summary>
    public void Store(ref Found found, int database, ReadOnlySpan<byte> key, uint use)
    {
        var isPacked = IsSmall(key.Length, out var packed);
        var (form, length) = isPacked ? (ValueForm.PackedSortedSet, packed) : (ValueForm.TreeSortedSet, sizeof(SortedSetRoots));
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
        if (isPacked)
        {
            WriteItems(Entry.Value(found.Entry));
            return;
        }

        *(SortedSetRoots*)Entry.Value(found.Entry) = _roots;
        _roots = SortedSetRoots.Empty;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Table.Clear();
        Tree.Clear();
    }

    private void WriteItems(byte* value)
    {
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        var length = 0;
        for (var cursor = First(); cursor.IsAtEntry; cursor.MoveNext())
        {
            cursor.Current.Item.TryGetBytes(scratch, out var member);
            var score = BitConverter.DoubleToUInt64Bits(cursor.Current.Score);
            length = new PackedItems(value, length, sizeof(double)).Insert(length, new ItemText(member), score, shard.Chunks);
        }
    }

    // Whether it would be in one piece if its members had been added to a key one by one, and what it takes then.
    private bool IsSmall(int keyLength, out int length)
    {
        length = 0;
        if (Count > shard.Pieces.ScoredMembers)
            return false;
        Span<byte> scratch = stackalloc byte[PackedItem.ScratchBytes];
        foreach (var entry in Table)
        {
            if (!entry.Field.TryGetBytes(scratch, out var member) || member.Length > shard.Pieces.ScoredBytes)
                return false;
            length += PackedItems.EntryBytes(new ItemText(member), sizeof(double));
        }

        return EntryRoom.Fits(keyLength, length);
    }
}
