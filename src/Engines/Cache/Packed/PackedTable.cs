using System.Numerics;
using System.Runtime.CompilerServices;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Packed;

/// <summary>What setting a field came to.</summary>
internal enum TableChange : byte
{
    /// <summary>The field was not there.</summary>
    Added,

    /// <summary>The field was there, and what it holds is replaced.</summary>
    Replaced,
}

/// <summary>
/// A map from bytes to bytes, to scores, or to nothing, in chunks: the large form of hashes, sets and sorted sets.
/// </summary>
/// <remarks>
/// Linear hashing (W. Litwin, VLDB 1980): buckets are split one at a time, in order, when they hold more than
/// <see cref="TargetBytes"/> on average, and merged again when they hold a third of it. So no operation rebuilds the table; the
/// longest is one bucket's split. A bucket is a chunk of just the bytes it needs, up to the largest; it never overflows into
/// another: the table is split until it fits, which keyed hashes make rarer than one in 10¹². Under the shard's lock; made anew
/// where it is used, from the root that its owner keeps. What is given to it must not lie in its own memory. The file is long
/// because splitting and merging share the accounts of bytes with what calls them.
/// </remarks>
internal readonly unsafe ref struct PackedTable
{
    /// <summary>How many bytes a bucket has on average, at most.</summary>
    public const int TargetBytes = 384;

    /// <summary>The most entries a table can have.</summary>
    public const uint MaxCount = int.MaxValue;

    private const int MergeBytes = TargetBytes / 3;

    // Splits that one more entry may cause, and merges that one less may: as many as its bytes can call for, and one more.
    private const int MaxSplits = 4;
    private const int MaxMerges = 9;

    private readonly Chunks _chunks;
    private readonly HashKey _key;
    private readonly ref TableRoot _root;

    public PackedTable(Chunks chunks, HashKey key, ref TableRoot root)
    {
        _chunks = chunks;
        _key = key;
        _root = ref root;
    }

    /// <summary>How many entries there are.</summary>
    public uint Count => _root.Count;

    /// <summary>The memory of it, in bytes, without its root.</summary>
    public long Bytes => _root.Bytes;

    /// <summary>Whether a field is there.</summary>
    public bool Contains(ReadOnlySpan<byte> field) => TryGet(field, out _);

    /// <summary>Finds a field.</summary>
    public bool TryGet(ReadOnlySpan<byte> field, out TableEntry entry)
    {
        var found = Find(new ItemText(field), out _, out _, out _);
        entry = new TableEntry(found);
        return found != null;
    }

    /// <summary>Adds a field to a set.</summary>
    /// <returns>False where it was there.</returns>
    public bool Add(ReadOnlySpan<byte> field)
    {
        var before = _chunks.Bytes;
        var text = new ItemText(field);
        if (Find(text, out var hash, out _, out _) != null)
            return false;
        Append(text, hash, 0);
        Settle(before);
        return true;
    }

    /// <summary>Gives a field a value, in a table of values.</summary>
    public TableChange Set(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        var before = _chunks.Bytes;
        var text = new ItemText(field);
        var item = new ItemText(value);
        var entry = Find(text, out var hash, out var bucket, out _);
        if (entry == null)
        {
            var at = Append(text, hash, item.EncodedBytes);
            item.Write(at, _chunks);
            _root.HasChains |= item.IsChained;
            Settle(before);
            return TableChange.Added;
        }

        var more = item.EncodedBytes - new TableEntry(entry).Value.EncodedBytes;
        if (more > 0)
        {
            SplitFor(more);
            RoomFor((uint)hash, more);
            entry = Find(text, hash, out bucket, out _);
        }

        var old = new TableEntry(entry).Value;
        old.Release(_chunks);
        if (more != 0)
        {
            var handle = HandleOf(bucket);
            View(handle).ResizeValue(old.At, old.EncodedBytes, item.EncodedBytes);
            _root.Used += more;
        }

        item.Write(old.At, _chunks);
        _root.HasChains |= item.IsChained;
        if (more < 0)
            Trim(bucket, HandleOf(bucket));
        Settle(before);
        return TableChange.Replaced;
    }

    /// <summary>Gives a field a score, in a table of scores.</summary>
    public TableChange SetScore(ReadOnlySpan<byte> field, double score)
    {
        var text = new ItemText(field);
        var entry = Find(text, out var hash, out _, out _);
        if (entry != null)
        {
            Unsafe.WriteUnaligned(new TableEntry(entry).Value.At, score);
            return TableChange.Replaced;
        }

        var before = _chunks.Bytes;
        Unsafe.WriteUnaligned(Append(text, hash, TableBucket.ScoreBytes), score);
        Settle(before);
        return TableChange.Added;
    }

    /// <summary>Takes a field out.</summary>
    /// <returns>False where it was not there.</returns>
    public bool Remove(ReadOnlySpan<byte> field)
    {
        var entry = Find(new ItemText(field), out _, out var bucket, out var index);
        if (entry == null)
            return false;
        var before = _chunks.Bytes;
        RemoveAt(bucket, index, entry);
        if (_root.Count == 0)
            Clear();
        else
            Settle(before);
        return true;
    }

    /// <summary>Frees all of it; the root is then that of an empty table.</summary>
    public void Clear()
    {
        while (!ClearSome(int.MaxValue))
        {
        }
    }

    /// <summary>Frees a part, from the end: for tables that nobody reaches any more, so that no step is long.</summary>
    /// <param name="buckets">How many buckets to free at most.</param>
    /// <returns>Whether all is free, and the root that of an empty table.</returns>
    public bool ClearSome(int buckets)
    {
        var before = _chunks.Bytes;
        for (; _root.Buckets > 0 && buckets > 0; buckets--)
        {
            var handle = TableDirectory.Get(_chunks, _root, _root.Buckets - 1);
            if (handle != 0)
                FreeBucket(handle);
            TableDirectory.Shrink(_chunks, ref _root);
        }

        _root.Bytes += _chunks.Bytes - before;
        if (_root.Buckets > 0)
            return false;
        _root = new TableRoot { Shape = _root.Shape };
        return true;
    }

    /// <summary>Shows the visitor some more entries: at least so many, unless there are no more.</summary>
    /// <param name="cursor">0 to begin, then what was last returned; any number is taken.</param>
    /// <param name="count">About how many entries to show; they come by whole buckets.</param>
    /// <param name="visitor">What takes them.</param>
    /// <returns>The cursor to go on with; 0 when all were shown.</returns>
    /// <remarks>
    /// The cursor is a place in the order of the hashes' reversed bits, in which a bucket is an interval whatever the size of
    /// the table: what was there all the time is shown once, what came or went meanwhile may be.
    /// </remarks>
    public ulong Scan<TVisitor>(ulong cursor, int count, ref TVisitor visitor)
        where TVisitor : struct, ITableVisitor, allows ref struct
    {
        const ulong End = 1UL << 32;
        while (cursor < End && _root.Count > 0 && count > 0)
        {
            var bucket = Address(ReverseBits((uint)cursor));
            var start = ReverseBits(bucket);
            if (HandleOf(bucket) is not 0 and var handle)
            {
                var view = View(handle);
                var entry = view.First;
                for (var left = view.Count; left > 0; left--)
                {
                    if (start == cursor || ReverseBits((uint)new PackedItem(entry).Hash(_key, _chunks)) >= cursor)
                    {
                        visitor.Visit(new TableEntry(entry));
                        count--;
                    }

                    entry += view.EntryBytes(entry);
                }
            }

            cursor = start + (End >> SuffixBits(bucket));
        }

        return cursor < End && _root.Count > 0 ? cursor : 0;
    }

    /// <summary>Shows the visitor every entry.</summary>
    public void VisitAll<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, ITableVisitor, allows ref struct
    {
        foreach (var entry in this)
            visitor.Visit(entry);
    }

    /// <summary>All entries, in no order; the table must not change meanwhile.</summary>
    public TableEnumerator GetEnumerator() => new(_chunks, ref _root);

    /// <summary>Takes in what a range holds whose form this is: fields; fields and values in turn; or members, their scores as payloads.</summary>
    /// <remarks>The range keeps what it has, chains of chunks too: its owner releases it then.</remarks>
    public void AddAll(PackedItems items)
    {
        using var key = new ItemBytes(_chunks);
        using var value = new ItemBytes(_chunks);
        for (var position = 0; position < items.Length; position = items.Next(position))
        {
            var field = key.Of(items[position]);
            switch (_root.Shape)
            {
                case TableShape.Fields:
                    Add(field);
                    break;
                case TableShape.Values:
                    position = items.Next(position);
                    Set(field, value.Of(items[position]));
                    break;
                default:
                    SetScore(field, BitConverter.UInt64BitsToDouble(items.Payload(position)));
                    break;
            }
        }
    }

    internal uint Buckets => _root.Buckets;

    internal uint HandleOf(uint bucket) => TableDirectory.Get(_chunks, _root, bucket);

    internal TableBucket View(uint handle) => new(_chunks.Pointer(handle), _root.Shape);

    private byte* Find(in ItemText field, out ulong hash, out uint bucket, out int index)
    {
        hash = field.Hash(_key);
        return Find(field, hash, out bucket, out index);
    }

    private byte* Find(in ItemText field, ulong hash, out uint bucket, out int index)
    {
        (bucket, index) = (0, -1);
        if (_root.Buckets == 0)
            return null;
        bucket = Address((uint)hash);
        var handle = HandleOf(bucket);
        return handle == 0 ? null : View(handle).Find(TableBucket.TagOf(hash), field, _chunks, out index);
    }

    // Adds an entry that is not there; gives where its value of so many bytes is to be written.
    private byte* Append(in ItemText field, ulong hash, int valueBytes)
    {
        if (_root.Count == MaxCount)
            throw new InvalidOperationException($"A collection holds at most {MaxCount:N0} elements.");
        if (_root.Buckets == 0)
            TableDirectory.Grow(_chunks, ref _root);
        var bytes = field.EncodedBytes + valueBytes;
        SplitFor(bytes);
        var handle = RoomFor((uint)hash, 1 + bytes);
        var entry = View(handle).Append(TableBucket.TagOf(hash), bytes);
        field.Write(entry, _chunks);
        _root.HasChains |= field.IsChained;
        _root.Count++;
        _root.Used += 1 + bytes;
        return entry + field.EncodedBytes;
    }

    // Splits buckets where so many bytes more are too many for those there are.
    private void SplitFor(int bytes)
    {
        for (var splits = 0; splits < MaxSplits && _root.Used + bytes > (long)_root.Buckets * TargetBytes; splits++)
            Split();
    }

    // The bucket of a hash, with room for so many bytes more.
    private uint RoomFor(uint hash, int bytes)
    {
        while (true)
        {
            var bucket = Address(hash);
            var handle = HandleOf(bucket);
            if (handle == 0)
            {
                handle = _chunks.Allocate(TableBucket.HeaderBytes + bytes);
                TableDirectory.Set(_chunks, ref _root, bucket, handle);
                View(handle).Initialize();
                _root.Used += TableBucket.HeaderBytes;
                return handle;
            }

            var needed = View(handle).Used + bytes;
            if (needed <= _chunks.Capacity(handle))
                return handle;
            if (needed <= Chunks.MaxBytes)
            {
                _chunks.Resize(handle, needed);
                return handle;
            }

            if (!Split())
                throw new InvalidOperationException("A table's bucket is full, and the table is as large as it may be.");
        }
    }

    private void RemoveAt(uint bucket, int index, byte* entry)
    {
        var handle = HandleOf(bucket);
        var view = View(handle);
        var used = view.Used;
        view.Release(entry, _chunks);
        view.Remove(index, entry);
        _root.Used += view.Used - used;
        _root.Count--;
        Trim(bucket, handle);
        for (var merges = 0; merges < MaxMerges && _root.Buckets > 1 && _root.Used < (long)_root.Buckets * MergeBytes; merges++)
        {
            if (!Merge())
                return;
        }
    }

    // Gives back what a bucket has no use for: all when it is empty.
    private void Trim(uint bucket, uint handle)
    {
        var view = View(handle);
        if (view.Count == 0)
        {
            _chunks.Free(handle);
            TableDirectory.Set(_chunks, ref _root, bucket, 0);
            _root.Used -= TableBucket.HeaderBytes;
        }
        else if (ChunkSizes.IsWorthShrinking(_chunks.Capacity(handle), view.Used))
        {
            _chunks.Resize(handle, view.Used);
        }
    }

    // Adds a bucket, and moves to it what is its own from the one that it was part of.
    private bool Split()
    {
        if (_root.Buckets >= TableDirectory.MaxBuckets)
            return false;
        var added = _root.Buckets;
        var bit = 1U << BitOperations.Log2(added);
        var source = added - bit;
        TableDirectory.Grow(_chunks, ref _root);
        var handle = HandleOf(source);
        if (handle == 0)
            return true;

        // 1. Which entries move, and how many bytes that is.
        var view = View(handle);
        var count = view.Count;
        Span<ulong> moves = stackalloc ulong[(count + 63) / 64];
        moves.Clear();
        var (moving, bytes) = (0, 0);
        var entry = view.First;
        for (var i = 0; i < count; i++)
        {
            var entryBytes = view.EntryBytes(entry);
            if (((uint)new PackedItem(entry).Hash(_key, _chunks) & bit) != 0)
            {
                moves[i / 64] |= 1UL << (i % 64);
                moving++;
                bytes += entryBytes;
            }

            entry += entryBytes;
        }

        if (moving == 0)
            return true;
        if (moving == count)
        {
            TableDirectory.Set(_chunks, ref _root, added, handle);
            TableDirectory.Set(_chunks, ref _root, source, 0);
            return true;
        }

        // 2. They move, and the others close up.
        var target = _chunks.Allocate(TableBucket.HeaderBytes + moving + bytes);
        TableDirectory.Set(_chunks, ref _root, added, target);
        view.MoveTo(View(target), moves, moving);
        _root.Used += TableBucket.HeaderBytes;
        Trim(source, handle);
        return true;
    }

    // Takes the last bucket away: what it holds goes back to the one that it was split from.
    private bool Merge()
    {
        var last = _root.Buckets - 1;
        var target = last - (1U << BitOperations.Log2(last));
        var (from, to) = (HandleOf(last), HandleOf(target));
        if (from != 0 && to != 0)
        {
            var (moved, kept) = (View(from), View(to));
            var used = kept.Used + moved.Used - TableBucket.HeaderBytes;
            if (used > Chunks.MaxBytes)
                return false;
            if (used > _chunks.Capacity(to))
                _chunks.Resize(to, used);
            View(to).Take(moved);
            _chunks.Free(from);
            _root.Used -= TableBucket.HeaderBytes;
        }
        else if (from != 0)
        {
            TableDirectory.Set(_chunks, ref _root, target, from);
        }

        TableDirectory.Shrink(_chunks, ref _root);
        return true;
    }

    private void FreeBucket(uint handle)
    {
        if (_root.HasChains)
        {
            var view = View(handle);
            var entry = view.First;
            for (var left = view.Count; left > 0; left--)
            {
                view.Release(entry, _chunks);
                entry += view.EntryBytes(entry);
            }
        }

        _chunks.Free(handle);
    }

    private void Settle(long before) => _root.Bytes += _chunks.Bytes - before;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Address(uint hash)
    {
        // The round's mask, or the next one's where the bucket is split already.
        var mask = (uint)((2UL << BitOperations.Log2(_root.Buckets)) - 1);
        var bucket = hash & mask;
        return bucket < _root.Buckets ? bucket : bucket & (mask >> 1);
    }

    private int SuffixBits(uint bucket)
    {
        var bits = BitOperations.Log2(_root.Buckets);
        var split = _root.Buckets - (1U << bits);
        return bucket < split || bucket >= 1U << bits ? bits + 1 : bits;
    }

    private static uint ReverseBits(uint value)
    {
        value = ((value >> 1) & 0x55555555) | ((value & 0x55555555) << 1);
        value = ((value >> 2) & 0x33333333) | ((value & 0x33333333) << 2);
        value = ((value >> 4) & 0x0F0F0F0F) | ((value & 0x0F0F0F0F) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }
}
