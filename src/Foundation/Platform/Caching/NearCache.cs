using System.Collections.Concurrent;
using Groundwork.Primitives.Caching;

namespace Groundwork.Platform.Caching;

/// <summary>
/// What this copy remembers of the database, in front of it: the read path of whatever is read far more often than changed.
/// </summary>
/// <remarks>
/// <para>A read:</para>
/// <list type="number">
/// <item>a fresh entry answers at once, without an allocation;</item>
/// <item>an entry near its end answers as well, and is refreshed in the background, a little earlier or later than its
/// neighbours (by chance), so that entries that were loaded together do not end together;</item>
/// <item>otherwise it is loaded, once for all who ask at the same time; whoever gives up waiting ends only its own wait;</item>
/// <item>where loading fails, or takes longer than <see cref="NearCacheOptions.Patience"/>, an entry that is past its life
/// still answers, for <see cref="NearCacheOptions.StaleLife"/>; then loading pauses, so that a database that is down costs
/// its callers nothing more. Without such an entry the failure reaches the callers.</item>
/// </list>
/// <para>A write commits first and then calls <see cref="Invalidate"/>. Invariant: a read that begins after that call never
/// sees what was before the write. A load that was under way may have read the old value: it is disowned, its result goes to
/// those who asked before, and is not kept. Deleting and not overwriting, because of two writers that overwrite the later one
/// need not be the last.</para>
/// <para>Other copies' writes: they are told of by signals (<see cref="Groundwork.Platform.Data.Signals"/>); while those cannot be heard,
/// <c>isCurrent</c> is false, and entries are asked for again before they are served. What is not there is only remembered
/// for <see cref="NearCacheOptions.NegativeLife"/>.</para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
public sealed class NearCache<TKey, TValue>
    where TKey : notnull
    where TValue : class
{
    // What an entry's two times take, beyond what the cache counts for each.
    private const int EntryBytes = 16;

    private readonly NearCacheOptions _options;
    private readonly Func<TKey, CancellationToken, ValueTask<TValue?>> _load;
    private readonly Func<TValue, int> _sizeOf;
    private readonly Func<bool> _isCurrent;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly S3FifoCache<TKey, Entry> _entries;
    private readonly ConcurrentDictionary<TKey, Load> _loads = new();
    private long _pausedUntil;
    private int _refreshes;

    /// <param name="options">The bounds.</param>
    /// <param name="load">Reads the latest state of a key; null where there is nothing.</param>
    /// <param name="sizeOf">What a value takes, in bytes, beyond its entry.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads refreshes; used by one thread at a time.</param>
    /// <param name="isCurrent">Whether other copies' changes have been heard of up to now.</param>
    public NearCache(
        NearCacheOptions options,
        Func<TKey, CancellationToken, ValueTask<TValue?>> load,
        Func<TValue, int> sizeOf,
        TimeProvider time,
        Random random,
        Func<bool>? isCurrent = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _load, _sizeOf, _time, _random) = (options, load, sizeOf, time, random);
        _isCurrent = isCurrent ?? (static () => true);
        _entries = new S3FifoCache<TKey, Entry>(options.Bytes);
    }

    /// <summary>What was counted since the start.</summary>
    public NearCacheCounts Counts { get; } = new();

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Count;

    /// <summary>What the entries take.</summary>
    public long Bytes => _entries.Bytes;

    /// <summary>How many entries had to leave for others so far.</summary>
    public long Evictions => _entries.Evictions;

    /// <summary>The value of a key; null where there is nothing.</summary>
    /// <exception cref="Exception">What loading threw, where there was nothing to be served instead.</exception>
    public ValueTask<TValue?> GetAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var now = Now;
        if (_entries.TryGet(key, out var entry))
            return TryServe(key, entry, now) ? new(entry.Value) : RevalidateAsync(key, entry, now, cancellationToken);
        Counts.Miss();
        return new(LoadOf(key, out _).Task.WaitAsync(cancellationToken));
    }

    /// <summary>What a fresh entry says, for callers on whose path every nanosecond counts; the others use <see cref="GetAsync"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="now">The time.</param>
    /// <param name="value">The value; null where there is nothing under the key.</param>
    /// <returns>False where no entry is fresh: it takes <see cref="GetAsync"/> to know.</returns>
    public bool TryGetFresh(TKey key, DateTimeOffset now, out TValue? value)
    {
        var isFresh = _entries.TryGet(key, out var entry) && TryServe(key, entry, now.UtcTicks);
        value = isFresh ? entry.Value : null;
        return isFresh;
    }

    /// <summary>Forgets a key, after a write to it has committed.</summary>
    public void Invalidate(TKey key)
    {
        // Twice: a load from before would put its entry back; one that began in between may have found the entry.
        Disown(key);
        _entries.Remove(key);
        Disown(key);
    }

    /// <summary>Forgets everything, where it is not known what was missed.</summary>
    public void Clear()
    {
        DisownAll();
        _entries.Clear();
        DisownAll();
    }

    private long Now => _time.GetUtcNow().UtcTicks;

    private bool TryServe(TKey key, in Entry entry, long now)
    {
        if (now >= entry.FreshUntil || !_isCurrent())
            return false;
        if (now >= entry.RefreshAt)
            RefreshAhead(key);
        Counts.Hit();
        return true;
    }

    private async ValueTask<TValue?> RevalidateAsync(TKey key, Entry entry, long now, CancellationToken cancellationToken)
    {
        if (entry.Value is null || now >= entry.FreshUntil + _options.StaleLife.Ticks)
        {
            Counts.Miss();
            return await LoadOf(key, out _).Task.WaitAsync(cancellationToken);
        }

        if (now >= Volatile.Read(ref _pausedUntil))
        {
            try
            {
                var value = await LoadOf(key, out _).Task.WaitAsync(_options.Patience, _time, cancellationToken);
                Counts.Miss();
                return value;
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                Pause();
            }
        }

        Counts.Stale();
        return entry.Value;
    }

    private void RefreshAhead(TKey key)
    {
        if (Now < Volatile.Read(ref _pausedUntil) || _loads.ContainsKey(key))
            return;
        if (Interlocked.Increment(ref _refreshes) > _options.Refreshes)
        {
            Interlocked.Decrement(ref _refreshes);
            return;
        }

        var load = LoadOf(key, out var began);
        if (began)
            Counts.Refresh();
        _ = EndRefreshAsync(load.Task);
    }

    private async Task EndRefreshAsync(Task loading)
    {
        await loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (loading.IsFaulted)
            Pause();
        Interlocked.Decrement(ref _refreshes);
    }

    private void Pause() => Volatile.Write(ref _pausedUntil, Now + _options.Pause.Ticks);

    private void Disown(TKey key)
    {
        if (_loads.TryRemove(key, out var load))
            load.Disown();
    }

    private void DisownAll()
    {
        foreach (var key in _loads.Keys)
            Disown(key);
    }

    private bool IsFresh(Entry entry) => Now is var now && now < entry.FreshUntil && now < entry.RefreshAt && _isCurrent();

    private Load LoadOf(TKey key, out bool began)
    {
        while (true)
        {
            began = false;
            if (_loads.TryGetValue(key, out var load))
                return load;
            load = new Load();
            if (!_loads.TryAdd(key, load))
                continue;

            // Another load may have ended since the caller looked: it keeps its entry before it goes.
            began = !_entries.TryGet(key, out var entry) || !IsFresh(entry);
            if (began)
            {
                _ = RunAsync(key, load);
            }
            else
            {
                _loads.TryRemove(KeyValuePair.Create(key, load));
                load.Complete(entry.Value);
            }

            return load;
        }
    }

    // Not cancelled with whoever asked first: others may wait for it.
    private async Task RunAsync(TKey key, Load load)
    {
        try
        {
            var began = Now;
            var value = await _load(key, CancellationToken.None);
            load.Keep(() => Keep(key, value, began));
            _loads.TryRemove(KeyValuePair.Create(key, load));
            load.Complete(value);
        }
        catch (Exception e)
        {
            _loads.TryRemove(KeyValuePair.Create(key, load));
            load.Fail(e);
        }
    }

    // Its life is counted from when it was asked for: what was read is no younger than that.
    private void Keep(TKey key, TValue? value, long began)
    {
        var life = (value is null ? _options.NegativeLife : _options.Life).Ticks;
        double chance;
        lock (_random)
            chance = _random.NextDouble();

        // In the last fifth of its life; never where there is nothing to refresh.
        var refreshAt = value is null ? long.MaxValue : began + (long)(life * (0.8 + (0.2 * chance)));
        _entries.Set(key, new Entry(value, began + life, refreshAt), EntryBytes + (value is null ? 0 : _sizeOf(value)));
    }

    private readonly record struct Entry(TValue? Value, long FreshUntil, long RefreshAt);

    /// <summary>A load under way, which a write may disown before its result is kept.</summary>
    private sealed class Load
    {
        private readonly TaskCompletionSource<TValue?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private bool _disowned;

        public Task<TValue?> Task => _result.Task;

        public void Disown()
        {
            lock (_gate)
                _disowned = true;
        }

        public void Keep(Action keep)
        {
            lock (_gate)
            {
                if (!_disowned)
                    keep();
            }
        }

        public void Complete(TValue? value) => _result.TrySetResult(value);

        public void Fail(Exception error)
        {
            _result.TrySetException(error);

            // Nobody may be left to see it.
            _ = _result.Task.Exception;
        }
    }
}
