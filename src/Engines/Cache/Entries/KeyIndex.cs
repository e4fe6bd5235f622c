using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Groundwork.Cache.Memory;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Cache.Entries;

/// <summary>
/// Where a shard's entries are: a hash table whose buckets are cache lines, and which grows and shrinks by one bucket at a time.
/// </summary>
/// <remarks>
/// <para>Linear hashing (W. Litwin, VLDB 1980): with 2^L to 2^(L+1) buckets, a hash belongs to the bucket that its low L bits name,
/// or L + 1 bits where that bucket was split already. So no request ever waits for a table to be copied, and no second table
/// stands beside the first. A bucket is 64 bytes: 8 of header (its kind, and the block of the bucket it overflowed to) and 7
/// slots of 8 bytes.</para>
/// <para>A slot: the entry's block (32 bits; 0 is an empty slot, and all slots after it in its chain are empty), what is known
/// about its use (24 bits, the policy's), whether it expires (1 bit), and a tag of its hash (7 bits). The use lies here and not in
/// the entry, so that a search for a victim looks at seven in one cache line.</para>
/// <para>A slot's address is good until an entry is added or removed. Not thread-safe: under the shard's lock. Long for a
/// file: every operation walks the same chains, and their layout is nobody else's business.</para>
/// </remarks>
internal sealed unsafe class KeyIndex : IDisposable
{
    /// <summary>The size of a bucket.</summary>
    public const int BucketBytes = 64;

    /// <summary>Slots of a bucket.</summary>
    public const int SlotsPerBucket = 7;

    /// <summary>The number of bits that say how an entry was used.</summary>
    public const int UseBits = 24;

    private const int BucketsPerPage = PagePool.PageBytes / BucketBytes;
    private const int UseShift = 32;
    private const ulong UseMask = ((1ul << UseBits) - 1) << UseShift;
    private const ulong ExpiresBit = 1ul << 56;
    private const int TagShift = 57;

    // On average; the rest is for the uneven. More of them would be found in overflow buckets.
    private const int MeanEntries = 5;

    private readonly Heap _heap;
    private readonly PagePool _pool;
    private readonly ulong _seed;
    private readonly List<nint> _formerPages = [];
    private byte** _pages;
    private int _pageCapacity;
    private long _pageBytes;
    private uint _buckets;
    private int _level;

    public KeyIndex(Heap heap, PagePool pool, ulong seed)
    {
        (_heap, _pool, _seed) = (heap, pool, seed);
        Begin();
    }

    /// <summary>How many entries there are.</summary>
    public long Count { get; private set; }

    /// <summary>How many buckets there are, without those that overflowed.</summary>
    public uint Buckets => _buckets;

    /// <summary>Whether this processor is told what to fetch; where it is not, looking ahead would only cost.</summary>
    public static bool CanFetch => Sse.IsSupported;

    /// <summary>The entry's block.</summary>
    public static uint BlockOf(ulong slot) => (uint)slot;

    /// <summary>What is known about the entry's use, 24 bits.</summary>
    public static uint UseOf(ulong slot) => (uint)((slot & UseMask) >> UseShift);

    /// <summary>Whether the entry expires.</summary>
    public static bool Expires(ulong slot) => (slot & ExpiresBit) != 0;

    /// <summary>Writes down how the entry was used.</summary>
    public static void SetUse(ulong* slot, uint use) => *slot = (*slot & ~UseMask) | ((ulong)use << UseShift);

    /// <summary>Points a slot at another block.</summary>
    public static void SetBlock(ulong* slot, uint block, bool expires) =>
        *slot = (*slot & ~(ExpiresBit | uint.MaxValue)) | block | (expires ? ExpiresBit : 0);

    /// <summary>The hash of a key in a database.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong HashOf(int database, ReadOnlySpan<byte> key) => WyHash.Hash(key, _seed + (uint)database);

