using Groundwork.Cache.Entries;
using Groundwork.Cache.Memory;
using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>
/// A list as it is read, whatever its form; a key that is not there is an empty one. Good under the shard's lock until the list is
/// changed, whatever happens to other keys.
/// </summary>
internal readonly unsafe struct ListView
{
    private readonly Shard? _shard;
    private readonly byte* _value;
    private readonly int _length;
    private readonly bool _isTree;

    public ListView(Shard shard, Found found)
    {
        if (!found.Exists)
            return;
        _shard = shard;
        _value = Entry.Value(found.Entry);
        _length = found.Entry->ValueLength;
        _isTree = found.Form == ValueForm.TreeList;
    }

    /// <summary>How many elements there are.</summary>
    public uint Count => _isTree ? Tree.Count : _value is null ? 0u : *(ushort*)_value;

    /// <summary>The bytes that it takes, without its entry where it is in a tree.</summary>
    public long Bytes => _isTree ? Tree.Bytes : _length;

    /// <summary>Where long elements are; not of a list that is not there.</summary>
    public Chunks Chunks => _shard!.Chunks;

    /// <summary>The first element; the list has one.</summary>
    public PackedItem First => _isTree ? Tree.First : Items[0];

    /// <summary>The last element; the list has one.</summary>
    public PackedItem Last
    {
        get
        {
            if (_isTree)
                return Tree.Last;
            var items = Items;
            return items[items.Last];
        }
    }

    /// <summary>The element with an index, within the count.</summary>
    public PackedItem this[uint index] => From(index).Current.Item;

    private PackedItems Items => new(_value + ListValue.HeaderBytes, _length - ListValue.HeaderBytes, 0);

    private PackedList Tree => new(Chunks, ref *(TreeRoot*)_value);

    /// <summary>Walks from the element with an index, either way; given the count, from behind the last. The list has some.</summary>
    public ItemCursor From(uint index)
    {
        if (_isTree)
            return new ItemCursor(Tree.From(index));
        var (items, count) = (Items, Count);
        var position = index <= count / 2 ? items.Skip((int)index) : items.SkipBack((int)(count - index), items.Length);
        return new ItemCursor(items, position);
    }
}
