using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>
/// A counted B⁺-tree of packed items in chunks: the large form of lists and of sorted sets. Whatever is asked by position or by
/// key takes a number of steps that grows with the logarithm of the size.
/// </summary>
/// <remarks>
/// Leaves and nodes are chunks of the bytes they need, so a half-full one wastes no half. A leaf that an entry no longer fits in
/// is split in the middle; at the tree's ends the entry begins a new one, so that what is pushed or inserted in order fills its
/// leaves. One less than half full is merged with a neighbour under the same node when both together fill at most seven eighths,
/// so that it does not split again at once, but not where single entries are taken from an end; an empty one is freed. A skip list, as others have, takes a pointer or two more for
/// every entry, and a cache miss a step. Under the shard's lock; made anew where it is used, from the root that its owner keeps.
/// What is given to it must not lie in its own memory. The file is long because splitting and merging keep the same invariants,
/// of counts and of digests, and are read together; <see cref="Verify()"/> names them.
/// </remarks>
internal readonly unsafe ref struct PackedTree<TOrder>
    where TOrder : struct, ITreeOrder
{
    /// <summary>The most entries a tree can have.</summary>
    public const uint MaxCount = int.MaxValue;

    private readonly Chunks _chunks;
    private readonly ref TreeRoot _root;

    public PackedTree(Chunks chunks, ref TreeRoot root)
    {
        _chunks = chunks;
        _root = ref root;
    }

    /// <summary>How many entries there are.</summary>
    public uint Count => _root.Count;

    /// <summary>The memory of it, in bytes, without its root.</summary>
    public long Bytes => _root.Bytes;

    /// <summary>How many leaves there are: a walk, for tests.</summary>
    internal int Leaves
    {
        get
        {
            var leaves = 0;
            for (var leaf = _root.Head; leaf != 0; leaf = Leaf(leaf).Next)
                leaves++;
            return leaves;
        }
    }

    private static int MergedBytes => TOrder.MaxLeafBytes * 7 / 8;

    // What a leaf begun at an end has at least, so that it does not grow with every few of its first entries.
    private static int EndLeafBytes => TOrder.MaxLeafBytes / 8;

    private static int MergedChildren => TOrder.MaxChildren * 7 / 8;

    /// <summary>The way to the entry with an index, or, given their count, behind the last.</summary>
    public void Find(uint index, out TreePath path)
    {
        path = default;
        if (_root.Top == 0)
            return;
        var handle = _root.Top;
        var atEnd = index == _root.Count;
        for (var level = 0; level < _root.Height; level++)
        {
            var node = Node(handle);
            var child = 0;
            if (atEnd)
            {
                child = node.Count - 1;
            }
            else
            {
                for (uint below; index >= (below = node.Below(child)); child++)
                    index -= below;
            }

            path[level] = (handle, child);
            handle = node.Child(child);
        }

        var leaf = Leaf(handle);
        path.Leaf = handle;
        path.Index = atEnd ? leaf.Count : (int)index;
        path.Position = atEnd ? leaf.Items.Length : leaf.PositionOf(path.Index);
    }

    /// <summary>The way to the first entry that is not before the probe; it may be the end of a leaf.</summary>
    /// <returns>Whether the entry there is just what the probe looks for.</returns>
    public bool Find<TProbe>(in TProbe probe, out TreePath path)
        where TProbe : struct, ITreeProbe, allows ref struct
    {
        path = default;
        if (_root.Top == 0)
            return false;
        var handle = _root.Top;
        for (var level = 0; level < _root.Height; level++)
        {
            var node = Node(handle);
            var (low, high) = (0, node.Count - 1);
            while (low < high)
            {
                var middle = (low + high + 1) / 2;
                var order = probe.CompareTo(node.Digest(middle));
                if (order == 0)
                    order = probe.CompareTo(FirstLeafBelow(node.Child(middle), level + 1).Items, 0, _chunks);
                if (order >= 0)
                    low = middle;
                else
                    high = middle - 1;
            }

            path[level] = (handle, low);
            handle = node.Child(low);
        }

        path.Leaf = handle;
        return Leaf(handle).Items.Find(probe, _chunks, out path.Position, out path.Index);
    }

    /// <summary>How many entries are before a place.</summary>
    public uint RankOf(in TreePath path)
    {
        var rank = (uint)path.Index;
        for (var level = 0; level < _root.Height; level++)
        {
            var (handle, child) = path[level];
            rank += Node(handle).Before(child);
        }

        return rank;
    }

    /// <summary>The entry at a place that is not an end.</summary>
    public TreeEntry EntryAt(in TreePath path) => new(Leaf(path.Leaf).Items[path.Position]);

    /// <summary>A cursor at a place.</summary>
    public TreeCursor CursorAt(in TreePath path) => new(_chunks, TOrder.PayloadBytes, path.Leaf, path.Position);

    /// <summary>The first entry; the tree has one.</summary>
    public TreeEntry First() => new(Leaf(_root.Head).Items[0]);

    /// <summary>The last entry; the tree has one.</summary>
    public TreeEntry Last()
    {
        var items = Leaf(_root.Tail).Items;
        return new TreeEntry(items[items.Last]);
    }

    /// <summary>Puts an entry at a place, before what is there.</summary>
    public void Insert(ref TreePath path, in ItemText text, ulong payload)
    {
        if (_root.Count == MaxCount)
            throw new InvalidOperationException($"A collection holds at most {MaxCount:N0} elements.");
        var before = _chunks.Bytes;
        _root.HasChains |= text.IsChained;
        var bytes = PackedItems.EntryBytes(text, TOrder.PayloadBytes);
        if (_root.Top == 0)
        {
            _root.Top = _root.Head = _root.Tail = NewLeaf(bytes, 0, 0);
            Write(_root.Top, 0, text, payload);
        }
        else if (Leaf(path.Leaf).Used + bytes <= TOrder.MaxLeafBytes)
        {
            Grow(path.Leaf, bytes);
            Write(path.Leaf, path.Position, text, payload);
            Add(path, _root.Height, 1);
        }
        else
        {
            InsertFull(ref path, text, payload, bytes);
        }

        _root.Count++;
        _root.Bytes += _chunks.Bytes - before;
    }

    /// <summary>
    /// Puts an entry before all others, or behind them, where the leaf there has room as it is: nothing is looked for, and above the leaf only
    /// counts change.
    /// </summary>
    /// <returns>False where it has no room, or the item goes to a chain: then <see cref="Insert"/> is the way.</returns>
    public bool TryInsertAtEnd(bool last, in ItemText text, ulong payload)
    {
        var handle = last ? _root.Tail : _root.Head;
        if (handle == 0 || text.IsChained || _root.Count == MaxCount)
            return false;
        var leaf = Leaf(handle);
        var capacity = _chunks.Capacity(handle);
        var used = leaf.Used + PackedItems.EntryBytes(text, TOrder.PayloadBytes);
        if (used > capacity || used > TOrder.MaxLeafBytes)
            return false;
        leaf.Insert(last ? leaf.Items.Length : 0, text, payload, capacity, _chunks);
        AddAtEnd(last, 1);
        _root.Count++;
        return true;
    }

    /// <summary>Adds all entries of a range that is in order, behind those there are.</summary>
    /// <remarks>The range keeps what it has, chains of chunks too: its owner releases it then.</remarks>
    public void AddAll(PackedItems items)
    {
        using var bytes = new ItemBytes(_chunks);
        for (var position = 0; position < items.Length; position = items.Next(position))
        {
            Find(_root.Count, out var path);
            Insert(ref path, new ItemText(bytes.Of(items[position])), TOrder.PayloadBytes == 0 ? 0 : items.Payload(position));
        }
    }

    /// <summary>Puts another item in the place of an entry; its payload stays.</summary>
    public void Replace(ref TreePath path, in ItemText text)
    {
        var leaf = Leaf(path.Leaf);
        var more = PackedItems.EntryBytes(text, TOrder.PayloadBytes) - leaf.Items.EntryBytes(path.Position);
        if (leaf.Used + more <= TOrder.MaxLeafBytes)
        {
            var before = _chunks.Bytes;
            _root.HasChains |= text.IsChained;
            Grow(path.Leaf, more);
            Leaf(path.Leaf).Replace(path.Position, text, _chunks.Capacity(path.Leaf), _chunks);
            Trim(path.Leaf);
            _root.Bytes += _chunks.Bytes - before;
            return;
        }

        var payload = TOrder.PayloadBytes == 0 ? 0 : leaf.Items.Payload(path.Position);
        var index = RankOf(path);
        RemoveRange(index, 1);
        Find(index, out path);
        Insert(ref path, text, payload);
    }

    /// <summary>Gives an entry another payload, with which it stays between its neighbours.</summary>
    public void SetPayload(in TreePath path, ulong payload) => Leaf(path.Leaf).Items.SetPayload(path.Position, payload);

    /// <summary>The leaf at a place.</summary>
    public TreeLeaf LeafAt(in TreePath path) => Leaf(path.Leaf);

    /// <summary>Takes the entry at a place out.</summary>
    public void Remove(ref TreePath path)
    {
        var before = _chunks.Bytes;
        Remove(ref path, 1);
        _root.Bytes += _chunks.Bytes - before;
    }

    /// <summary>
    /// Takes the first entry out, or the last: nothing is looked for, and the leaf there is not merged, as who takes from an end takes the rest
    /// of it too.
    /// </summary>
    public void RemoveAtEnd(bool last)
    {
        var handle = last ? _root.Tail : _root.Head;
        var leaf = Leaf(handle);
        if (leaf.Count == 1)
        {
            RemoveRange(last ? _root.Count - 1 : 0, 1);
            return;
        }

        var before = _chunks.Bytes;
        leaf.Delete(last ? leaf.Items.Last : 0, 1, _chunks);
        AddAtEnd(last, -1);
        _root.Count--;
        if (_root.Height == 0 || _chunks.Capacity(handle) > EndLeafBytes)
            Trim(handle);
        _root.Bytes += _chunks.Bytes - before;
    }

    /// <summary>Takes entries out, a leaf at a time.</summary>
    /// <param name="index">The first; with those it must be within the count.</param>
    /// <param name="count">How many.</param>
    public void RemoveRange(uint index, uint count)
    {
        var before = _chunks.Bytes;
        while (count > 0)
        {
            Find(index, out var path);
            var removed = (int)Math.Min(count, (uint)(Leaf(path.Leaf).Count - path.Index));
            Remove(ref path, removed);
            count -= (uint)removed;
        }

        _root.Bytes += _chunks.Bytes - before;
    }

    /// <summary>Frees all of it; the root is then that of an empty tree.</summary>
    public void Clear()
    {
        if (_root.Top != 0)
            Free(_root.Top, 0);
        _root = default;
    }

    /// <summary>Frees a part, from the end: for trees that nobody reaches any more, so that no step is long.</summary>
    /// <param name="entries">How many entries to free at most.</param>
    /// <returns>Whether all is free, and the root that of an empty tree.</returns>
    public bool ClearSome(int entries)
    {
        var removed = Math.Min((uint)entries, _root.Count);
        RemoveRange(_root.Count - removed, removed);
        return _root.Count == 0;
    }

    /// <summary>Checks what must always be true; for tests.</summary>
    internal void Verify()
    {
        uint last = 0;
        var count = _root.Top == 0 ? 0 : Verify(_root.Top, 0, ref last);
        if (count != _root.Count || last != _root.Tail)
            throw new InvalidOperationException("The tree's count or last leaf is wrong.");
    }

    private uint Verify(uint handle, int level, ref uint last)
    {
        if (level == _root.Height)
        {
            var leaf = Leaf(handle);
            if (leaf.Previous != last || (last != 0 ? Leaf(last).Next : _root.Head) != handle)
                throw new InvalidOperationException("A leaf is not linked to the one before it.");
            if (leaf.Count == 0 || leaf.Count != leaf.Items.Count() || leaf.Used > TOrder.MaxLeafBytes)
                throw new InvalidOperationException("A leaf is empty, too large or has another count.");
            last = handle;
            return (uint)leaf.Count;
        }

        var node = Node(handle);
        if (node.Count < 1 || node.Count > TOrder.MaxChildren)
            throw new InvalidOperationException("A node has no children or too many.");
        var sum = 0U;
        for (var i = 0; i < node.Count; i++)
        {
            var below = Verify(node.Child(i), level + 1, ref last);
            if (below != node.Below(i))
                throw new InvalidOperationException("A node's count of what is below is wrong.");
            sum += below;
        }

        return sum;
    }

    private TreeLeaf Leaf(uint handle) => new(_chunks.Pointer(handle), TOrder.PayloadBytes);

    private TreeNode<TOrder> Node(uint handle) => new(_chunks.Pointer(handle));

    private TreeLeaf FirstLeafBelow(uint handle, int level)
    {
        for (; level < _root.Height; level++)
            handle = Node(handle).Child(0);
        return Leaf(handle);
    }

    private TreeDigest FirstDigest(uint leaf) => TOrder.DigestOf(Leaf(leaf).Items, 0, _chunks);

    private void Write(uint leaf, int position, in ItemText text, ulong payload) =>
        Leaf(leaf).Insert(position, text, payload, _chunks.Capacity(leaf), _chunks);

    // Adds to the counts on the way, of the levels above one.
    private void Add(in TreePath path, int levels, int change)
    {
        for (var level = 0; level < levels; level++)
        {
            var (handle, child) = path[level];
            Node(handle).Below(child) += (uint)change;
        }
    }

    // Adds to the counts above the first leaf, or the last.
    private void AddAtEnd(bool last, int change)
    {
        var handle = _root.Top;
        for (var level = 0; level < _root.Height; level++)
        {
            var node = Node(handle);
            var child = last ? node.Count - 1 : 0;
            node.Below(child) += (uint)change;
            handle = node.Child(child);
        }
    }

    private uint NewLeaf(int bytes, uint previous, uint next)
    {
        var handle = _chunks.Allocate(TreeLeaf.HeaderBytes + bytes);
        Leaf(handle).Initialize(previous, next);
        if (previous != 0)
            Leaf(previous).Next = handle;
        if (next != 0)
            Leaf(next).Previous = handle;
        return handle;
    }

    private void Grow(uint leaf, int bytes)
    {
        var needed = Leaf(leaf).Used + bytes;
        if (needed <= _chunks.Capacity(leaf))
            return;
        Leaf(leaf).Compact();
        _chunks.Resize(leaf, needed);
    }

    // Gives back what a leaf has no use for, when that is much.
    private void Trim(uint leaf)
    {
        var used = Leaf(leaf).Used;
        if (!ChunkSizes.IsWorthShrinking(_chunks.Capacity(leaf), used))
            return;
        Leaf(leaf).Compact();
        _chunks.Resize(leaf, used);
    }

    // The leaf has no room: the entry begins a leaf of its own where it would be at an end, else the leaf is split.
    private void InsertFull(ref TreePath path, in ItemText text, ulong payload, int bytes)
    {
        var (handle, leaf) = (path.Leaf, Leaf(path.Leaf));
        Add(path, _root.Height - 1, 1);
        var atHead = path.Index == 0 && leaf.Previous == 0;
        if (atHead || (path.Index == leaf.Count && leaf.Next == 0))
        {
            var begun = Math.Max(bytes, ChunkSizes.Below(EndLeafBytes) - TreeLeaf.HeaderBytes);
            var added = atHead ? NewLeaf(begun, 0, handle) : NewLeaf(begun, handle, 0);
            Write(added, 0, text, payload);
            (atHead ? ref _root.Head : ref _root.Tail) = added;
            AddChild(path, _root.Height - 1, handle, added, 1, atHead);
            return;
        }

        var (split, index, second) = SplitAt(leaf, path, bytes);
        var half = NewLeaf(leaf.Items.Length - split + (second ? bytes : 0), handle, leaf.Next);
        if (_root.Tail == handle)
            _root.Tail = half;
        leaf.MoveTo(Leaf(half), split, index);
        var target = second ? half : handle;
        Grow(target, bytes);
        Write(target, second ? path.Position - split : path.Position, text, payload);
        Trim(handle);
        if (_root.Height > 0)
            Node(path[_root.Height - 1].Node).Below(path[_root.Height - 1].Index) = (uint)Leaf(handle).Count;
        AddChild(path, _root.Height - 1, handle, half, (uint)Leaf(half).Count, before: false);
    }

    // Where a leaf is split so that its halves, one of them with an entry of so many bytes more, are most alike. A leaf holds two
    // of the longest entries, so that both are within the bound.
    private static (int Position, int Index, bool Second) SplitAt(TreeLeaf leaf, in TreePath path, int bytes)
    {
        var items = leaf.Items;
        var best = (Position: 0, Index: 0, Second: false);
        var (least, total) = (int.MaxValue, items.Length + bytes);
        var position = 0;
        for (var index = 1; index < leaf.Count; index++)
        {
            position = items.Next(position);
            if (index <= path.Index && Math.Max(position, total - position) is var after && after < least)
                (least, best) = (after, (position, index, true));
            if (index >= path.Index && Math.Max(position + bytes, items.Length - position) is var before && before < least)
                (least, best) = (before, (position, index, false));
        }

        return best;
    }

    // Adds a child beside another one of a node at a level; at level -1 both get a new node above them.
    private void AddChild(in TreePath path, int level, uint beside, uint added, uint below, bool before)
    {
        var digest = level == _root.Height - 1 ? FirstDigest(added) : Node(added).Digest(0);
        if (level < 0)
        {
            AddTop(beside, added, below, digest, before);
            return;
        }

        var (handle, index) = path[level];
        var at = before ? index : index + 1;
        if (before)
            Node(handle).SetDigest(index, FirstDigest(beside));
        var count = Node(handle).Count;
        if (count < TOrder.MaxChildren)
        {
            FitNode(handle, count + 1);
            Node(handle).Insert(at, added, below, digest);
            return;
        }

        // Where children come at the end, the node stays full.
        var split = at == count ? count : count / 2;
        var half = NewNode(count - split + (at >= split ? 1 : 0));
        Node(handle).MoveTo(Node(half), split);
        if (at >= split)
        {
            Node(half).Insert(at - split, added, below, digest);
        }
        else
        {
            Node(handle).Insert(at, added, below, digest);
        }

        FitNode(handle, Node(handle).Count);
        var node = Node(handle);
        if (level > 0)
            Node(path[level - 1].Node).Below(path[level - 1].Index) = node.Before(node.Count);
        AddChild(path, level - 1, handle, half, Node(half).Before(Node(half).Count), before: false);
    }

    private void AddTop(uint beside, uint added, uint below, TreeDigest digest, bool before)
    {
        if (_root.Height == TreePath.MaxHeight)
            throw new InvalidOperationException("A tree is higher than any can be.");
        var isLeaf = _root.Height == 0;
        var top = NewNode(2);
        var count = isLeaf ? (uint)Leaf(beside).Count : Node(beside).Before(Node(beside).Count);
        Node(top).Insert(0, beside, count, isLeaf ? FirstDigest(beside) : default);
        Node(top).Insert(before ? 0 : 1, added, below, digest);
        _root.Top = top;
        _root.Height++;
    }

    private uint NewNode(int children)
    {
        var handle = _chunks.Allocate(TreeNode<TOrder>.BytesFor(children));
        Node(handle).Count = 0;
        return handle;
    }

    // Room for so many children; much more is given back.
    private void FitNode(uint handle, int children)
    {
        var bytes = TreeNode<TOrder>.BytesFor(children);
        var capacity = _chunks.Capacity(handle);
        if (bytes > capacity || ChunkSizes.IsWorthShrinking(capacity, bytes))
            _chunks.Resize(handle, bytes);
    }

    // Takes entries of one leaf out, and the leaf where it becomes empty.
    private void Remove(ref TreePath path, int entries)
    {
        var leaf = Leaf(path.Leaf);
        _root.Count -= (uint)entries;
        if (entries < leaf.Count)
        {
            leaf.Delete(path.Position, entries, _chunks);
            Add(path, _root.Height, -entries);
            if (leaf.Used < TOrder.MaxLeafBytes / 2 && MergeLeaf(path))
                return;
            Trim(path.Leaf);
            return;
        }

        Add(path, _root.Height - 1, -entries);
        FreeLeaf(path.Leaf);
        RemoveChild(path, _root.Height - 1);
    }

    private void FreeLeaf(uint handle)
    {
        var leaf = Leaf(handle);
        if (_root.HasChains)
            leaf.Items.Release(_chunks);
        Unlink(leaf);
        _chunks.Free(handle);
    }

    private void Unlink(TreeLeaf leaf)
    {
        if (leaf.Previous != 0)
            Leaf(leaf.Previous).Next = leaf.Next;
        else
            _root.Head = leaf.Next;
        if (leaf.Next != 0)
            Leaf(leaf.Next).Previous = leaf.Previous;
        else
            _root.Tail = leaf.Previous;
    }

    // Merges a leaf with a neighbour under the same node, if that leaves some room.
    private bool MergeLeaf(in TreePath path)
    {
        if (_root.Height == 0)
            return false;
        var (handle, index) = path[_root.Height - 1];
        var node = Node(handle);
        if (index + 1 < node.Count && TryMergeLeaves(node, index))
        {
            RemoveMerged(path, index + 1);
            return true;
        }

        if (index > 0 && TryMergeLeaves(node, index - 1))
        {
            RemoveMerged(path, index);
            return true;
        }

        return false;
    }

    private bool TryMergeLeaves(TreeNode<TOrder> node, int index)
    {
        var (first, second) = (node.Child(index), node.Child(index + 1));
        var bytes = Leaf(second).Used - TreeLeaf.HeaderBytes;
        if (Leaf(first).Used + bytes > MergedBytes)
            return false;
        Grow(first, bytes);
        Leaf(first).Take(Leaf(second), _chunks.Capacity(first));
        Unlink(Leaf(second));
        _chunks.Free(second);
        node.Below(index) += node.Below(index + 1);
        Trim(first);
        return true;
    }

    private void RemoveMerged(TreePath path, int index)
    {
        path[_root.Height - 1].Index = index;
        RemoveChild(path, _root.Height - 1);
    }

    // Takes a child that is gone out of a node at a level; at level -1 it was the top.
    private void RemoveChild(TreePath path, int level)
    {
        if (level < 0)
        {
            _root.Top = 0;
            (_root.Height, _root.HasChains) = (0, false);
            return;
        }

        var (handle, index) = path[level];
        var node = Node(handle);
        node.Remove(index);
        if (node.Count == 0)
        {
            _chunks.Free(handle);
            RemoveChild(path, level - 1);
            return;
        }

        FitNode(handle, node.Count);
        if (level > 0)
            MergeNode(path, level);
        else
            LowerTop();
    }

    private void LowerTop()
    {
        while (_root.Height > 0 && Node(_root.Top).Count == 1)
        {
            var child = Node(_root.Top).Child(0);
            _chunks.Free(_root.Top);
            _root.Top = child;
            _root.Height--;
        }
    }

    private void MergeNode(TreePath path, int level)
    {
        if (Node(path[level].Node).Count >= TOrder.MaxChildren / 2)
            return;
        var (handle, index) = path[level - 1];
        var parent = Node(handle);
        if (index + 1 < parent.Count && TryMergeNodes(parent, index))
            path[level - 1].Index = index + 1;
        else if (index == 0 || !TryMergeNodes(parent, index - 1))
            return;
        RemoveChild(path, level - 1);
    }

    private bool TryMergeNodes(TreeNode<TOrder> parent, int index)
    {
        var (first, second) = (parent.Child(index), parent.Child(index + 1));
        var children = Node(first).Count + Node(second).Count;
        if (children > MergedChildren)
            return false;
        FitNode(first, children);
        Node(second).SetDigest(0, parent.Digest(index + 1));
        Node(second).MoveTo(Node(first), 0);
        _chunks.Free(second);
        parent.Below(index) += parent.Below(index + 1);
        return true;
    }

    private void Free(uint handle, int level)
    {
        if (level < _root.Height)
        {
            for (var i = 0; i < Node(handle).Count; i++)
                Free(Node(handle).Child(i), level + 1);
        }
        else if (_root.HasChains)
        {
            Leaf(handle).Items.Release(_chunks);
        }

        _chunks.Free(handle);
    }
}
