using System.Buffers;
using Groundwork.Ports.Caching;
using Groundwork.Primitives.Concurrency;

namespace Groundwork.Platform.Caching;

/// <summary>
/// Keeps calls from a shared cache that does not answer: after so many failures in a row they fail at once, and cost nothing, but for
/// one now and then that tries (<see cref="Breaker"/>). Safe for concurrent use.
/// </summary>
/// <param name="cache">The shared cache.</param>
/// <param name="breaker">What decides; one for all spaces of a server.</param>
/// <param name="time">The clock.</param>
internal sealed class BrokenCircuit(ISharedCache cache, Breaker breaker, TimeProvider time) : ISharedCache
{
    /// <inheritdoc/>
    public CacheSpace Space => cache.Space;

    /// <inheritdoc/>
    public bool IsHeard => cache.IsHeard;

    /// <inheritdoc/>
    public void Listen(ICacheListener listener) => cache.Listen(listener);

    /// <inheritdoc/>
    public CacheLookup TryGet(ReadOnlySpan<byte> key, Span<byte> destination, out int length) => cache.TryGet(key, destination, out length);

    /// <inheritdoc/>
    public ValueTask<CacheRead> GetAsync(ReadOnlyMemory<byte> key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default) =>
        CallAsync(() => cache.GetAsync(key, destination, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> SetAsync(
        ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default) =>
        CallAsync(() => cache.SetAsync(key, value, life, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default) => await CallAsync(async () =>
    {
        await cache.RemoveAsync(key, cancellationToken);
        return true;
    });

    /// <inheritdoc/>
    public async ValueTask ClearAsync(CancellationToken cancellationToken = default) => await CallAsync(async () =>
    {
        await cache.ClearAsync(cancellationToken);
        return true;
    });

    /// <inheritdoc/>
    public ValueTask<CacheLease> LeaseAsync(
        ReadOnlyMemory<byte> key, LeaseTerms terms, IBufferWriter<byte> destination, CancellationToken cancellationToken = default) =>
        CallAsync(() => cache.LeaseAsync(key, terms, destination, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> FillAsync(
        ReadOnlyMemory<byte> key, long token, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default) =>
        CallAsync(() => cache.FillAsync(key, token, value, life, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(ReadOnlyMemory<byte> key, long token, CancellationToken cancellationToken = default) => await CallAsync(async () =>
    {
        await cache.ReleaseAsync(key, token, cancellationToken);
        return true;
    });

    private ValueTask<T> CallAsync<T>(Func<ValueTask<T>> call) => GuardedCalls.CallAsync(breaker, time, call);
}