    /// <summary>The slot of a key; null where there is none.</summary>
    public ulong* Find(ulong hash, int database, ReadOnlySpan<byte> key)
    {
        var tag = hash >> TagShift;
        for (var bucket = BucketOf(hash); ;)
        {
            var slots = (ulong*)bucket + 1;
            for (var i = 0; i < SlotsPerBucket; i++)
            {
                var slot = slots[i];
                if (slot >> TagShift == tag && (uint)slot != 0 && Entry.Is((Entry*)_heap.Address((uint)slot), database, key))
                    return slots + i;
            }

            var next = Overflow(bucket);
            if (next == 0)
                return null;
            bucket = _heap.Address(next);
        }
    }

    /// <summary>
    /// Begins to fetch the bucket of a hash into the processor's cache. Without the lock: it may be another's by the time that it is there.
    /// </summary>
    /// <returns>The bucket, for <see cref="FetchEntry"/>.</returns>
    public byte* FetchBucket(ulong hash)
    {
        // The table of pages last: it only grows, and one that was larger than before is kept, so that it has room for any number read here.
        var (level, buckets) = (Volatile.Read(ref _level), Volatile.Read(ref _buckets));
        var number = (uint)hash & ((2u << level) - 1);
        if (number >= buckets)
            number &= (1u << level) - 1;
        var bucket = Bucket(number);
        Prefetch(bucket);
        return bucket;
    }

    /// <summary>Begins to fetch the entry that a bucket seems to have for a hash. Without the lock, as <see cref="FetchBucket"/>.</summary>
    public void FetchEntry(byte* bucket, ulong hash)
    {
        var tag = hash >> TagShift;
        var slots = (ulong*)bucket + 1;
        for (var i = 0; i < SlotsPerBucket; i++)
        {
            if (slots[i] >> TagShift == tag && (uint)slots[i] != 0)
            {
                Prefetch(_heap.Guess((uint)slots[i]));
                return;
            }
        }
    }

    /// <summary>Sets the use of every entry.</summary>
    public void SetAllUses(uint use)
    {
        for (var number = 0u; number < _buckets; number++)
        {
            for (var bucket = Bucket(number); ; bucket = _heap.Address(Overflow(bucket)))
            {
                for (var i = 1; i <= SlotsPerBucket && (uint)((ulong*)bucket)[i] != 0; i++)
                    SetUse((ulong*)bucket + i, use);
                if (Overflow(bucket) == 0)
                    break;
            }
        }
    }

    /// <summary>Adds an entry whose key is not there.</summary>
    /// <returns>Its slot.</returns>
    public ulong* Add(ulong hash, uint block, bool expires, uint use)
    {
        Count++;
        if (Count > (long)_buckets * MeanEntries)
            Split();
        return Append(BucketOf(hash), Slot(hash, block, expires, use));
    }

    /// <summary>Takes an entry out; its block is the caller's.</summary>
    public void Remove(ulong hash, ulong* slot)
    {
        Count--;
        Take(BucketOf(hash), slot);
        if (Count < (long)_buckets * MeanEntries / 2 && _buckets > BucketsPerPage)
            Merge();
    }

    /// <summary>The slot that points at a block.</summary>
    public ulong* SlotOf(ulong hash, uint block)
    {
        for (var bucket = BucketOf(hash); ; bucket = _heap.Address(Overflow(bucket)))
        {
            var slots = (ulong*)bucket + 1;
            for (var i = 0; i < SlotsPerBucket; i++)
            {
                if ((uint)slots[i] == block)
                    return slots + i;
            }

            Trace.Assert(Overflow(bucket) != 0, "Every entry has a slot.");
        }
    }

    /// <summary>A bucket that overflowed has moved.</summary>
    public void BucketMoved(uint from, uint to, byte* bucket)
    {
        var before = BucketOf(HashOf((Entry*)_heap.Address((uint)((ulong*)bucket)[1])));
        while (Overflow(before) != from)
            before = _heap.Address(Overflow(before));
        Overflow(before) = to;
    }

