using Groundwork.Ports.Caching;

namespace Groundwork.Cache.Benchmarks;

/// <summary>The Cache port in the same process, where nothing waits: without tasks.</summary>
internal static class EmbeddedCalls
{
    /// <summary>Puts a value under a key.</summary>
    public static void Set(ICache cache, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, TimeSpan life)
    {
        var set = cache.SetAsync(key, value, life);
        if (!set.IsCompletedSuccessfully)
            throw new InvalidOperationException("In the same process nothing waits.");
    }

    /// <summary>Removes a key.</summary>
    public static void Remove(ICache cache, ReadOnlyMemory<byte> key)
    {
        var removed = cache.RemoveAsync(key);
        if (!removed.IsCompletedSuccessfully)
            throw new InvalidOperationException("In the same process nothing waits.");
    }
}
