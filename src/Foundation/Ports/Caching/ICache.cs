using System.Buffers;

namespace Groundwork.Ports.Caching;

/// <summary>
/// The Cache port: one module's own space of bytes under keys, bounded, and gone at any time.
/// </summary>
/// <remarks>
/// <para>Nothing here is the only place of anything: a value may leave for others, with its server, or at its life's end. What a
/// caller may rely on is that no value comes back: after <see cref="RemoveAsync"/> or <see cref="SetAsync"/> has ended, nobody reads
/// what was there before, and nobody who began to fill the key before can.</para>
/// <para>That is what leases are for (Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013). Who misses asks for the lease of
/// the key; one at a time gets it, loads the value and fills it in. A removal in between cancels the lease, so that what was loaded
/// before the change is refused; and all others know that somebody loads already.</para>
/// <para>Keys are 1 to <see cref="CacheLimits.MaxKeyBytes"/> bytes, values up to <see cref="CacheLimits.MaxValueBytes"/>; others throw
/// <see cref="ArgumentException"/>, and so do a life or a lease of nothing or less. Lives are counted in milliseconds, rounded up; what
/// has none lives until it must leave.</para>
/// <para>Safe for any number of concurrent callers. Every failure of a server is a <see cref="CacheException"/>, within
/// <see cref="CacheSettings.Timeout"/>; the embedded cache has none.</para>
/// </remarks>
public interface ICache
{
    /// <summary>What was opened.</summary>
    CacheSpace Space { get; }

    /// <summary>
    /// Copies the value of a key, where that takes no waiting: the fast path.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="destination">Where the value goes, from its beginning.</param>
    /// <param name="length">The length of the value in bytes; where it is larger than the destination, nothing was copied.</param>
    CacheLookup TryGet(ReadOnlySpan<byte> key, Span<byte> destination, out int length);

    /// <summary>Copies the value of a key, and says how long it will be there; where there is none, nothing is written.</summary>
    ValueTask<CacheRead> GetAsync(ReadOnlyMemory<byte> key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default);

    /// <summary>Puts a value under a key, whatever is there, and cancels its lease.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; it is copied.</param>
    /// <param name="life">How long it lives; <see cref="Timeout.InfiniteTimeSpan"/> until it must leave.</param>
    /// <param name="cancellationToken">Ends the wait; the value may be there all the same.</param>
    /// <returns>False where there is no room for it (in a space that nobody leaves, or for a value as large as the space): then the
    /// key is removed.</returns>
    ValueTask<bool> SetAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default);

    /// <summary>Removes a key, and cancels its lease; what its writer does after the change has committed.</summary>
    ValueTask RemoveAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default);

    /// <summary>Removes all keys, and cancels all leases.</summary>
    ValueTask ClearAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads a key for a caller who would load it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="terms">What counts as stale, and how long the lease holds.</param>
    /// <param name="destination">Where the value goes, if there is one, fresh or stale.</param>
    /// <param name="cancellationToken">Ends the wait; a lease that was given ends by itself.</param>
    ValueTask<CacheLease> LeaseAsync(
        ReadOnlyMemory<byte> key, LeaseTerms terms, IBufferWriter<byte> destination, CancellationToken cancellationToken = default);

    /// <summary>Puts a value under a key for the holder of its lease, and ends the lease.</summary>
    /// <returns>False where the lease has ended or was cancelled, or there is no room: then nothing was done.</returns>
    ValueTask<bool> FillAsync(
        ReadOnlyMemory<byte> key, long token, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default);

    /// <summary>Ends a lease that its holder will not use, so that the next who asks gets one.</summary>
    ValueTask ReleaseAsync(ReadOnlyMemory<byte> key, long token, CancellationToken cancellationToken = default);
}

/// <summary>A cache that other processes share, and which tells of what they change.</summary>
public interface ISharedCache : ICache
{
    /// <summary>
    /// Whether every change up to <see cref="CacheSettings.Silence"/> ago has been told. While false, nothing that was kept near may
    /// be served: somebody may have changed it.
    /// </summary>
    bool IsHeard { get; }

    /// <summary>Has changes told from now on; one listener at most.</summary>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    void Listen(ICacheListener listener);
}

/// <summary>Who keeps near what a shared cache has. Called on the connection's thread: it must not wait.</summary>
public interface ICacheListener
{
    /// <summary>A key was changed or removed, by anybody.</summary>
    void Changed(ReadOnlySpan<byte> key);

    /// <summary>Anything may have been changed: everything was removed, or nothing was heard for a while.</summary>
    void ChangedAll();
}

/// <summary>How a lookup without waiting ended.</summary>
public enum CacheLookup
{
    /// <summary>The value was copied.</summary>
    Found,

    /// <summary>There is none.</summary>
    Missing,

    /// <summary>The value is longer than the destination; nothing was copied.</summary>
    TooLong,

    /// <summary>It takes waiting to know: <see cref="ICache.GetAsync"/>.</summary>
    Unknown,
}