    /// <summary>Copies the slots of a bucket and of those that it overflowed to.</summary>
    /// <returns>How many there are; those that find no room are left out.</returns>
    public int Slots(uint number, Span<ulong> slots)
    {
        var count = 0;
        for (var bucket = Bucket(number); ; bucket = _heap.Address(Overflow(bucket)))
        {
            for (var i = 1; i <= SlotsPerBucket && count < slots.Length && (uint)((ulong*)bucket)[i] != 0; i++)
                slots[count++] = ((ulong*)bucket)[i];
            if (Overflow(bucket) == 0)
                return count;
        }
    }

    /// <summary>
    /// Shows the entries of one bucket, and says where to go on: an iteration that shows every entry at least once that is there
    /// from its beginning to its end, however much is added and removed meanwhile.
    /// </summary>
    /// <remarks>The cursor counts in bits that are mirrored, so that a bucket and those it is split into follow one another
    /// (P. Noordhuis's order for tables of powers of two, which the buckets of linear hashing keep as well).</remarks>
    /// <param name="cursor">0 to begin.</param>
    /// <param name="visit">Shown each entry's block; must not add or remove.</param>
    /// <returns>0 at the end.</returns>
    public uint Scan(uint cursor, Action<uint> visit)
    {
        var number = Address(cursor);
        for (var bucket = Bucket(number); ; bucket = _heap.Address(Overflow(bucket)))
        {
            for (var i = 1; i <= SlotsPerBucket && (uint)((ulong*)bucket)[i] != 0; i++)
                visit((uint)((ulong*)bucket)[i]);
            if (Overflow(bucket) == 0)
                break;
        }

        // The bits that name this bucket; those above are all ones, so that adding one carries into them.
        var bits = number >= (1u << _level) || number < _buckets - (1u << _level) ? _level + 1 : _level;
        cursor |= uint.MaxValue << bits;
        return Mirrored(Mirrored(cursor) + 1);
    }

    /// <summary>The hash of an entry's key.</summary>
    public ulong HashOf(Entry* entry) => HashOf(entry->Database, Entry.KeySpan(entry));

    /// <summary>Forgets all entries, whose blocks are gone.</summary>
    public void Clear()
    {
        ReturnPages();
        Begin();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ReturnPages();
        _pool.Account(-_pageBytes);
        _pageBytes = 0;
        foreach (var former in _formerPages)
            NativeMemory.Free((void*)former);
        _formerPages.Clear();
        NativeMemory.Free(_pages);
        _pages = null;
        _pageCapacity = 0;
    }

    // Never faults, wherever it points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    private static ulong Slot(ulong hash, uint block, bool expires, uint use) =>
        ((hash >> TagShift) << TagShift) | (expires ? ExpiresBit : 0) | ((ulong)use << UseShift) | block;

    private static ref uint Overflow(byte* bucket) => ref *(uint*)(bucket + 4);

