using Groundwork.Primitives;

namespace Groundwork.Platform.Caching;

/// <summary>The bounds of a <see cref="WriteBehind{TKey, TValue}"/>.</summary>
public sealed record WriteBehindOptions
{
    /// <summary>How many keys may wait to be written; then writers wait.</summary>
    public int Waiting { get; init; } = 4_096;

    /// <summary>How many are written at once.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>How long a value waits for others of its key and its batch.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the store is left alone after it failed.</summary>
    public Backoff Retries { get; init; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));
}

/// <summary>
/// Takes writes at once and stores them soon, the last value of each key, many together: for what is written far more often than it
/// must be kept to the last.
/// </summary>
/// <remarks>
/// <para>What is lost: when the process dies (<c>kill -9</c>, power), all that was taken and not stored: values of the last
/// <see cref="WriteBehindOptions.Linger"/> while the store is well, and while it is down up to <see cref="WriteBehindOptions.Waiting"/> keys
/// of any age. A stop in good order stores them first. What must not be lost is written through (<see cref="WriteThrough{TKey, TValue}"/>).</para>
/// <para>Invariants: a key's values are stored in the order in which they were taken, some being skipped; never two batches at a time; a batch
/// that failed is tried again, with what was taken meanwhile in the place of its older values. A full queue lets writers wait, so that
/// a store that is down holds them up and costs no memory.</para>
/// <para>A reader in this process sees what was taken by <see cref="TryGetWaiting"/> until it is stored. Safe for concurrent use.</para>
/// </remarks>
/// <typeparam name="TKey">The keys.</typeparam>
/// <typeparam name="TValue">The values.</typeparam>
public sealed class WriteBehind<TKey, TValue> : IAsyncDisposable
    where TKey : notnull
    where TValue : notnull
{
    private readonly Func<IReadOnlyList<KeyValuePair<TKey, TValue>>, CancellationToken, ValueTask> _store;
    private readonly Func<TKey, ValueTask> _invalidate;
    private readonly WriteBehindOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, TValue> _waiting = [];
    private readonly Dictionary<TKey, TValue> _underWay = [];
    private readonly SemaphoreSlim _places;
    private readonly CancellationTokenSource _stopping = new();
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private bool _isStopped;

    /// <param name="store">Writes values of different keys, all or none; called by one at a time. What it throws is tried again.</param>
    /// <param name="invalidate">Removes a key from the cache, after each try to store it.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads the retries; used by one at a time.</param>
    public WriteBehind(
        Func<IReadOnlyList<KeyValuePair<TKey, TValue>>, CancellationToken, ValueTask> store,
        Func<TKey, ValueTask> invalidate,
        WriteBehindOptions options,
        TimeProvider time,
        Random random)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_store, _invalidate, _options, _time, _random) = (store, invalidate, options, time, random);
        _places = new SemaphoreSlim(options.Waiting);
    }

    /// <summary>How many keys wait or are being stored.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count + _underWay.Count;
        }
    }

    /// <summary>Takes a value; waits where too many wait to be stored.</summary>
    /// <exception cref="ObjectDisposedException">It was stopped.</exception>
    public async ValueTask WriteAsync(TKey key, TValue value, CancellationToken cancellationToken = default)
    {
        if (TryReplace(key, value))
            return;
        await _places.WaitAsync(cancellationToken);
        lock (_gate)
        {
            if (!_isStopped)
            {
                // Somebody else may have taken a place for the key meanwhile.
                if (_waiting.ContainsKey(key))
                    _places.Release();
                _waiting[key] = value;
                StartWriting();
                return;
            }
        }

        _places.Release();
        throw new ObjectDisposedException(nameof(WriteBehind<TKey, TValue>));
    }

    /// <summary>The last value that was taken of a key and is not stored yet.</summary>
    public bool TryGetWaiting(TKey key, out TValue? value)
    {
        lock (_gate)
            return _waiting.TryGetValue(key, out value) || _underWay.TryGetValue(key, out value);
    }

    /// <summary>Stores what was taken, and takes nothing more.</summary>
    /// <param name="cancellationToken">Ends the tries; what is not stored by then is lost.</param>
    /// <returns>How many keys' values were lost.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
            _isStopped = true;
        await _stopping.CancelAsync();
        await _writing;
        var failures = 0;
        while (Count > 0 && !cancellationToken.IsCancellationRequested)
        {
            if (await TryStoreAsync(cancellationToken))
                failures = 0;
            else
                await Task.Delay(_options.Retries.Delay(++failures, _random.NextDouble()), _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Count;
    }

    /// <summary>Ends it; what was not stored by <see cref="StopAsync"/> is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
            _isStopped = true;
        await _stopping.CancelAsync();
        await _writing;
    }

    private bool TryReplace(TKey key, TValue value)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isStopped, this);
            if (!_waiting.ContainsKey(key))
                return false;
            _waiting[key] = value;
            return true;
        }
    }

    // Under the gate; runs up to its first wait.
    private void StartWriting()
    {
        if (_isWriting)
            return;
        _isWriting = true;
        _writing = WriteOnAsync();
    }

    private async Task WriteOnAsync()
    {
        try
        {
            await Task.Delay(_options.Linger, _time, _stopping.Token);
            for (var failures = 0; ;)
            {
                if (await TryStoreAsync(_stopping.Token))
                    failures = 0;
                else
                    await Task.Delay(_options.Retries.Delay(++failures, _random.NextDouble()), _time, _stopping.Token);
                lock (_gate)
                {
                    if (_waiting.Count > 0)
                        continue;
                    _isWriting = false;
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // What is left is for StopAsync.
        }
    }

    private async ValueTask<bool> TryStoreAsync(CancellationToken cancellationToken)
    {
        KeyValuePair<TKey, TValue>[] batch;
        lock (_gate)
        {
            batch = [.. _waiting.Take(_options.Batch)];
            foreach (var (key, value) in batch)
            {
                _waiting.Remove(key);
                _underWay.Add(key, value);
            }
        }

        var isStored = false;
        try
        {
            await _store(batch, cancellationToken);
            isStored = true;
        }
        catch (Exception) when (!isStored)
        {
            // Whatever it was, nothing is stored: it is tried again.
        }

        var freed = 0;
        lock (_gate)
        {
            _underWay.Clear();
            foreach (var (key, value) in batch)
            {
                // A newer one has a place of its own.
                if (isStored || !_waiting.TryAdd(key, value))
                    freed++;
            }
        }

        if (freed > 0)
            _places.Release(freed);
        foreach (var (key, _) in batch)
            await _invalidate(key);
        return isStored;
    }
}
