namespace Groundwork.Cache.Memory;

/// <summary>
/// All memory of one keyspace, in pages of 16 KiB that its shards take and give back: what is counted here is what the process
/// holds.
/// </summary>
/// <remarks>
/// <para>Taking never fails for the sake of <see cref="Limit"/>: a command that has begun must be able to end. Room is made before
/// a command, by whoever asks <see cref="Excess"/>. So the limit is overstepped by at most what the commands under way allocate
/// beyond what they announced.</para>
/// <para>Pages that came back are kept for the next taker, up to <see cref="WarmPages"/>; the rest return to the system. Kept ones
/// count as held.</para>
/// <para>Thread-safe; one lock, taken once per page and not per entry.</para>
/// </remarks>
internal sealed unsafe class PagePool(long limit, bool inHugePages = false) : IDisposable
{
    /// <summary>A page's size in bytes.</summary>
    public const int PageBytes = 16 << 10;

    /// <summary>How many pages that nobody uses are kept from the system: 1 MiB.</summary>
    public const int WarmPages = 64;

    // Address space only: what was not written to takes up no room.
    private const int ArenaBytes = 64 << 20;

    private readonly Lock _gate = new();
    private readonly List<nint> _arenas = [];
    private readonly Stack<nint> _warm = new(WarmPages);
    private readonly Stack<nint> _cold = new();
    private byte* _fresh;
    private int _freshLeft;
    private long _taken;
    private long _other;
    private long _peak;

    /// <summary>What all of it may hold, in bytes; 0 for no limit. May be changed at any time.</summary>
    public long Limit { get; set; } = limit;

    /// <summary>What is held: pages, those kept warm, and what was announced by <see cref="Account"/>.</summary>
    public long Held => Volatile.Read(ref _taken) + Volatile.Read(ref _other) + ((long)_warm.Count * PageBytes);

    /// <summary>The most that was ever held.</summary>
    public long Peak => Math.Max(Volatile.Read(ref _peak), Held);

    /// <summary>By how much taking <paramref name="bytes"/> more would overstep the limit; 0 or less if it would not.</summary>
    public long Excess(long bytes) => Limit == 0 ? long.MinValue : Volatile.Read(ref _taken) + Volatile.Read(ref _other) + bytes - Limit;

    /// <summary>Takes a page; its content is undefined.</summary>
    /// <exception cref="InsufficientMemoryException">The system has none.</exception>
    public byte* Take()
    {
        lock (_gate)
        {
            byte* page;
            if (_warm.TryPop(out var known) || _cold.TryPop(out known))
            {
                page = (byte*)known;
            }
            else
            {
                if (_freshLeft == 0)
                    Reserve();
                page = _fresh;
                _fresh += PageBytes;
                _freshLeft--;
            }

            Volatile.Write(ref _taken, _taken + PageBytes);
            _peak = Math.Max(_peak, Held);
            return page;
        }
    }

    /// <summary>Gives a page back.</summary>
    public void Return(byte* page)
    {
        lock (_gate)
        {
            Volatile.Write(ref _taken, _taken - PageBytes);
            if (_warm.Count < WarmPages && Excess(PageBytes * (_warm.Count + 1L)) <= 0)
            {
                _warm.Push((nint)page);
                return;
            }

            SystemMemory.Discard(page, PageBytes);
            _cold.Push((nint)page);
        }
    }

    /// <summary>Counts memory that a shard keeps elsewhere for its entries' sake: the tables of its pages.</summary>
    public void Account(long bytes)
    {
        Interlocked.Add(ref _other, bytes);
        if (bytes > 0)
            Cool();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var arena in _arenas)
                SystemMemory.Release((byte*)arena, ArenaBytes);
            _arenas.Clear();
            (_freshLeft, _taken, _other) = (0, 0, 0);
            _warm.Clear();
            _cold.Clear();
        }
    }

    // Pages that nobody uses are not kept where others need the room.
    private void Cool()
    {
        lock (_gate)
        {
            while (_warm.Count > 0 && Excess((long)PageBytes * _warm.Count) > 0)
            {
                var page = _warm.Pop();
                SystemMemory.Discard((byte*)page, PageBytes);
                _cold.Push(page);
            }
        }
    }

    private void Reserve()
    {
        _fresh = SystemMemory.Reserve(ArenaBytes, inHugePages);
        _freshLeft = ArenaBytes / PageBytes;
        _arenas.Add((nint)_fresh);
    }
}
