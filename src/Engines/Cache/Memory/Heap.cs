using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Groundwork.Cache.Memory;

/// <summary>
/// The blocks of one shard, cut from pages of one size class each.
/// </summary>
/// <remarks>
/// <para>A block is named by a <c>uint</c>: the page's number (22 bits) and its place in the page (10 bits, in units of 16 bytes), so
/// a shard holds up to 64 GiB. 0 names none. Its first byte is its <see cref="BlockKind"/>; a free block's bytes 2 and 3 name the next
/// free one of its page.</para>
/// <para>Slabs and not a log: where entries of like sizes come and go, a place that one leaves is the next one's, and nothing is
/// moved. A log would have to copy nine bytes for every one written to keep a tenth free.</para>
/// <para>Pages of a class lie in four bands by how full they are. Blocks are taken from the fullest, so that sparse pages drain;
/// <see cref="TryEvacuate"/> moves the rest of the sparsest page into the others and gives it back. What a class wastes is so
/// bounded by about a page or, between calls of <see cref="Tidy"/>, an eighth of it.</para>
/// <para>Invariant: <see cref="Allocate"/> and <see cref="Free"/> move nothing, so addresses stay good until their own block is
/// freed or <see cref="TryEvacuate"/> or <see cref="Tidy"/> is called, which happens only between commands. Not thread-safe: all
/// of it under the shard's lock.</para>
/// </remarks>
internal sealed unsafe class Heap : IDisposable
{
    private const int PlaceBits = 10;
    private const uint PlaceMask = (1u << PlaceBits) - 1;
    // The last ones are left out: timers have other uses for their names.
    private const int MaxPages = (1 << 22) - 4;
    private const int Bands = 4;
    private const byte FullBand = Bands;
    private const byte NoBand = Bands + 1;

    private readonly PagePool _pool;
    private readonly ClassState[] _classes = new ClassState[SizeClasses.Count];
    private readonly List<nint> _formerPages = [];
    private Page* _pages;
    private long _tableBytes;
    private uint _pageCapacity;
    private uint _pageCount = 1;
    private uint _unusedPage;

    /// <param name="pool">Where pages come from.</param>
    public Heap(PagePool pool)
    {
        _pool = pool;
        Grow(16);
    }

    /// <summary>Told of moves; set by whoever points at the blocks.</summary>
    public IMoves? Moves { get; set; }

    /// <summary>The bytes of all pages.</summary>
    public long PageBytes { get; private set; }

    /// <summary>The bytes of all blocks in use, each with what its class rounds it up to.</summary>
    public long BlockBytes { get; private set; }

    /// <summary>How many blocks were moved so far.</summary>
    public long Evacuated { get; private set; }

    /// <summary>Takes a block of at least so many bytes, 1 to <see cref="SizeClasses.MaxBytes"/>; its content but for the kind is undefined.</summary>
    public uint Allocate(int bytes, BlockKind kind)
    {
        Trace.Assert(bytes is > 0 and <= SizeClasses.MaxBytes, "A block is at most a page.");
        var sizeClass = SizeClasses.Of(bytes);
        return AllocateIn(sizeClass, kind);
    }

    /// <summary>Where a block is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Address(uint block) => _pages[block >> PlaceBits].Start + ((block & PlaceMask) * SizeClasses.Grain);

    /// <summary>Where a block may be that somebody saw without the lock: to be fetched early, and never to be read.</summary>
    public byte* Guess(uint block)
    {
        var page = block >> PlaceBits;
        return page < Volatile.Read(ref _pageCapacity) ? _pages[page].Start + ((block & PlaceMask) * SizeClasses.Grain) : null;
    }

    /// <summary>How many bytes a block has.</summary>
    public int SizeOf(uint block) => SizeClasses.BytesOf(_pages[block >> PlaceBits].Class);

    /// <summary>Gives a block back.</summary>
    public void Free(uint block)
    {
        var number = block >> PlaceBits;
        ref var page = ref _pages[number];
        var address = Address(block);
        Trace.Assert(address[0] != (byte)BlockKind.Free, "A block is freed once.");
        address[0] = (byte)BlockKind.Free;
        *(ushort*)(address + 2) = page.FirstFree;
        page.FirstFree = (ushort)((block & PlaceMask) + 1);
        page.Live--;
        ref var state = ref _classes[page.Class];
        state.Free++;
        BlockBytes -= SizeClasses.BytesOf(page.Class);
        if (page.Live == 0)
            GiveBack(number);
        else
            Rank(number);
    }

