using System.Buffers;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;

namespace Groundwork.Testing.Caching;

/// <summary>
/// The Cache port as a table under one lock: for tests of what stands on the port and needs no engine. It passes the port's contract; who
/// leaves a full space is whoever came first.
/// </summary>
public sealed class MemoryCache(CacheSpace space, TimeProvider time) : ICache
{
    private const int EntryBytes = 64;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly Dictionary<string, (long Token, long EndsAt)> _leases = [];
    private readonly LinkedList<string> _order = [];
    private long _bytes;
    private long _lastToken = 1_000_000;

    /// <inheritdoc/>
    public CacheSpace Space => space;

    /// <inheritdoc/>
    public CacheLookup TryGet(ReadOnlySpan<byte> key, Span<byte> destination, out int length)
    {
        length = 0;
        Check(key);
        lock (_gate)
        {
            if (!TryFind(Name(key), out var entry))
                return CacheLookup.Missing;
            length = entry.Value.Length;
            return entry.Value.AsSpan().TryCopyTo(destination) ? CacheLookup.Found : CacheLookup.TooLong;
        }
    }

    /// <inheritdoc/>
    public ValueTask<CacheRead> GetAsync(ReadOnlyMemory<byte> key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        Check(key.Span);
        lock (_gate)
        {
            if (!TryFind(Name(key.Span), out var entry))
                return new(CacheRead.Missing);
            destination.Write(entry.Value);
            return new(new CacheRead(true, LeftOf(entry)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SetAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default)
    {
        Check(key.Span, value, life);
        lock (_gate)
        {
            var name = Name(key.Span);
            Drop(name);
            _leases.Remove(name);
            return new(Put(name, value, life));
        }
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default)
    {
        Check(key.Span);
        lock (_gate)
        {
            Drop(Name(key.Span));
            _leases.Remove(Name(key.Span));
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask ClearAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _entries.Clear();
            _leases.Clear();
            _order.Clear();
            _bytes = 0;
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask<CacheLease> LeaseAsync(
        ReadOnlyMemory<byte> key, LeaseTerms terms, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        Check(key.Span);
        CheckTerms(terms);
        lock (_gate)
        {
            var name = Name(key.Span);
            var isThere = TryFind(name, out var entry);
            var left = isThere ? LeftOf(entry) : TimeSpan.Zero;
            if (isThere)
                destination.Write(entry.Value);
            if (isThere && entry.EndsAt - Now > Milliseconds(terms.Stale))
                return new(new CacheLease(LeaseState.Fresh, true, 0, left));
            if (_leases.TryGetValue(name, out var lease) && lease.EndsAt > Now)
                return new(new CacheLease(LeaseState.Held, isThere, 0, left));
            _leases[name] = (++_lastToken, EndOf(terms.Lease));
            return new(new CacheLease(LeaseState.Granted, isThere, _lastToken, left));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> FillAsync(
        ReadOnlyMemory<byte> key, long token, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default)
    {
        Check(key.Span, value, life);
        lock (_gate)
        {
            var name = Name(key.Span);
            if (!_leases.TryGetValue(name, out var lease) || lease.Token != token || lease.EndsAt <= Now || !Fits(name, value))
                return new(false);
            _leases.Remove(name);
            Drop(name);
            return new(Put(name, value, life));
        }
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(ReadOnlyMemory<byte> key, long token, CancellationToken cancellationToken = default)
    {
        Check(key.Span);
        lock (_gate)
        {
            if (_leases.TryGetValue(Name(key.Span), out var lease) && lease.Token == token)
                _leases.Remove(Name(key.Span));
        }

        return default;
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static string Name(ReadOnlySpan<byte> key) => Convert.ToHexString(key);

    private static long Milliseconds(TimeSpan span) => (span.Ticks / TimeSpan.TicksPerMillisecond) + (span.Ticks % TimeSpan.TicksPerMillisecond > 0 ? 1 : 0);

    private static void Check(ReadOnlySpan<byte> key, ReadOnlyMemory<byte> value = default, TimeSpan? life = null)
    {
        if (key.Length is 0 or > CacheLimits.MaxKeyBytes)
            throw new ArgumentException($"A key has 1 to {CacheLimits.MaxKeyBytes} bytes.", nameof(key));
        if (value.Length > CacheLimits.MaxValueBytes)
            throw new ArgumentException($"A value has up to {CacheLimits.MaxValueBytes} bytes.", nameof(value));
        if (life <= TimeSpan.Zero && life != Timeout.InfiniteTimeSpan)
            throw new ArgumentException("A life is above zero.", nameof(life));
    }

    private static void CheckTerms(LeaseTerms terms)
    {
        if (terms.Lease < TimeSpan.FromMilliseconds(1) || terms.Stale < TimeSpan.Zero)
            throw new ArgumentException("A lease is at least a millisecond, and what is stale has no less than nothing left.", nameof(terms));
    }

    private static int Weight(string name, int length) => EntryBytes + (name.Length / 2) + length;

    private long EndOf(TimeSpan life) => life == Timeout.InfiniteTimeSpan || Milliseconds(life) > long.MaxValue - Now ? long.MaxValue : Now + Milliseconds(life);

    private TimeSpan LeftOf(Entry entry) => entry.EndsAt == long.MaxValue
        ? Timeout.InfiniteTimeSpan
        : new TimeSpan(Math.Min(entry.EndsAt - Now, TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond) * TimeSpan.TicksPerMillisecond);

    private bool TryFind(string name, out Entry entry)
    {
        if (_entries.TryGetValue(name, out entry) && entry.EndsAt > Now)
            return true;
        Drop(name);
        return false;
    }

    private void Drop(string name)
    {
        if (!_entries.Remove(name, out var entry))
            return;
        _order.Remove(entry.Place);
        _bytes -= Weight(name, entry.Value.Length);
    }

    // The key's own value leaves for it.
    private bool Fits(string name, ReadOnlyMemory<byte> value)
    {
        var weight = Weight(name, value.Length);
        var own = _entries.TryGetValue(name, out var there) ? Weight(name, there.Value.Length) : 0;
        return weight < space.Bytes && (space.Eviction != CacheEviction.Nobody || _bytes - own + weight <= space.Bytes);
    }

    private bool Put(string name, ReadOnlyMemory<byte> value, TimeSpan life)
    {
        if (!Fits(name, value))
            return false;
        while (_bytes + Weight(name, value.Length) > space.Bytes)
            Drop(_order.First!.Value);
        _entries[name] = new Entry(value.ToArray(), EndOf(life), _order.AddLast(name));
        _bytes += Weight(name, value.Length);
        return true;
    }

    private readonly record struct Entry(byte[] Value, long EndsAt, LinkedListNode<string> Place);
}

/// <summary>Spaces that are <see cref="MemoryCache"/>s.</summary>
public sealed class MemoryCacheServer(TimeProvider time) : ICacheServer
{
    private readonly HashSet<string> _names = [];

    /// <summary>What is counted.</summary>
    public MemoryLimits Limits { get; } = new(time);

    /// <inheritdoc/>
    public ICache Open(CacheSpace space)
    {
        ArgumentNullException.ThrowIfNull(space);
        return _names.Add(space.Name) ? new MemoryCache(space, time) : throw new InvalidOperationException($"There is a space {space.Name} already.");
    }

    /// <inheritdoc/>
    public ILimitStore OpenLimits(long bytes) =>
        _names.Add(LimitStoreLimits.SpaceName) ? Limits : throw new InvalidOperationException("The limits are open already.");
}
