using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>An entry of a tree, where it stands; good until the tree is next changed.</summary>
internal readonly unsafe struct TreeEntry(PackedItem item)
{
    /// <summary>Its item: a list's element, a sorted set's member.</summary>
    public PackedItem Item => item;

    /// <summary>Its score, in a sorted set.</summary>
    public double Score => System.Runtime.CompilerServices.Unsafe.ReadUnaligned<double>(item.At - sizeof(double));
}

/// <summary>
/// Walks a tree's entries, either way, from any place. It stands at an entry, or behind the last; the tree must not change meanwhile.
/// </summary>
internal unsafe struct TreeCursor
{
    private readonly Chunks _chunks;
    private readonly int _payloadBytes;
    private uint _leaf;
    private int _position;

    /// <param name="chunks">The tree's chunks.</param>
    /// <param name="payloadBytes">What stands before each item.</param>
    /// <param name="leaf">The leaf; 0 of an empty tree.</param>
    /// <param name="position">An entry's, or where the leaf ends.</param>
    public TreeCursor(Chunks chunks, int payloadBytes, uint leaf, int position)
    {
        _chunks = chunks;
        _payloadBytes = payloadBytes;
        _leaf = leaf;
        _position = position;
        if (leaf != 0)
            LeaveEnd();
    }

    /// <summary>Whether it stands at an entry, not behind the last.</summary>
    public readonly bool IsAtEntry => _leaf != 0 && _position < Leaf.Items.Length;

    /// <summary>The entry it stands at.</summary>
    public readonly TreeEntry Current => new(Leaf.Items[_position]);

    private readonly TreeLeaf Leaf => new(_chunks.Pointer(_leaf), _payloadBytes);

    /// <summary>Goes to the next entry, or behind the last.</summary>
    /// <returns>Whether it stands at an entry.</returns>
    public bool MoveNext()
    {
        if (!IsAtEntry)
            return false;
        _position = Leaf.Items.Next(_position);
        LeaveEnd();
        return IsAtEntry;
    }

    /// <summary>Goes to the entry before.</summary>
    /// <returns>False where there is none: it stays.</returns>
    public bool MovePrevious()
    {
        if (_leaf == 0)
            return false;
        if (_position == 0)
        {
            var previous = Leaf.Previous;
            if (previous == 0)
                return false;
            _leaf = previous;
            _position = Leaf.Items.Length;
        }

        _position = Leaf.Items.Previous(_position);
        return true;
    }

    private void LeaveEnd()
    {
        var leaf = Leaf;
        if (_position < leaf.Items.Length || leaf.Next == 0)
            return;
        _leaf = leaf.Next;
        _position = 0;
    }
}
