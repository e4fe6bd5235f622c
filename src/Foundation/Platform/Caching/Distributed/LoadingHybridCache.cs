using System.Buffers;
using System.Text.Unicode;
using Groundwork.Ports.Caching;
using Microsoft.Extensions.Caching.Hybrid;

namespace Groundwork.Platform.Caching;

/// <summary>
/// .NET's <see cref="HybridCache"/> on a space of the Cache port: a value is made once for all who ask, in all processes that share the
/// cache, and one that was made before a removal does not stay.
/// </summary>
/// <remarks>
/// <para>Expiration is 5 minutes unless a call says so. Nothing is served past it, and nothing is made ahead of it, since a factory may need what ends with
/// its caller. A factory goes on for others when its caller has left; its token is never cancelled.</para>
/// <para>What is local and what is distributed. Where the cache is the process' own all is local: the flags and the expiration of the
/// local cache hold, those of the distributed one mean nothing. Where it is shared, copies near are part of it, since they are told of changes and end with
/// their originals: the flags of the distributed one hold, and those of the local one mean nothing. A call that may not read, or not write,
/// makes its value for itself.</para>
/// <para>Tags are up to 16 of up to 128 bytes; <c>*</c> removes everything. A key of more than <see cref="LoadingCache.MaxKeyBytes"/>, or that is no text, is made and
/// not kept, and so is a value longer than the port's. A payload that cannot be read (an earlier version's) is made anew. Nothing is compressed.
/// Safe for concurrent use.</para>
/// </remarks>
public sealed class LoadingHybridCache : HybridCache, IAsyncDisposable
{
    private static readonly TimeSpan DefaultExpiration = TimeSpan.FromMinutes(5);

    // Whoever asks for more means for good, and no point in time is so far away.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    private readonly LoadingCache _cache;
    private readonly HybridSerializers _serializers;
    private readonly HybridCacheEntryFlags _noRead;
    private readonly HybridCacheEntryFlags _noWrite;
    private readonly bool _isShared;

    /// <param name="cache">The space; nobody else puts anything there.</param>
    /// <param name="isShared">Whether other processes use the same.</param>
    /// <param name="services">Where serializers are registered.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">For the generations of tags, and pauses; used by one thread at a time.</param>
    public LoadingHybridCache(ICache cache, bool isShared, IServiceProvider services, TimeProvider time, Random random)
    {
        _cache = new LoadingCache(cache, new LoadingOptions { Eagerness = 0 }, time, random);
        _serializers = new HybridSerializers(services);
        _isShared = isShared;
        (_noRead, _noWrite) = isShared
            ? (HybridCacheEntryFlags.DisableDistributedCacheRead, HybridCacheEntryFlags.DisableDistributedCacheWrite)
            : (HybridCacheEntryFlags.DisableLocalCacheRead, HybridCacheEntryFlags.DisableLocalCacheWrite);
    }

    /// <summary>What was counted since the start.</summary>
    public LoadingCounts Counts => _cache.Counts;

    /// <inheritdoc/>
    public override async ValueTask<T> GetOrCreateAsync<TState, T>(
        string key,
        TState state,
        Func<TState, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options = null,
        IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        cancellationToken.ThrowIfCancellationRequested();
        var flags = options?.Flags ?? HybridCacheEntryFlags.None;
        var isMade = (flags & HybridCacheEntryFlags.DisableUnderlyingData) == 0;
        var isRead = (flags & _noRead) == 0;
        var isKept = (flags & _noWrite) == 0;
        if (!CanBeKept(key))
            return isMade ? await factory(state, cancellationToken) : default!;

        var noted = Noted(tags);
        var serializer = _serializers.Of<T>();
        for (var isSecond = false; ; isSecond = true)
        {
            if (isRead && (!isMade || !isKept) && await _cache.FindAsync(key, HybridPayload.Codec, cancellationToken) is { } found)
            {
                if (TryRead(found, serializer, isSecond: false, out var value))
                    return value;
            }

            if (!isMade)
                return default!;
            if (!isKept)
                return await factory(state, cancellationToken);

            var made = await MakeAsync(key, (state, factory, serializer), isRead, options, noted, cancellationToken);
            if (TryRead(made, serializer, isSecond, out var read))
                return read;
            await _cache.RemoveAsync(key);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask SetAsync<T>(
        string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        cancellationToken.ThrowIfCancellationRequested();
        var noted = Noted(tags);
        if (!CanBeKept(key) || ((options?.Flags ?? HybridCacheEntryFlags.None) & _noWrite) != 0)
            return;
        await _cache.SetAsync(key, HybridPayload.Of(value, _serializers.Of<T>()), HybridPayload.Codec, LivesOf(options), noted);
    }

    /// <inheritdoc/>
    public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return CanBeKept(key) ? _cache.RemoveAsync(key) : default;
    }

    /// <inheritdoc/>
    public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return tag == "*" ? _cache.ClearAsync() : _cache.RemoveTagAsync(tag);
    }

    /// <summary>Ends what runs in the background.</summary>
    public ValueTask DisposeAsync() => _cache.DisposeAsync();

    private static bool CanBeKept(string key)
    {
        Span<byte> bytes = stackalloc byte[LoadingCache.MaxKeyBytes];
        return Utf8.FromUtf16(key, bytes, out _, out var length, replaceInvalidSequences: false) == OperationStatus.Done && length > 0;
    }

    private static string[] Noted(IEnumerable<string>? tags)
    {
        string[] noted = tags is null ? [] : [.. tags];
        return Array.IndexOf(noted, "*") < 0
            ? noted
            : throw new ArgumentException("No value has the tag *: it stands for everything.", nameof(tags));
    }

    // What cannot be read the first time may be another version's; what was made a moment ago is the serializer's fault.
    private static bool TryRead<T>(HybridPayload payload, IHybridCacheSerializer<T> serializer, bool isSecond, out T value)
    {
        try
        {
            value = payload.Read(serializer);
            return true;
        }
        catch (Exception) when (!isSecond)
        {
            value = default!;
            return false;
        }
    }

    private async ValueTask<HybridPayload> MakeAsync<TState, T>(
        string key,
        (TState State, Func<TState, CancellationToken, ValueTask<T>> Factory, IHybridCacheSerializer<T> Serializer) order,
        bool isRead,
        HybridCacheEntryOptions? options,
        string[] tags,
        CancellationToken cancellationToken)
    {
        var payload = isRead
            ? await _cache.GetOrCreateAsync(key, order, CallAsync, HybridPayload.Codec, LivesOf(options), tags, cancellationToken)
            : await _cache.CreateAsync(key, order, CallAsync, HybridPayload.Codec, LivesOf(options), tags, cancellationToken);
        return payload!; // there always is one, of null too

        static async ValueTask<HybridPayload?> CallAsync(
            (TState State, Func<TState, CancellationToken, ValueTask<T>> Factory, IHybridCacheSerializer<T> Serializer) order,
            CancellationToken cancellationToken) =>
            HybridPayload.Of(await order.Factory(order.State, cancellationToken), order.Serializer);
    }

    private ValueLives LivesOf(HybridCacheEntryOptions? options)
    {
        var life = options?.Expiration ?? DefaultExpiration;
        if (!_isShared && options?.LocalCacheExpiration is { } local && local < life)
            life = local;
        return new ValueLives { Life = life < Longest ? life : Longest, Jitter = 0, StaleLife = TimeSpan.Zero };
    }
}