    private static uint Mirrored(uint value)
    {
        value = ((value >> 1) & 0x55555555) | ((value & 0x55555555) << 1);
        value = ((value >> 2) & 0x33333333) | ((value & 0x33333333) << 2);
        value = ((value >> 4) & 0x0F0F0F0F) | ((value & 0x0F0F0F0F) << 4);
        return System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Address(uint hash)
    {
        var number = hash & ((2u << _level) - 1);
        return number < _buckets ? number : number & ((1u << _level) - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* BucketOf(ulong hash) => Bucket(Address((uint)hash));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Bucket(uint number) => _pages[number / BucketsPerPage] + (number % BucketsPerPage * BucketBytes);

    private ulong* Append(byte* bucket, ulong value)
    {
        while (true)
        {
            var slots = (ulong*)bucket + 1;
            for (var i = 0; i < SlotsPerBucket; i++)
            {
                if ((uint)slots[i] == 0)
                {
                    slots[i] = value;
                    return slots + i;
                }
            }

            if (Overflow(bucket) == 0)
            {
                var block = _heap.Allocate(BucketBytes, BlockKind.Bucket);
                new Span<byte>(_heap.Address(block) + 1, BucketBytes - 1).Clear();
                Overflow(bucket) = block;
            }

            bucket = _heap.Address(Overflow(bucket));
        }
    }

    // The chain's last slot takes the place of the one that goes.
    private void Take(byte* bucket, ulong* slot)
    {
        byte* before = null;
        while (Overflow(bucket) != 0)
        {
            before = bucket;
            bucket = _heap.Address(Overflow(bucket));
        }

        var slots = (ulong*)bucket + 1;
        var last = SlotsPerBucket - 1;
        while ((uint)slots[last] == 0)
            last--;
        *slot = slots[last];
        slots[last] = 0;
        if (last == 0 && before is not null)
        {
            _heap.Free(Overflow(before));
            Overflow(before) = 0;
        }
    }

    private void Split()
    {
        var number = _buckets;
        if (number % BucketsPerPage == 0)
            AddPage();
        var old = number & ((1u << _level) - 1);
        _buckets++;
        var moved = Bucket(number);
        new Span<byte>(moved, BucketBytes).Clear();
        var level = _level;
        if (_buckets == 2u << _level)
            _level++;

        // What stays closes up at the front of the chain; what goes is appended to the new bucket.
        Redistribute(Bucket(old), moved, 1u << level);
    }

    private void Redistribute(byte* source, byte* target, uint bit)
    {
        var write = source;
        var writeAt = 0;
        byte* lastKept = null;
        for (var read = source; ; read = _heap.Address(Overflow(read)))
        {
            var slots = (ulong*)read + 1;
            for (var i = 0; i < SlotsPerBucket && (uint)slots[i] != 0; i++)
            {
                var value = slots[i];
                slots[i] = 0;
                if (((uint)HashOf((Entry*)_heap.Address((uint)value)) & bit) != 0)
                {
                    Append(target, value);
                    continue;
                }

                if (writeAt == SlotsPerBucket)
                {
                    write = _heap.Address(Overflow(write));
                    writeAt = 0;
                }

                ((ulong*)write)[1 + writeAt++] = value;
                lastKept = write;
            }

            if (Overflow(read) == 0)
                break;
        }

        FreeChain(ref Overflow(lastKept is null ? source : lastKept));
    }

    private void Merge()
    {
        var number = _buckets - 1;
        if (number < 1u << _level)
            _level--;
        _buckets--;
        var source = Bucket(number);
        var target = Bucket(number & ((1u << _level) - 1));
        for (var read = source; ; read = _heap.Address(Overflow(read)))
        {
            for (var i = 1; i <= SlotsPerBucket && (uint)((ulong*)read)[i] != 0; i++)
                Append(target, ((ulong*)read)[i]);
            if (Overflow(read) == 0)
                break;
        }

        FreeChain(ref Overflow(source));
        if (number % BucketsPerPage == 0)
            _pool.Return(_pages[number / BucketsPerPage]);
    }

    private void FreeChain(ref uint first)
    {
        for (var block = first; block != 0;)
        {
            var next = Overflow(_heap.Address(block));
            _heap.Free(block);
            block = next;
        }

        first = 0;
    }

    private void AddPage()
    {
        var page = (int)(_buckets / BucketsPerPage);
        if (page == _pageCapacity)
        {
            var capacity = Math.Max(16, _pageCapacity * 2);
            var pages = (byte**)NativeMemory.Alloc((nuint)capacity * (nuint)sizeof(byte*));
            new ReadOnlySpan<nint>(_pages, page).CopyTo(new Span<nint>(pages, page));

            // Who fetches without the lock may still look at the old one.
            if (_pages is not null)
                _formerPages.Add((nint)_pages);
            _pool.Account((long)capacity * sizeof(byte*));
            _pages = pages;
            _pageBytes += (long)capacity * sizeof(byte*);
            _pageCapacity = capacity;
            Interlocked.MemoryBarrier();
        }

        _pages[page] = _pool.Take();
    }

    // A page of buckets from the start: they are never fewer.
    private void Begin()
    {
        (_buckets, _level, Count) = (0, BitOperations.Log2(BucketsPerPage), 0);
        AddPage();
        new Span<byte>(_pages[0], PagePool.PageBytes).Clear();
        _buckets = BucketsPerPage;
    }

    private void ReturnPages()
    {
        for (var page = 0u; page * BucketsPerPage < _buckets; page++)
            _pool.Return(_pages[page]);
    }
}
