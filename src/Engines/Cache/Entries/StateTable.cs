using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Groundwork.Cache.Memory;

namespace Groundwork.Cache.Entries;

/// <summary>A small state under a name, half a cache line of it.</summary>
internal unsafe struct StateSlot
{
    /// <summary>The most bytes of a state.</summary>
    public const int MaxBytes = 16;

    /// <summary>Its name's hash; 0 where there is nobody, and never was since its page was filled.</summary>
    public ulong Hash;

    /// <summary>More of its name's hash, so that two names are one by a chance of 2⁻⁹⁵.</summary>
    public uint More;

    /// <summary>Up to which Unix second it says something; 0 where its place is free.</summary>
    public uint Until;

    /// <summary>The state.</summary>
    public fixed byte State[MaxBytes];
}

/// <summary>
/// Small states of a shard that end by themselves, found with one access to memory: no index, no key, no block of their own.
/// </summary>
/// <remarks>
/// <para>Extendible hashing (Fagin et al., TODS 1979): bits of the hash name the page, others the slot in it, from which it is looked for until an empty
/// one. A page that is full loses those whose time is over, or splits; two that are together less than half full become one. So no request waits for
/// more than a page, and memory is taken and given back by pages.</para>
/// <para>A name is known by 95 bits of its hash, by secrets of the process: whom a chance makes one is counted as one. A slot's address is good until
/// another is added or the table is tidied. Not thread-safe: under the shard's lock.</para>
/// </remarks>
internal sealed unsafe class StateTable(PagePool pool) : IDisposable
{
    private const int SlotBits = 9;
    private const uint SlotMask = (1 << SlotBits) - 1;

    // A name's first place is the first of a cache line, so that two are seen with one access.
    private const uint HomeMask = SlotMask - 1;

    // More would be looked for too long.
    private const int MaxUsed = 400;

    // A hash has its highest bit set, so that it is neither 0 nor this, which stands in the first slot of a page: there lies its Header.
    private const ulong HashBit = 1ul << 63;
    private const ulong HeaderMark = 1;

    private nint[] _directory = [];
    private int _depth;
    private uint _tidied;

    /// <summary>How many states there are, with those whose time is over and that nobody has come across yet.</summary>
    public long Count { get; private set; }

    /// <summary>The bytes of its pages.</summary>
    public long PageBytes { get; private set; }

    /// <summary>The state of a name; null where there is none, or its time is over.</summary>
    /// <param name="hash">The name's hash.</param>
    /// <param name="more">More of it.</param>
    /// <param name="now">Unix seconds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public StateSlot* Find(ulong hash, uint more, uint now)
    {
        if (_directory.Length == 0)
            return null;
        hash |= HashBit;
        var page = PageOf(hash);
        for (var i = (uint)hash & HomeMask; ; i = (i + 1) & SlotMask)
        {
            var slot = page + i;
            if (slot->Hash == hash && slot->More == more)
                return slot->Until > now ? slot : null;
            if (slot->Hash == 0)
                return null;
        }
    }

    /// <summary>Has a name's place fetched that will be looked at soon. No lock is needed: what it sees may be old, and is not read.</summary>
    public void Fetch(ulong hash)
    {
        var directory = _directory;
        if (directory.Length > 0 && Sse.IsSupported)
            Sse.Prefetch0((StateSlot*)directory[(uint)((hash | HashBit) >> SlotBits) & ((uint)directory.Length - 1)] + ((uint)hash & HomeMask));
    }

    /// <summary>Whether a name can be added without another page, once those are gone whose time is over.</summary>
    public bool Fits(ulong hash, uint now)
    {
        hash |= HashBit;
        if (_directory.Length == 0)
            return false;
        var page = PageOf(hash);
        if (HeaderOf(page)->Used < MaxUsed)
            return true;
        Clean(page, now);
        return HeaderOf(page)->Used < MaxUsed * 7 / 8;
    }

    /// <summary>Adds a name that <see cref="Find"/> did not find; takes a page, or several, where it does not fit.</summary>
    /// <returns>Its place, whose state is undefined.</returns>
    public StateSlot* Add(ulong hash, uint more, uint until, uint now)
    {
        while (!Fits(hash, now))
            Grow(hash);
        hash |= HashBit;
        var page = PageOf(hash);
        var slot = PlaceFor(page, hash, more);
        if (slot->Hash == 0)
            HeaderOf(page)->Used++;
        if (slot->Until == 0)
            Count++;
        (slot->Hash, slot->More, slot->Until) = (hash, more, until);
        return slot;
    }

    /// <summary>Removes a state.</summary>
    public void Remove(StateSlot* slot)
    {
        slot->Until = 0;
        Count--;
    }

