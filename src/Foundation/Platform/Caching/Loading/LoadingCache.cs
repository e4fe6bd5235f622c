using System.Text;
using Groundwork.Ports.Caching;
using Groundwork.Primitives.Concurrency;

namespace Groundwork.Platform.Caching;

/// <summary>
/// A space of the cache for values of any kind: what takes long to make is made once and kept, under a name and under tags.
/// </summary>
/// <remarks>
/// All that <see cref="LoadingCache{TKey, TValue}"/> says of reads and writes holds here; <see cref="TagGenerations"/> says how tags work and
/// what they cost. A removal of a tag lets loads under way go on for those who asked before, and everybody else start over. Safe for concurrent use.
/// </remarks>
public sealed class LoadingCache : IAsyncDisposable
{
    /// <summary>The longest key, in bytes of UTF-8.</summary>
    public const int MaxKeyBytes = 1024;

    // What keys of values begin with; those of tags begin with another.
    private const byte KeyPrefix = (byte)'v';

    private readonly SingleFlight<string, object> _flights = new(comparer: StringComparer.Ordinal);
    private readonly LoadingCore _core;
    private readonly LoadingOptions _options;

    /// <param name="cache">The space; nobody else puts anything there.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">For jitter, early refreshes and generations of tags; used by one thread at a time.</param>
    public LoadingCache(ICache cache, LoadingOptions options, TimeProvider time, Random random) =>
        (_core, _options) = (new LoadingCore(cache, options, time, random), options);

    /// <summary>What was counted since the start.</summary>
    public LoadingCounts Counts => _core.Counts;

