using Groundwork.Cache.Packed;

namespace Groundwork.Cache.Values;

/// <summary>
/// Walks the elements of a list or a sorted set, either way, whatever its form. It stands at an element, or behind the last; the
/// value must not change meanwhile.
/// </summary>
internal struct ItemCursor
{
    private readonly PackedItems _items;
    private readonly bool _isTree;
    private TreeCursor _tree;
    private int _position;

    public ItemCursor(PackedItems items, int position) => (_items, _position) = (items, position);

    public ItemCursor(TreeCursor tree) => (_tree, _isTree) = (tree, true);

    /// <summary>The element it stands at.</summary>
    public readonly TreeEntry Current => _isTree ? _tree.Current : new TreeEntry(_items[_position]);

    /// <summary>Goes to the next element, or behind the last, where it must not be already.</summary>
    public void MoveNext()
    {
        if (_isTree)
            _tree.MoveNext();
        else
            _position = _items.Next(_position);
    }

    /// <summary>Goes to the element before; where there is none it stays.</summary>
    public void MovePrevious()
    {
        if (_isTree)
            _tree.MovePrevious();
        else if (_position > 0)
            _position = _items.Previous(_position);
    }
}
