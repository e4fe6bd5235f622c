using System.Buffers;
using Groundwork.Ports.Caching;
using Groundwork.Redis.Leases;
using Groundwork.Redis.Tracking;
using StackExchange.Redis;

namespace Groundwork.Redis;

/// <summary>
/// One space on Redis: a string a key, another for its lease while there is one.
/// </summary>
/// <remarks>
/// <para><see cref="ClearAsync"/> walks the keys. A number in their names, raised to leave all old ones behind, would be quicker; but a removal
/// must hold at once for everybody, so every call would have to read that number with its key: one more lookup each, impossible in a
/// cluster, where the two lie in different slots; what is left behind would stay where nothing evicts it; and the number itself can be
/// evicted, upon which old values would come back. A space is cleared seldom.</para>
/// <para>It walks twice: first the leases (our own cache, where they are no keys, cancels them as a group), then the values. Whoever
/// began to fill before has no lease once the first walk has ended; what he filled until then is there when the second begins, and a walk
/// finds whatever is there from its beginning to its end.</para>
/// <para>Thread-safe.</para>
/// </remarks>
internal sealed class RedisCache(
    CacheSpace space, RedisConnection connection, LeaseKeeper leases, Func<SpaceKeys, ICacheListener, SpaceTracking> track) : ISharedCache
{
    private readonly SpaceKeys _keys = new(space.Name);
    private readonly Lock _gate = new();
    private volatile SpaceTracking? _tracking;

    /// <inheritdoc/>
    public CacheSpace Space => space;

    /// <inheritdoc/>
    public bool IsHeard => _tracking is { IsHeard: true };

    /// <inheritdoc/>
    public CacheLookup TryGet(ReadOnlySpan<byte> key, Span<byte> destination, out int length)
    {
        CheckKey(key);
        length = 0;
        return CacheLookup.Unknown;
    }

    /// <inheritdoc/>
    public async ValueTask<CacheRead> GetAsync(ReadOnlyMemory<byte> key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        CheckKey(key.Span);
        var (value, leftMs) = await connection.CallAsync(SendGetAsync, _keys.Value(key.Span), key.Length, cancellationToken);
        using (value)
        {
            if (value is null)
                return CacheRead.Missing;
            destination.Write(value.Span);
            return new CacheRead(true, Lives.Left(leftMs));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SetAsync(
        ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default)
    {
        CheckKey(key.Span);
        CheckValue(value.Span);
        var names = Names(key.Span);
        try
        {
            // A caller who has given up may write over his value while the driver still sends it.
            await connection.CallAsync(SendSetAsync, (names, value.ToArray(), Lives.Ms(life, nameof(life))), value.Length, cancellationToken);
            return true;
        }
        catch (CacheException e) when (RedisFailures.IsOutOfMemory(e))
        {
            await connection.CallAsync(SendRemoveAsync, names, key.Length, cancellationToken);
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default)
    {
        CheckKey(key.Span);
        await connection.CallAsync(SendRemoveAsync, Names(key.Span), key.Length, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask ClearAsync(CancellationToken cancellationToken = default)
    {
        await leases.CancelAllAsync(_keys, cancellationToken);
        await connection.RemoveAllAsync(_keys.AllValues, cancellationToken);
        await connection.CallAsync(SendClearedAsync, _keys.Cleared, 0, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<CacheLease> LeaseAsync(
        ReadOnlyMemory<byte> key, LeaseTerms terms, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        CheckKey(key.Span);
        ArgumentOutOfRangeException.ThrowIfLessThan(terms.Lease, TimeSpan.FromMilliseconds(1), nameof(terms));
        ArgumentOutOfRangeException.ThrowIfLessThan(terms.Stale, TimeSpan.Zero, nameof(terms));
        return leases.LeaseAsync(Names(key.Span), terms, destination, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> FillAsync(
        ReadOnlyMemory<byte> key, long token, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default)
    {
        CheckKey(key.Span);
        CheckValue(value.Span);
        return leases.FillAsync(Names(key.Span), token, value.ToArray(), Lives.Ms(life, nameof(life)), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(ReadOnlyMemory<byte> key, long token, CancellationToken cancellationToken = default)
    {
        CheckKey(key.Span);
        return leases.ReleaseAsync(Names(key.Span), token, cancellationToken);
    }

    /// <inheritdoc/>
    public void Listen(ICacheListener listener)
    {
        lock (_gate)
        {
            if (_tracking is not null)
                throw new InvalidOperationException($"Somebody listens to the space '{space.Name}' already.");
            _tracking = track(_keys, listener);
        }
    }

    private LeasedKey Names(ReadOnlySpan<byte> key) => new(_keys.Value(key), _keys.Lease(key), space.Name);

    // One round trip, and no transaction, which a server without memory refuses. Whoever changes the key between the two makes the value out of
    // date, and whoever keeps it is told of that; then its life does not matter.
    private static async Task<(Lease<byte>? Value, long LeftMs)> SendGetAsync(IDatabase database, byte[] name)
    {
        var value = database.StringGetLeaseAsync(name);
        var left = database.ExecuteAsync("PTTL", [(RedisKey)name]);
        await Task.WhenAll(value, left);
        return (await value, (long)await left);
    }

    private static Task<bool> SendSetAsync(IDatabase database, (LeasedKey Names, byte[] Value, long LifeMs) set)
    {
        var transaction = database.CreateTransaction();
        _ = transaction.StringSetAsync(set.Names.Value, set.Value, Lives.Expiry(set.LifeMs));
        _ = transaction.KeyDeleteAsync(set.Names.Lease);
        return transaction.ExecuteAsync();
    }

    private static Task<long> SendRemoveAsync(IDatabase database, LeasedKey names) => database.KeyDeleteAsync([names.Value, names.Lease]);

    // Both are told to whoever listens, and nothing stays.
    private static async Task<bool> SendClearedAsync(IDatabase database, byte[] name)
    {
        var set = database.StringSetAsync(name, "");
        var removed = database.KeyDeleteAsync(name);
        await Task.WhenAll(set, removed);
        return true;
    }

    private static void CheckKey(ReadOnlySpan<byte> key)
    {
        if (key.Length is 0 or > CacheLimits.MaxKeyBytes)
            throw new ArgumentException($"A key is 1 to {CacheLimits.MaxKeyBytes} bytes, not {key.Length}.", nameof(key));
    }

    private static void CheckValue(ReadOnlySpan<byte> value)
    {
        if (value.Length > CacheLimits.MaxValueBytes)
            throw new ArgumentException($"A value is up to {CacheLimits.MaxValueBytes} bytes, not {value.Length}.", nameof(value));
    }
}
