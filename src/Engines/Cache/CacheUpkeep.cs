using Groundwork.Cache.Commands;

namespace Groundwork.Cache;

/// <summary>
/// What is done for the keyspace while nobody asks: entries whose time is over go, and sparse pages are given back.
/// </summary>
/// <remarks>A thread of its own, ten times a second, a shard at a time and a few entries under its lock at a time, so that a million keys
/// that expire together hold up nobody for longer than those few take. It goes on at once while there is more to do.</remarks>
internal sealed class CacheUpkeep : IAsyncDisposable
{
    // About 20 microseconds under a lock.
    private const int Budget = 64;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    public CacheUpkeep(CacheEngine engine, TimeProvider time) => _loop = Task.Run(() => RunAsync(engine, time, _stopping.Token));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private static async Task RunAsync(CacheEngine engine, TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            while (engine.Maintain(Budget))
            {
                stopping.ThrowIfCancellationRequested();

                // Those who wait for this processor get it now, and not when the system would take it away, some milliseconds later.
                Thread.Yield();
                await Task.Yield();
            }
        }
    }
}
