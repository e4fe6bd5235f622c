using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>A list of items by their index, 0 first, in chunks. Its indexes must be within the count.</summary>
internal readonly ref struct PackedList
{
    private readonly PackedTree<ByPosition> _tree;

    public PackedList(Chunks chunks, ref TreeRoot root) => _tree = new PackedTree<ByPosition>(chunks, ref root);

    /// <summary>How many items there are.</summary>
    public uint Count => _tree.Count;

    /// <summary>The memory of it, in bytes, without its root.</summary>
    public long Bytes => _tree.Bytes;

    /// <summary>The first item; the list has one.</summary>
    public PackedItem First => _tree.First().Item;

    /// <summary>The last item; the list has one.</summary>
    public PackedItem Last => _tree.Last().Item;

    /// <summary>The item with an index.</summary>
    public PackedItem this[uint index]
    {
        get
        {
            _tree.Find(index, out var path);
            return _tree.EntryAt(path).Item;
        }
    }

    internal PackedTree<ByPosition> Tree => _tree;

    /// <summary>Adds an item before all others.</summary>
    public void PushFirst(ReadOnlySpan<byte> item) => Insert(0, item);

    /// <summary>Adds an item behind all others.</summary>
    public void PushLast(ReadOnlySpan<byte> item) => Insert(_tree.Count, item);

    /// <summary>Adds an item before the one with an index, or behind all.</summary>
    public void Insert(uint index, ReadOnlySpan<byte> item)
    {
        var text = new ItemText(item);
        if ((index == 0 || index == _tree.Count) && _tree.TryInsertAtEnd(index != 0, text, 0))
            return;
        _tree.Find(index, out var path);
        _tree.Insert(ref path, text, 0);
    }

    /// <summary>Puts another item in the place of the one with an index.</summary>
    public void Set(uint index, ReadOnlySpan<byte> item)
    {
        _tree.Find(index, out var path);
        _tree.Replace(ref path, new ItemText(item));
    }

    /// <summary>Takes items out.</summary>
    public void RemoveRange(uint index, uint count)
    {
        if (count == 1 && (index == 0 || index == _tree.Count - 1))
            _tree.RemoveAtEnd(index != 0);
        else
            _tree.RemoveRange(index, count);
    }

    /// <summary>Walks from the item with an index, either way; given the count, from behind the last.</summary>
    public TreeCursor From(uint index)
    {
        _tree.Find(index, out var path);
        return _tree.CursorAt(path);
    }

    /// <summary>Adds all that a range holds, behind what is there; see <see cref="PackedTree{TOrder}.AddAll"/>.</summary>
    public void AddAll(PackedItems items) => _tree.AddAll(items);

    /// <summary>Frees all of it.</summary>
    public void Clear() => _tree.Clear();

    /// <summary>Frees a part of it, at most so many items; gives whether all is free.</summary>
    public bool ClearSome(int items) => _tree.ClearSome(items);
}
