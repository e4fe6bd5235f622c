namespace Groundwork.Platform.Caching;

/// <summary>
/// Lets so many loads run at once and so many wait; whoever comes beyond that is turned away at once. It is why an empty cache at peak is no
/// stampede on the store. Safe for concurrent use.
/// </summary>
/// <param name="loads">How many run at once.</param>
/// <param name="waiting">How many more wait, in the order of their coming.</param>
internal sealed class LoadGate(int loads, int waiting) : IDisposable
{
    private readonly SemaphoreSlim _places = new(loads);
    private int _here;

    /// <summary>Waits for a turn; whoever got one leaves with <see cref="Leave"/>.</summary>
    /// <exception cref="CacheOverloadException">Too many wait.</exception>
    public async ValueTask EnterAsync()
    {
        if (Interlocked.Increment(ref _here) > (long)loads + waiting)
        {
            Interlocked.Decrement(ref _here);
            throw new CacheOverloadException();
        }

        await _places.WaitAsync();
    }

    /// <summary>Ends a turn.</summary>
    public void Leave()
    {
        _places.Release();
        Interlocked.Decrement(ref _here);
    }

    /// <summary>Lets go of what it holds.</summary>
    public void Dispose() => _places.Dispose();
}
