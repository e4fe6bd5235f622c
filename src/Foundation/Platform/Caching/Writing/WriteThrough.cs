namespace Groundwork.Platform.Caching;

/// <summary>
/// Writes to the store first and forgets the key then: a write has ended when both are done, and whoever reads this copy after that reads it.
/// </summary>
/// <remarks>
/// The key is forgotten also where the write failed, since it may have been done all the same. The value is not put into the cache: of two
/// writers the later one to put it there need not be the later one to commit. Safe for concurrent use, as the store is.
/// </remarks>
/// <typeparam name="TKey">The keys.</typeparam>
/// <typeparam name="TValue">The values.</typeparam>
/// <param name="store">Writes a value; it is durable when that has ended.</param>
/// <param name="invalidate">Removes a key from the cache: <see cref="LoadingCache{TKey, TValue}.InvalidateAsync"/>.</param>
public sealed class WriteThrough<TKey, TValue>(
    Func<TKey, TValue, CancellationToken, ValueTask> store, Func<TKey, ValueTask> invalidate)
{
    /// <summary>Writes a value.</summary>
    /// <exception cref="Exception">What the store threw; nobody knows then whether it was written.</exception>
    public async ValueTask WriteAsync(TKey key, TValue value, CancellationToken cancellationToken = default)
    {
        try
        {
            await store(key, value, cancellationToken);
        }
        finally
        {
            await invalidate(key);
        }
    }
}
