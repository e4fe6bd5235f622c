using System.Buffers;
using Groundwork.Cache.Commands;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Values;
using Groundwork.Ports.Caching;

namespace Groundwork.Cache.Embedded;

/// <summary>
/// The Cache port on a space of the engine: a call is a lock, a lookup and a copy, on the caller's thread.
/// </summary>
/// <remarks>
/// <para>Nothing waits, so that every call has ended when it returns, and there is nothing for a token of cancellation to end. What is
/// changed here is told as a command's changes are: to transactions that watch, clients that wait, channels that announce it.</para>
/// <para>A client may have put something else than bytes under a key (<c>SELECT name</c>, <c>LPUSH key …</c>): that counts as missing,
/// and is in nobody's way who sets or fills the key.</para>
/// <para>No foreign code runs under a lock: a writer is asked for its memory before, and again if that was too little.</para>
/// </remarks>
internal sealed class EmbeddedCache(CacheEngine engine, Space space, CacheSpace opened) : ICache
{
    // What an entry takes beside its key and value: its header and a share of the index.
    private const int EntryBytes = 64;

    private readonly Keyspace _keyspace = space.Keyspace;

    /// <inheritdoc/>
    public CacheSpace Space => opened;

    /// <inheritdoc/>
    public CacheLookup TryGet(ReadOnlySpan<byte> key, Span<byte> destination, out int length)
    {
        CheckKey(key.Length);
        return Look(key, destination, out length, out _);
    }

    /// <inheritdoc/>
    public ValueTask<CacheRead> GetAsync(ReadOnlyMemory<byte> key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        CheckKey(key.Length);
        var (length, left) = (0, TimeSpan.Zero);
        var lookup = CacheLookup.TooLong;

        // Whoever made it longer in between has come to an end: so does this.
        while (lookup == CacheLookup.TooLong)
            lookup = Look(key.Span, destination.GetSpan(length), out length, out left);
        if (lookup != CacheLookup.Found)
            return new ValueTask<CacheRead>(CacheRead.Missing);
        destination.Advance(length);
        return new ValueTask<CacheRead>(new CacheRead(true, left));
    }

    /// <inheritdoc/>
    public ValueTask<bool> SetAsync(
        ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default) =>
        new(Put(key.Span, value.Span, life, token: 0));