    /// <summary>Gives one page back by moving what is left in it, where another page of its class has the room.</summary>
    /// <returns>False where no class has a page's worth of free blocks.</returns>
    public bool TryEvacuate()
    {
        var best = 0u;
        var bestLive = 1.0;
        for (var c = 0; c < _classes.Length; c++)
        {
            if (_classes[c].Free < SizeClasses.BlocksOf(c))
                continue;
            var candidate = Sparsest(c);
            var live = (double)_pages[candidate].Live / SizeClasses.BlocksOf(c);
            if (live < bestLive)
                (best, bestLive) = (candidate, live);
        }

        if (best == 0)
            return false;
        Evacuate(best);
        return true;
    }

    /// <summary>Evacuates sparse pages of classes that have more than an eighth free, and more than a page of it.</summary>
    /// <param name="budget">How many blocks may be moved at most, roughly.</param>
    /// <returns>False where there is nothing left to do.</returns>
    public bool Tidy(int budget)
    {
        for (var c = 0; c < _classes.Length; c++)
        {
            var blocks = SizeClasses.BlocksOf(c);
            while (_classes[c].Free >= 2 * blocks && _classes[c].Free > _classes[c].Pages * blocks / 8)
            {
                if (budget <= 0)
                    return true;
                var page = Sparsest(c);
                budget -= _pages[page].Live;
                Evacuate(page);
            }
        }

        return false;
    }

    /// <summary>Visits every block in use, page by page; <paramref name="visit"/> may free the block that it is shown.</summary>
    public void ForEach(BlockKind kind, Action<uint> visit)
    {
        for (var number = 1u; number < _pageCount; number++)
        {
            if (_pages[number].Start is null)
                continue;
            var grains = (uint)(SizeClasses.BytesOf(_pages[number].Class) / SizeClasses.Grain);
            var used = _pages[number].Fresh;
            for (uint i = 0, place = 0; i < used && _pages[number].Start is not null; i++, place += grains)
            {
                var block = (number << PlaceBits) | place;
                if (*Address(block) == (byte)kind)
                    visit(block);
            }
        }
    }