    /// <summary>Looks through one page: those go whose time is over, and a page that is not needed is given back.</summary>
    public void Tidy(uint now)
    {
        if (_directory.Length == 0)
            return;
        var index = _tidied++ & ((uint)_directory.Length - 1);
        var page = (StateSlot*)_directory[index];
        var header = HeaderOf(page);
        if (index >> header->Depth != 0)
            return; // another name of a page that has had its turn

        Clean(page, now);
        if (header->Depth > 0)
            Join(index, page);
        else if (header->Used == 0)
            Clear();
    }

    /// <summary>Removes all.</summary>
    public void Clear()
    {
        for (var i = 0u; i < _directory.Length; i++)
        {
            var page = (StateSlot*)_directory[i];
            if (i >> HeaderOf(page)->Depth == 0)
                GiveBack(page);
        }

        pool.Account(-_directory.Length * sizeof(nint));
        (_directory, _depth, _tidied, Count) = ([], 0, 0, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private static Header* HeaderOf(StateSlot* page) => (Header*)page->State;

    private StateSlot* PageOf(ulong hash) => (StateSlot*)_directory[(uint)(hash >> SlotBits) & ((uint)_directory.Length - 1)];

    // Its own place from before, the first whose time was over, or the end of the chain.
    private static StateSlot* PlaceFor(StateSlot* page, ulong hash, uint more)
    {
        StateSlot* free = null;
        for (var i = (uint)hash & HomeMask; ; i = (i + 1) & SlotMask)
        {
            var slot = page + i;
            if (slot->Hash == hash && slot->More == more)
                return slot;
            if (slot->Until == 0 && slot->Hash != HeaderMark && free is null)
                free = slot;
            if (slot->Hash == 0)
                return free;
        }
    }

    private void Grow(ulong hash)
    {
        if (_directory.Length == 0)
        {
            _directory = [(nint)Take(0)];
            pool.Account(sizeof(nint));
            return;
        }

        var index = (uint)((hash | HashBit) >> SlotBits) & ((uint)_directory.Length - 1);
        var page = (StateSlot*)_directory[index];
        var depth = HeaderOf(page)->Depth;
        if (depth == _depth)
        {
            pool.Account(_directory.Length * sizeof(nint));
            _directory = [.. _directory, .. _directory];
            _depth++;
        }

        // Those whose next bit is set go to a page of their own.
        var other = Take(depth + 1);
        for (var i = (index & ((1u << depth) - 1)) | (1u << depth); i < _directory.Length; i += 2u << depth)
            _directory[i] = (nint)other;
        Refill(page, depth + 1);
    }

    // Two that differ in the last bit that names them.
    private void Join(uint index, StateSlot* page)
    {
        var depth = HeaderOf(page)->Depth - 1;
        var other = (StateSlot*)_directory[index ^ (1u << depth)];
        if (HeaderOf(other)->Depth != depth + 1 || HeaderOf(other)->Used + HeaderOf(page)->Used > MaxUsed / 2)
            return;
        for (var i = index & ((1u << depth) - 1); i < _directory.Length; i += 1u << depth)
            _directory[i] = (nint)page;
        HeaderOf(page)->Depth = depth;
        for (var i = 1; i <= SlotMask; i++)
        {
            if (other[i].Until != 0)
                Put(other[i]);
        }

        GiveBack(other);
    }

    private void Clean(StateSlot* page, uint now)
    {
        var over = 0;
        for (var i = 1; i <= SlotMask; i++)
        {
            if (page[i].Hash == 0 || page[i].Until > now)
                continue;
            over++;
            if (page[i].Until != 0)
                Remove(page + i);
        }

        if (over > 0)
            Refill(page, HeaderOf(page)->Depth);
    }

    // Puts what is in a page where the directory says now.
    private void Refill(StateSlot* page, int depth)
    {
        var all = stackalloc StateSlot[(int)SlotMask + 1];
        Unsafe.CopyBlock(all, page, PagePool.PageBytes);
        Begin(page, depth);
        for (var i = 1; i <= SlotMask; i++)
        {
            if (all[i].Until != 0)
                Put(all[i]);
        }
    }

    private void Put(in StateSlot state)
    {
        var page = PageOf(state.Hash);
        *PlaceFor(page, state.Hash, state.More) = state;
        HeaderOf(page)->Used++;
    }

    private StateSlot* Take(int depth)
    {
        var page = (StateSlot*)pool.Take();
        PageBytes += PagePool.PageBytes;
        Begin(page, depth);
        return page;
    }

    private static void Begin(StateSlot* page, int depth)
    {
        Unsafe.InitBlock(page, 0, PagePool.PageBytes);
        page->Hash = HeaderMark;
        *HeaderOf(page) = new Header { Depth = depth };
    }

    private void GiveBack(StateSlot* page)
    {
        PageBytes -= PagePool.PageBytes;
        pool.Return((byte*)page);
    }

    // What a page knows of itself.
    private struct Header
    {
        // How many bits of the hash name it.
        public int Depth;

        // Slots that are not empty, with those whose time is over.
        public int Used;
    }
}