    /// <summary>The value of a key, made where there is none; null where there is nothing.</summary>
    /// <param name="key">Up to <see cref="MaxKeyBytes"/>.</param>
    /// <param name="state">What the factory needs, so that it need not be a closure.</param>
    /// <param name="factory">Makes the value from the latest state of what it is made of.</param>
    /// <param name="codec">How it lies in the cache.</param>
    /// <param name="lives">How long it is served; as the cache's options say, unless it is given.</param>
    /// <param name="tags">By what it can be removed beside its key: up to 16 of up to 128 bytes.</param>
    /// <param name="cancellationToken">Ends this caller's wait.</param>
    /// <exception cref="CacheOverloadException">Too many values are being made, and there was nothing to be served instead.</exception>
    /// <exception cref="Exception">What the factory threw, where there was nothing to be served instead.</exception>
    public ValueTask<TValue?> GetOrCreateAsync<TState, TValue>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<TValue?>> factory,
        IValueCodec<TValue> codec,
        ValueLives? lives = null,
        IReadOnlyList<string>? tags = null,
        CancellationToken cancellationToken = default)
        where TValue : class
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(codec);
        Span<byte> bytes = stackalloc byte[1 + MaxKeyBytes];
        var found = _core.Look(bytes[..WriteKey(key, bytes)], codec, _core.Now, out var value, out var freshUntil);
        if (found == EntryState.Fresh)
        {
            Counts.Hit();
            return new(value);
        }

        var order = OrderOf(key, state, factory, codec, lives, tags);
        if (found != EntryState.Due)
            return GetSlowlyAsync(key, order, found, cancellationToken);
        Refresh(key, order, freshUntil);
        Counts.Hit();
        return new(value);
    }

    /// <summary>The value of a key, where it is there and fresh; nothing is made.</summary>
    /// <returns>Null where there is none, or only that there is nothing.</returns>
    public ValueTask<TValue?> FindAsync<TValue>(string key, IValueCodec<TValue> codec, CancellationToken cancellationToken = default)
        where TValue : class
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(codec);
        return _core.FindAsync(KeyOf(key), codec, cancellationToken);
    }

    /// <summary>Makes the value of a key, whatever is there, and keeps it unless the key is changed meanwhile or somebody else makes it;
    /// otherwise as <see cref="GetOrCreateAsync"/>.</summary>
    public async ValueTask<TValue?> CreateAsync<TState, TValue>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<TValue?>> factory,
        IValueCodec<TValue> codec,
        ValueLives? lives = null,
        IReadOnlyList<string>? tags = null,
        CancellationToken cancellationToken = default)
        where TValue : class
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(codec);
        var order = OrderOf(key, state, factory, codec, lives, tags);
        return (await _core.LoadAsync(order, long.MaxValue).WaitAsync(cancellationToken)).Value;
    }

    /// <summary>Puts a value under a key, whatever is there, in the place of what is being made. Where it cannot be kept, the key is removed.</summary>
    public async ValueTask SetAsync<TValue>(
        string key, TValue value, IValueCodec<TValue> codec, ValueLives? lives = null, IReadOnlyList<string>? tags = null)
        where TValue : class
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(codec);
        _flights.Forget(key);
        await _core.SetAsync(new LoadOrder<TValue>(KeyOf(key), codec, lives ?? _options.Lives, TagNotes.Encode(tags ?? []), _ => new(value)), value);
        _flights.Forget(key);
    }

    /// <summary>Removes a key, after what its value is made of has changed.</summary>
    public async ValueTask RemoveAsync(string key)
    {
        _flights.Forget(key);
        await _core.RemoveAsync(KeyOf(key));
        _flights.Forget(key);
    }

    /// <summary>Removes every value that has a tag.</summary>
    public async ValueTask RemoveTagAsync(string tag)
    {
        _flights.ForgetAll();
        await _core.Tags.RemoveAsync(TagNotes.Encode(tag));
        _flights.ForgetAll();
    }

    /// <summary>Removes everything.</summary>
    public async ValueTask ClearAsync()
    {
        _flights.ForgetAll();
        await _core.ClearAsync();
        _flights.ForgetAll();
    }

    /// <summary>Ends what runs in the background.</summary>
    public ValueTask DisposeAsync() => _core.DisposeAsync();

    private async ValueTask<TValue?> GetSlowlyAsync<TValue>(string key, LoadOrder<TValue> order, EntryState state, CancellationToken cancellationToken)
        where TValue : class
    {
        var mayHaveStale = state is not EntryState.Missing;
        if (mayHaveStale && _core.ServesStaleFirst && await _core.FindStaleAsync(order.Key, order.Codec, cancellationToken) is { } stale)
        {
            Refresh(key, order, 0);
            Counts.Stale();
            return stale;
        }

        var load = UnboxAsync(_flights.RunAsync(key, async (_, _) => await _core.LoadAsync(order, 0), CancellationToken.None), order);
        return await _core.WaitAsync(load, mayHaveStale, order.Key, order.Codec, cancellationToken);
    }

    private void Refresh<TValue>(string key, LoadOrder<TValue> order, long newerThan)
        where TValue : class
    {
        if (_core.TryBeginRefresh())
            _ = _core.EndRefreshAsync(_flights.TryRun(key, async (_, _) => await _core.LoadAsync(order, newerThan)));
    }

    // Somebody may ask for the same key as another type.
    private async Task<Loaded<TValue>> UnboxAsync<TValue>(Task<object> load, LoadOrder<TValue> order)
        where TValue : class => await load is Loaded<TValue> loaded ? loaded : await _core.LoadAsync(order, long.MaxValue);

    private LoadOrder<TValue> OrderOf<TState, TValue>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<TValue?>> factory,
        IValueCodec<TValue> codec, ValueLives? lives, IReadOnlyList<string>? tags)
        where TValue : class =>
        new(NameOf(key), codec, lives ?? _options.Lives, TagNotes.Encode(tags ?? []), token => factory(state, token));

    private static int WriteKey(string key, Span<byte> destination)
    {
        destination[0] = KeyPrefix;
        return Encoding.UTF8.TryGetBytes(key, destination[1..], out var length) && length > 0
            ? 1 + length
            : throw new ArgumentException($"A key has 1 to {MaxKeyBytes} bytes.", nameof(key));
    }

    private byte[] NameOf(string key)
    {
        Span<byte> bytes = stackalloc byte[1 + MaxKeyBytes];
        return _core.NameOf(bytes[..WriteKey(key, bytes)]);
    }

    private static byte[] KeyOf(string key)
    {
        Span<byte> bytes = stackalloc byte[1 + MaxKeyBytes];
        return bytes[..WriteKey(key, bytes)].ToArray();
    }
}