    /// <summary>Gives all pages back.</summary>
    public void Clear()
    {
        for (var number = 1u; number < _pageCount; number++)
        {
            if (_pages[number].Start is not null)
                _pool.Return(_pages[number].Start);
        }

        Array.Clear(_classes);
        (_pageCount, _unusedPage, PageBytes, BlockBytes) = (1, 0, 0, 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Clear();
        _pool.Account(-_tableBytes);
        _tableBytes = 0;
        foreach (var former in _formerPages)
            NativeMemory.Free((void*)former);
        _formerPages.Clear();
        NativeMemory.Free(_pages);
        _pages = null;
        _pageCapacity = 0;
    }

    private uint AllocateIn(int sizeClass, BlockKind kind)
    {
        ref var state = ref _classes[sizeClass];
        var number = state.Band3 != 0 ? state.Band3 : state.Band2 != 0 ? state.Band2 : state.Band1 != 0 ? state.Band1 : state.Band0;
        if (number == 0)
            number = AddPage(sizeClass);
        ref var page = ref _pages[number];
        uint place;
        if (page.FirstFree != 0)
        {
            place = page.FirstFree - 1u;
            page.FirstFree = *(ushort*)(page.Start + (place * SizeClasses.Grain) + 2);
        }
        else
        {
            place = (uint)(page.Fresh++ * (SizeClasses.BytesOf(sizeClass) / SizeClasses.Grain));
        }

        page.Live++;
        state.Free--;
        BlockBytes += SizeClasses.BytesOf(sizeClass);
        Rank(number);
        page.Start[place * SizeClasses.Grain] = (byte)kind;
        return (number << PlaceBits) | place;
    }

    private void Evacuate(uint number)
    {
        var page = _pages[number];
        Unlink(number);
        _pages[number].Band = NoBand;

        // Its own free blocks are no room for the others.
        ref var state = ref _classes[page.Class];
        var blocks = SizeClasses.BlocksOf(page.Class);
        state.Free -= blocks - page.Live;
        var bytes = SizeClasses.BytesOf(page.Class);
        for (var (i, left) = (0, (int)page.Live); left > 0; i++)
        {
            var address = page.Start + (i * bytes);
            var kind = (BlockKind)address[0];
            if (kind == BlockKind.Free)
                continue;
            left--;
            var to = AllocateIn(page.Class, kind);
            var target = Address(to);
            Buffer.MemoryCopy(address, target, bytes, bytes);
            Moves!.Moved(kind, (number << PlaceBits) | (uint)(i * (bytes / SizeClasses.Grain)), to, target);
            Evacuated++;
        }

        BlockBytes -= (long)page.Live * bytes;
        Forget(number);
    }

    private void GiveBack(uint number)
    {
        Unlink(number);
        _classes[_pages[number].Class].Free -= SizeClasses.BlocksOf(_pages[number].Class);
        Forget(number);
    }

    private void Forget(uint number)
    {
        ref var page = ref _pages[number];
        _classes[page.Class].Pages--;
        _pool.Return(page.Start);
        PageBytes -= PagePool.PageBytes;
        page.Start = null;
        page.Next = _unusedPage;
        _unusedPage = number;
    }

    private uint AddPage(int sizeClass)
    {
        var number = _unusedPage;
        if (number != 0)
        {
            _unusedPage = _pages[number].Next;
        }
        else
        {
            if (_pageCount == _pageCapacity)
                Grow(_pageCapacity * 2);
            number = _pageCount++;
        }

        _pages[number] = new Page { Start = _pool.Take(), Class = (byte)sizeClass, Band = NoBand };
        PageBytes += PagePool.PageBytes;
        _classes[sizeClass].Free += SizeClasses.BlocksOf(sizeClass);
        _classes[sizeClass].Pages++;
        Rank(number);
        return number;
    }

    // A class with a page's worth of free blocks has a page that is not full.
    private uint Sparsest(int sizeClass)
    {
        ref var state = ref _classes[sizeClass];
        return state.Band0 != 0 ? state.Band0 : state.Band1 != 0 ? state.Band1 : state.Band2 != 0 ? state.Band2 : state.Band3;
    }

    private void Rank(uint number)
    {
        ref var page = ref _pages[number];
        var blocks = SizeClasses.BlocksOf(page.Class);
        var band = page.Live == blocks ? FullBand : (byte)(page.Live * Bands / blocks);
        if (band == page.Band)
            return;
        Unlink(number);
        page.Band = band;
        page.Previous = 0;
        if (band == FullBand)
            return;
        ref var first = ref _classes[page.Class].First(band);
        page.Next = first;
        if (first != 0)
            _pages[first].Previous = number;
        first = number;
    }

    private void Unlink(uint number)
    {
        ref var page = ref _pages[number];
        if (page.Band >= FullBand)
            return;
        if (page.Previous == 0)
            _classes[page.Class].First(page.Band) = page.Next;
        else
            _pages[page.Previous].Next = page.Next;
        if (page.Next != 0)
            _pages[page.Next].Previous = page.Previous;
    }

    private void Grow(uint capacity)
    {
        if (capacity > MaxPages)
            throw new InsufficientMemoryException($"A shard of the cache holds at most {(long)MaxPages * PagePool.PageBytes >> 30} GiB. Set more shards (Cache:Shards).");
        var pages = (Page*)NativeMemory.Alloc(capacity * (nuint)sizeof(Page));
        new ReadOnlySpan<Page>(_pages, (int)_pageCapacity).CopyTo(new Span<Page>(pages, (int)capacity));
        _tableBytes += (long)capacity * sizeof(Page);
        _pool.Account((long)capacity * sizeof(Page));

        // Who guesses without the lock may still look at the old one, and must see the new one before its size.
        if (_pages is not null)
            _formerPages.Add((nint)_pages);
        _pages = pages;
        Volatile.Write(ref _pageCapacity, capacity);
    }

    /// <summary>What is known of a page; 24 bytes.</summary>
    private struct Page
    {
        public byte* Start;
        public uint Next;
        public uint Previous;
        public ushort Live;
        public ushort Fresh;

        /// <summary>The place of the first free block that was in use before, plus 1.</summary>
        public ushort FirstFree;
        public byte Class;
        public byte Band;
    }

    private struct ClassState
    {
        public long Free;
        public long Pages;
        public uint Band0;
        public uint Band1;
        public uint Band2;
        public uint Band3;

        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public ref uint First(int band) => ref Unsafe.Add(ref Band0, band);
    }
}
