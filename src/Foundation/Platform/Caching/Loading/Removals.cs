using System.Collections.Concurrent;
using Groundwork.Ports.Caching;
using Groundwork.Primitives;

namespace Groundwork.Platform.Caching;

/// <summary>
/// Removes keys, also where the cache does not take it: then the key is remembered and removed again in the background, and until that is
/// done this copy treats it as missing, whatever lies there.
/// </summary>
/// <remarks>
/// <para>Invariant: after <see cref="RemoveAsync"/> or <see cref="ClearAsync"/> has ended, either the cache has done it or
/// <see cref="Covers"/> says so of the key, until the cache has. Other copies are not told by this; they remove the key themselves when
/// they hear of the change.</para>
/// <para>More than so many keys that were not taken become one removal of everything. What is remembered here does not outlive the process: what was not removed
/// by then is bounded by its life alone. Safe for concurrent use; while nothing is remembered, <see cref="Covers"/> costs one read.</para>
/// </remarks>
/// <param name="cache">The cache.</param>
/// <param name="bound">How many keys are remembered.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Spreads the tries; locked while it is used.</param>
internal sealed class Removals(ICache cache, int bound, TimeProvider time, Random random) : IAsyncDisposable
{
    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2));

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<byte[], long> _keys = new(KeyBytesComparer.Instance);
    private readonly Lock _gate = new();
    private Task _retrying = Task.CompletedTask;
    private bool _isRetrying;
    private int _count;
    private long _everything;
    private long _last;

    /// <summary>How many keys are to be removed again; of everything, one.</summary>
    public int Count => Volatile.Read(ref _count) + (Volatile.Read(ref _everything) == 0 ? 0 : 1);

    /// <summary>Whether a key is still to be removed, so that what lies there must not be served.</summary>
    public bool Covers(ReadOnlySpan<byte> key) =>
        Volatile.Read(ref _everything) != 0
        || (Volatile.Read(ref _count) != 0 && _keys.GetAlternateLookup<ReadOnlySpan<byte>>().ContainsKey(key));

    /// <summary>Removes a key. Never fails.</summary>
    public ValueTask RemoveAsync(byte[] key)
    {
        var turn = Interlocked.Increment(ref _last);
        var removal = Begin(() => cache.RemoveAsync(key));
        if (!removal.IsCompletedSuccessfully)
            return EndAsync(key, turn, removal);
        Forget(key, turn);
        return default;
    }

    /// <summary>Removes all keys. Never fails.</summary>
    public ValueTask ClearAsync()
    {
        var turn = Interlocked.Increment(ref _last);
        var removal = Begin(() => cache.ClearAsync());
        if (!removal.IsCompletedSuccessfully)
            return EndEverythingAsync(turn, removal);
        ForgetAll(turn);
        return default;
    }

    /// <summary>Ends the tries; may be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _retrying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static ValueTask Begin(Func<ValueTask> remove)
    {
        try
        {
            return remove();
        }
        catch (CacheException e)
        {
            return ValueTask.FromException(e);
        }
    }

    // Remembered from before the wait, so that nobody is served the old value in the meantime.
    private async ValueTask EndAsync(byte[] key, long turn, ValueTask removal)
    {
        Remember(key, turn);
        try
        {
            await removal;
            Forget(key, turn);
        }
        catch (CacheException)
        {
            KeepWithinBound(turn);
            StartRetrying();
        }
    }

    private async ValueTask EndEverythingAsync(long turn, ValueTask removal)
    {
        RememberEverything(turn);
        try
        {
            await removal;
            ForgetAll(turn);
        }
        catch (CacheException)
        {
            StartRetrying();
        }
    }

    private void Remember(byte[] key, long turn)
    {
        lock (_gate)
        {
            _keys[key] = turn;
            Volatile.Write(ref _count, _keys.Count);
        }
    }

    // Those under way are as many as there are callers; those that failed would grow with time.
    private void KeepWithinBound(long turn)
    {
        if (Volatile.Read(ref _count) > bound)
            RememberEverything(Math.Max(turn, Volatile.Read(ref _last)));
    }

    private void RememberEverything(long turn)
    {
        lock (_gate)
        {
            _everything = turn;
            _keys.Clear();
            Volatile.Write(ref _count, 0);
        }
    }

    // A removal does for all that were asked for before it began, and for none after.
    private void Forget(byte[] key, long turn)
    {
        if (Volatile.Read(ref _count) == 0)
            return;
        lock (_gate)
        {
            if (_keys.TryGetValue(key, out var since) && since <= turn)
                _keys.TryRemove(key, out _);
            Volatile.Write(ref _count, _keys.Count);
        }
    }

    private void ForgetAll(long turn)
    {
        if (Count == 0)
            return;
        lock (_gate)
        {
            if (_everything <= turn)
                _everything = 0;
            foreach (var (key, since) in _keys)
            {
                if (since <= turn)
                    _keys.TryRemove(key, out _);
            }

            Volatile.Write(ref _count, _keys.Count);
        }
    }

    private void StartRetrying()
    {
        lock (_gate)
        {
            if (_isRetrying || _stopping.IsCancellationRequested)
                return;
            _isRetrying = true;
            _retrying = RetryAsync(_stopping.Token);
        }
    }

    private async Task RetryAsync(CancellationToken stopping)
    {
        for (var failures = 1; ; failures++)
        {
            double chance;
            lock (random)
                chance = random.NextDouble();
            await Task.Delay(Pauses.Ceiling(failures) * (0.5 + (0.5 * chance)), time, stopping);
            if (await TryAllAsync())
                failures = 0;
            lock (_gate)
            {
                if (Count > 0)
                    continue;
                _isRetrying = false;
                return;
            }
        }
    }

    /// <returns>Whether all went well.</returns>
    private async Task<bool> TryAllAsync()
    {
        try
        {
            if (Volatile.Read(ref _everything) != 0)
            {
                var turn = Interlocked.Increment(ref _last);
                await cache.ClearAsync();
                ForgetAll(turn);
            }

            foreach (var (key, _) in _keys)
            {
                var turn = Interlocked.Increment(ref _last);
                await cache.RemoveAsync(key);
                Forget(key, turn);
            }

            return true;
        }
        catch (CacheException)
        {
            return false;
        }
    }
}
