using System.Buffers;
using System.Diagnostics;
using Groundwork.Ports.Caching;

namespace Groundwork.Platform.Caching.Drills;

/// <summary>A space of <see cref="WatchedServer"/>. Safe for concurrent use.</summary>
internal sealed class WatchedCache(ISharedCache cache, FarCalls calls, bool isDeaf) : ISharedCache
{
    /// <inheritdoc/>
    public CacheSpace Space => cache.Space;

    /// <inheritdoc/>
    public bool IsHeard => isDeaf || cache.IsHeard;

    /// <inheritdoc/>
    public void Listen(ICacheListener listener) => cache.Listen(isDeaf ? new DeafListener(listener) : listener);

    /// <inheritdoc/>
    public CacheLookup TryGet(ReadOnlySpan<byte> key, Span<byte> destination, out int length) => cache.TryGet(key, destination, out length);

    /// <inheritdoc/>
    public ValueTask<CacheRead> GetAsync(ReadOnlyMemory<byte> key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default) =>
        CountAsync(() => cache.GetAsync(key, destination, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> SetAsync(
        ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default) =>
        CountAsync(() => cache.SetAsync(key, value, life, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default) =>
        await CountAsync(() => EndedAsync(cache.RemoveAsync(key, cancellationToken)));

    /// <inheritdoc/>
    public async ValueTask ClearAsync(CancellationToken cancellationToken = default) =>
        await CountAsync(() => EndedAsync(cache.ClearAsync(cancellationToken)));

    /// <inheritdoc/>
    public ValueTask<CacheLease> LeaseAsync(
        ReadOnlyMemory<byte> key, LeaseTerms terms, IBufferWriter<byte> destination, CancellationToken cancellationToken = default) =>
        CountAsync(() => cache.LeaseAsync(key, terms, destination, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> FillAsync(
        ReadOnlyMemory<byte> key, long token, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default) =>
        CountAsync(() => cache.FillAsync(key, token, value, life, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(ReadOnlyMemory<byte> key, long token, CancellationToken cancellationToken = default) =>
        await CountAsync(() => EndedAsync(cache.ReleaseAsync(key, token, cancellationToken)));

    private static async ValueTask<bool> EndedAsync(ValueTask call)
    {
        await call;
        return true;
    }

    private async ValueTask<T> CountAsync<T>(Func<ValueTask<T>> call)
    {
        var began = Stopwatch.GetTimestamp();
        calls.Begin();
        try
        {
            var result = await call();
            calls.Answered();
            return result;
        }
        catch (CacheException)
        {
            calls.Failed(Stopwatch.GetElapsedTime(began));
            throw;
        }
    }

    private sealed class DeafListener(ICacheListener listener) : ICacheListener
    {
        public void Changed(ReadOnlySpan<byte> key) => listener.Changed(key);

        public void ChangedAll()
        {
        }
    }
}