    /// <inheritdoc/>
    public ValueTask RemoveAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default)
    {
        CheckKey(key.Length);
        var now = _keyspace.Now;
        var shard = ShardOf(key.Span, out var hash);
        lock (shard.Gate)
            Remove(shard, shard.Find(hash, 0, key.Span, now), key.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ClearAsync(CancellationToken cancellationToken = default)
    {
        var now = _keyspace.Now;
        foreach (var shard in _keyspace.Shards)
        {
            lock (shard.Gate)
            {
                KeyEvents.Of(shard).Emptying(0, now);
                shard.Clear();
            }
        }

        engine.Tracking.TellAll();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<CacheLease> LeaseAsync(
        ReadOnlyMemory<byte> key, LeaseTerms terms, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        CheckKey(key.Length);
        var leaseMs = Milliseconds(terms.Lease, TimeSpan.TicksPerMillisecond, nameof(terms));
        var staleMs = Milliseconds(terms.Stale, leastTicks: 0, nameof(terms));
        CacheLease lease;
        var length = 0;
        while (!TryLease(key.Span, leaseMs, staleMs, destination.GetSpan(length), out length, out lease))
        {
        }

        if (lease.HasValue)
            destination.Advance(length);
        return new ValueTask<CacheLease>(lease);
    }

    /// <inheritdoc/>
    public ValueTask<bool> FillAsync(
        ReadOnlyMemory<byte> key, long token, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default) =>
        new(token != 0 && Put(key.Span, value.Span, life, token));

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(ReadOnlyMemory<byte> key, long token, CancellationToken cancellationToken = default)
    {
        CheckKey(key.Length);
        var now = _keyspace.Now;
        var shard = ShardOf(key.Span, out var hash);
        lock (shard.Gate)
            KeyEvents.Of(shard).Leases.End(hash, token, now);
        return ValueTask.CompletedTask;
    }

    private static void CheckKey(int length)
    {
        if (length is 0 or > CacheLimits.MaxKeyBytes)
            throw new ArgumentException($"A key has 1 to {CacheLimits.MaxKeyBytes} bytes, not {length}.", nameof(length));
    }

    // Rounded up.
    private static long Milliseconds(TimeSpan time, long leastTicks, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time.Ticks, leastTicks, name);
        return (time.Ticks / TimeSpan.TicksPerMillisecond) + (time.Ticks % TimeSpan.TicksPerMillisecond > 0 ? 1 : 0);
    }

    private Shard ShardOf(ReadOnlySpan<byte> key, out ulong hash) => _keyspace.ShardOfHash(hash = _keyspace.HashOf(key));

    // One read of many is told to who looks for hot keys.
    private Found Read(Shard shard, ulong hash, ReadOnlySpan<byte> key, long now)
    {
        if (--shard.UntilTold <= 0)
            shard.UntilTold = space.HotKeys.Tell(shard.UntilTold, hash, 0, key, now);
        return shard.Find(hash, 0, key, now);
    }

    private CacheLookup Look(ReadOnlySpan<byte> key, Span<byte> destination, out int length, out TimeSpan left)
    {
        var now = _keyspace.Now;
        var shard = ShardOf(key, out var hash);
        lock (shard.Gate)
        {
            var found = Read(shard, hash, key, now);
            left = KeyLeases.LeftOf(found, now);
            return found.Exists && Texts.Is(found.Form)
                ? Copy(shard, found, destination, out length, now)
                : Miss(shard, key, out length);
        }
    }

    private CacheLookup Copy(Shard shard, Found found, Span<byte> destination, out int length, long now)
    {
        length = (int)Texts.Length(found);
        if (length > destination.Length)
            return CacheLookup.TooLong;
        Texts.Read(shard, found, 0, destination[..length]);
        shard.Counts.Hits++;
        _keyspace.Use.Touch(shard, found, now);
        return CacheLookup.Found;
    }

    private CacheLookup Miss(Shard shard, ReadOnlySpan<byte> key, out int length)
    {
        length = 0;
        shard.Counts.Misses++;
        if (space.Notifications.IsOn)
            space.Notifications.Send(EventClass.Missed, "keymiss"u8, 0, key);
        return CacheLookup.Missing;
    }

    // False where the value is longer than the destination: then nothing was decided.
    private bool TryLease(
        ReadOnlySpan<byte> key, long leaseMs, long staleMs, Span<byte> destination, out int length, out CacheLease lease)
    {
        var now = _keyspace.Now;
        var shard = ShardOf(key, out var hash);
        lock (shard.Gate)
        {
            var found = Read(shard, hash, key, now);
            var hasValue = found.Exists && Texts.Is(found.Form);
            (length, lease) = (0, default);
            if (hasValue && Copy(shard, found, destination, out length, now) == CacheLookup.TooLong)
                return false;
            if (!hasValue)
                Miss(shard, key, out _);
            lease = KeyLeases.Ask(engine, shard, found, hasValue, leaseMs, staleMs, now);
            return true;
        }
    }

    // With a token: for the holder of that lease only, and where there is no room nothing is done.
    private bool Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, TimeSpan life, long token)
    {
        CheckKey(key.Length);
        if (value.Length > CacheLimits.MaxValueBytes)
            throw new ArgumentException($"A value has up to {CacheLimits.MaxValueBytes} bytes, not {value.Length}.", nameof(value));
        var now = _keyspace.Now;
        var deadline = life == Timeout.InfiniteTimeSpan ? -1 : now + Math.Min(Milliseconds(life, leastTicks: 1, nameof(life)), long.MaxValue - now);
        var shard = ShardOf(key, out var hash);
        bool done;
        lock (shard.Gate)
        {
            var leases = KeyEvents.Of(shard).Leases;
            if (token != 0 && !leases.Has(hash, token, now))
                return false;

            // Room is made before anything is looked up: blocks move, and entries leave.
            var bytes = key.Length + value.Length + EntryBytes;
            done = _keyspace.CouldFit(bytes) && _keyspace.MakeRoom(shard, bytes, now);
            var found = shard.Find(hash, 0, key, now);
            if (done)
                Set(shard, found, key, value, deadline, now);
            else if (token == 0)
                Remove(shard, found, key);
        }

        engine.Runner.Serve(_keyspace, shard);
        return done;
    }

    private void Set(Shard shard, Found found, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long deadline, long now)
    {
        Texts.Set(shard, ref found, 0, key, value, deadline, _keyspace.Use.Begin(now));
        shard.Observer!.Changed(0, key, KeyChange.Written);
        if (space.Notifications.IsOn)
            space.Notifications.Send(EventClass.Text, "set"u8, 0, key);
    }

    private void Remove(Shard shard, Found found, ReadOnlySpan<byte> key)
    {
        if (!found.Exists)
        {
            KeyEvents.Of(shard).CancelLease(0, key);
            return;
        }

        shard.Remove(ref found, KeyChange.Written);
        if (space.Notifications.IsOn)
            space.Notifications.Send(EventClass.Generic, "del"u8, 0, key);
    }
}
