using Groundwork.Ports.Caching;
using Groundwork.Primitives.Concurrency;

namespace Groundwork.Platform.Caching;

/// <summary>Calls to a shared cache that its breaker may hold back.</summary>
internal static class GuardedCalls
{
    /// <summary>Calls, where it may.</summary>
    /// <exception cref="CacheException">It failed, or others have just now.</exception>
    public static async ValueTask<T> CallAsync<T>(Breaker breaker, TimeProvider time, Func<ValueTask<T>> call)
    {
        if (!breaker.MayCall(time.GetTimestamp()))
            throw new CacheException("The shared cache did not answer a moment ago; it is asked again shortly.");
        try
        {
            var result = await call();
            breaker.Succeeded();
            return result;
        }
        catch (CacheException)
        {
            breaker.Failed(time.GetTimestamp());
            throw;
        }
    }
}
