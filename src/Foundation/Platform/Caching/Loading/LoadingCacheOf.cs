using System.Runtime.CompilerServices;
using Groundwork.Ports.Caching;
using Groundwork.Primitives.Concurrency;

namespace Groundwork.Platform.Caching;

/// <summary>
/// A space of the cache in front of a store, for keys and values of one type each: the read path of whatever is read far more often than changed.
/// </summary>
/// <remarks>
/// <para>A read:</para>
/// <list type="number">
/// <item>a fresh value answers at once, without waiting;</item>
/// <item>one near its end answers as well, and is refreshed in the background by some reader (<see cref="EarlyRefresh"/>);</item>
/// <item>otherwise it is loaded, once for all who ask at the same time, in this process and, by the key's lease, in those that share the
/// cache; whoever gives up waiting ends only its own wait;</item>
/// <item>where loading fails, is turned away or takes longer than <see cref="LoadingOptions.Patience"/>, a value that is past its life
/// still answers, for <see cref="ValueLives.StaleLife"/>; then loading pauses, so that a store that is down costs its callers nothing
/// more. Without such a value the failure reaches the callers.</item>
/// </list>
/// <para>A write commits first and then awaits <see cref="InvalidateAsync"/>. Invariant: a read in this copy that begins after that has ended
/// never sees what was before the write, also where a shared cache could not be told (<see cref="Caching.Removals"/>); a load that was under
/// way has lost its lease, its result goes to those who asked before, and is not kept. Deleting and not overwriting, because of two
/// writers that overwrite the later one need not be the last.</para>
/// <para>Other copies' writes: a shared cache tells of them. Where each copy keeps its own, they are told by signals
/// (<see cref="Data.Signals"/>), on which each invalidates; while those cannot be heard, <c>isCurrent</c> is false, and values are
/// asked for again before they are served.</para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
/// <typeparam name="TKey">The keys.</typeparam>
/// <typeparam name="TValue">The values.</typeparam>
public sealed class LoadingCache<TKey, TValue> : IAsyncDisposable
    where TKey : notnull
    where TValue : class
{
    private readonly SingleFlight<TKey, Loaded<TValue>> _flights = new();
    private readonly LoadingCore _core;
    private readonly ICacheCodec<TKey, TValue> _codec;
    private readonly Func<TKey, CancellationToken, ValueTask<TValue?>> _load;
    private readonly LoadingOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<bool> _isCurrent;

    /// <param name="cache">The space; nobody else puts anything there.</param>
    /// <param name="codec">How keys and values lie in it.</param>
    /// <param name="load">Reads the latest state of a key from the store; null where there is nothing.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">For jitter and early refreshes; used by one thread at a time.</param>
    /// <param name="isCurrent">Whether other copies' changes have been heard of up to now; always, unless it is given.</param>
    public LoadingCache(
        ICache cache,
        ICacheCodec<TKey, TValue> codec,
        Func<TKey, CancellationToken, ValueTask<TValue?>> load,
        LoadingOptions options,
        TimeProvider time,
        Random random,
        Func<bool>? isCurrent = null)
    {
        _core = new LoadingCore(cache, options, time, random);
        (_codec, _load, _options, _time, _isCurrent) = (codec, load, options, time, isCurrent ?? (static () => true));
    }

    /// <summary>What was counted since the start.</summary>
    public LoadingCounts Counts => _core.Counts;

    /// <summary>What is fresh, for callers on whose path every nanosecond counts; the others use <see cref="GetAsync"/>. Nothing is allocated but the value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="now">The time.</param>
    /// <param name="value">The value; null where there is nothing under the key.</param>
    /// <returns>False where nothing fresh is near: it takes <see cref="GetAsync"/> to know.</returns>
    public bool TryGetFresh(TKey key, DateTimeOffset now, out TValue? value) =>
        Look(key, now, out value) is EntryState.Fresh or EntryState.Due;

    /// <summary>The value of a key; null where there is nothing.</summary>
    /// <exception cref="CacheOverloadException">Too many loads are under way, and there was nothing to be served instead.</exception>
    /// <exception cref="Exception">What loading threw, where there was nothing to be served instead.</exception>
    public ValueTask<TValue?> GetAsync(TKey key, CancellationToken cancellationToken = default)
    {
        var state = Look(key, _time.GetUtcNow(), out var value);
        return state is EntryState.Fresh or EntryState.Due ? new(value) : GetSlowlyAsync(key, state, cancellationToken);
    }

    /// <summary>Removes a key, after a write to it has committed.</summary>
    public ValueTask InvalidateAsync(TKey key)
    {
        // Twice: who joined a load from before would get the old value; one that began in between may have found it there.
        _flights.Forget(key);
        var removal = _core.RemoveAsync(KeyOf(key));
        if (!removal.IsCompletedSuccessfully)
            return EndAsync(key, removal);
        _flights.Forget(key);
        return default;
    }

    /// <summary>Removes everything, where it is not known what was missed.</summary>
    public async ValueTask ClearAsync()
    {
        _flights.ForgetAll();
        await _core.ClearAsync();
        _flights.ForgetAll();
    }

    /// <summary>Ends what runs in the background.</summary>
    public ValueTask DisposeAsync() => _core.DisposeAsync();

    [SkipLocalsInit]
    private EntryState Look(TKey key, DateTimeOffset now, out TValue? value)
    {
        value = null;
        if (!_isCurrent())
            return EntryState.Stale;
        Span<byte> bytes = stackalloc byte[ICacheCodec<TKey, TValue>.MaxKeyBytes];
        var state = _core.Look(bytes[.._codec.WriteKey(key, bytes)], _codec, now.UtcTicks, out value, out var freshUntil);
        if (state == EntryState.Due)
            Refresh(key, freshUntil);
        if (state is EntryState.Fresh or EntryState.Due)
            Counts.Hit();
        return state;
    }

    private async ValueTask<TValue?> GetSlowlyAsync(TKey key, EntryState state, CancellationToken cancellationToken)
    {
        var bytes = NameOf(key);
        var mayHaveStale = state is not EntryState.Missing;
        if (mayHaveStale && _core.ServesStaleFirst && await _core.FindStaleAsync(bytes, _codec, cancellationToken) is { } stale)
        {
            Refresh(key, 0);
            Counts.Stale();
            return stale;
        }

        var newerThan = _isCurrent() ? 0 : long.MaxValue;
        var load = _flights.RunAsync(key, (_, _) => _core.LoadAsync(OrderOf(key, bytes), newerThan), CancellationToken.None);
        return await _core.WaitAsync(load, mayHaveStale, bytes, _codec, cancellationToken);
    }

    private void Refresh(TKey key, long newerThan)
    {
        if (_core.TryBeginRefresh())
            _ = _core.EndRefreshAsync(_flights.TryRun(key, (_, _) => _core.LoadAsync(OrderOf(key, NameOf(key)), newerThan)));
    }

    private LoadOrder<TValue> OrderOf(TKey key, byte[] bytes) => new(bytes, _codec, _options.Lives, [], token => _load(key, token));

    private async ValueTask EndAsync(TKey key, ValueTask removal)
    {
        await removal;
        _flights.Forget(key);
    }

    private byte[] NameOf(TKey key)
    {
        Span<byte> bytes = stackalloc byte[ICacheCodec<TKey, TValue>.MaxKeyBytes];
        return _core.NameOf(bytes[.._codec.WriteKey(key, bytes)]);
    }

    private byte[] KeyOf(TKey key)
    {
        Span<byte> bytes = stackalloc byte[ICacheCodec<TKey, TValue>.MaxKeyBytes];
        return bytes[.._codec.WriteKey(key, bytes)].ToArray();
    }
}
