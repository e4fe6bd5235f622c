using System.Buffers;
using System.Runtime.CompilerServices;
using Groundwork.Ports.Caching;
using Groundwork.Primitives;

namespace Groundwork.Platform.Caching;

/// <summary>
/// What all loading caches do with the bytes of a space: judge what lies there, load what does not under the key's lease, and serve what is
/// past its life where that is better than nothing.
/// </summary>
/// <remarks>
/// <para>Whether a value is fresh is said by its <see cref="Envelope"/>; the life that the cache counts is the one past which it is not even
/// stale. Who loads is said by the lease, across processes; inside one, callers share a load before they come here.</para>
/// <para>A cache that fails is no failure of a read: it is loaded as if nothing were kept. Safe for concurrent use.</para>
/// <para>Long, since whoever looks, asks, loads and serves what is stale judges by the same few rules, which stand here once.</para>
/// </remarks>
internal sealed class LoadingCore : IAsyncDisposable
{
    // What it needs of a value on the stack; longer ones go through the pool.
    private const int NearBytes = 512;

    // How many times in a row a cache may contradict itself before it is done without.
    private const int MaxContradictions = 3;

    private static readonly TimeSpan Always = TimeSpan.FromDays(36_500);
    private static readonly Backoff HeldPauses = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(50));

    private readonly ICache _cache;
    private readonly LoadingOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly LoadGate _gate;
    private readonly Removals _removals;
    private readonly TagGenerations _tags;
    private readonly KeyCopies? _copies;
    private long _pausedUntil;
    private int _refreshes;

    /// <param name="cache">Where values lie.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">For jitter and early refreshes; locked while it is used.</param>
    public LoadingCore(ICache cache, LoadingOptions options, TimeProvider time, Random random)
    {
        (_cache, _options, _time, _random) = (cache, options, time, random);
        _gate = new LoadGate(options.Loads, options.Waiting);
        _removals = new Removals(cache, options.Removals, time, random);
        _tags = new TagGenerations(cache, _removals, NextGeneration);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Copies, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Copies, KeyCopies.Most, nameof(options));
        if (options.Copies > 1)
            _copies = new KeyCopies(options.Copies, time, random);
    }

    /// <summary>What was counted.</summary>
    public LoadingCounts Counts { get; } = new();

    /// <summary>The tags.</summary>
    public TagGenerations Tags => _tags;

    /// <summary>The time, in ticks of UTC.</summary>
    public long Now => _time.GetUtcNow().UtcTicks;

    /// <summary>Whether loading pauses because it failed or was slow.</summary>
    public bool IsPaused => Now < Volatile.Read(ref _pausedUntil);

    /// <summary>Whether stale values are served before anything is waited for.</summary>
    public bool ServesStaleFirst => _options.Patience <= TimeSpan.Zero || IsPaused;

    /// <summary>The name by which a key is read and filled now: its own, or that of one of its copies.</summary>
    [SkipLocalsInit]
    public byte[] NameOf(ReadOnlySpan<byte> key) =>
        _copies is null ? key.ToArray() : _copies.NameOf(key, stackalloc byte[CacheLimits.MaxKeyBytes]).ToArray();

    /// <summary>Removes a key under all of its names. Never fails.</summary>
    public ValueTask RemoveAsync(byte[] key) => _copies is null ? _removals.RemoveAsync(key) : RemoveAllAsync(_copies.NamesOf(key));

    /// <summary>Removes everything. Never fails.</summary>
    public ValueTask ClearAsync() => _removals.ClearAsync();

    /// <summary>Looks for a value where that takes no waiting.</summary>
    /// <param name="key">The key.</param>
    /// <param name="codec">How to read it.</param>
    /// <param name="now">The time, in ticks of UTC.</param>
    /// <param name="value">The value, where it is fresh.</param>
    /// <param name="freshUntil">Until when, in ticks of UTC.</param>
    public EntryState Look<TValue>(ReadOnlySpan<byte> key, IValueCodec<TValue> codec, long now, out TValue? value, out long freshUntil)
        where TValue : class => _copies is null
            ? LookAt(key, codec, now, out value, out freshUntil)
            : LookAtCopy(_copies, key, codec, now, out value, out freshUntil);

    /// <summary>What may be served though it is past its life; null where there is nothing, or only that there is nothing.</summary>
    public ValueTask<TValue?> FindStaleAsync<TValue>(byte[] key, IValueCodec<TValue> codec, CancellationToken cancellationToken)
        where TValue : class => AskAsync(key, codec, mayBeStale: true, cancellationToken);

    /// <summary>What is there of a key and fresh; null where there is nothing, or only that there is nothing.</summary>
    public ValueTask<TValue?> FindAsync<TValue>(byte[] key, IValueCodec<TValue> codec, CancellationToken cancellationToken)
        where TValue : class => Look(key, codec, Now, out var value, out _) switch
        {
            EntryState.Fresh or EntryState.Due => new(value),
            EntryState.Unknown => AskAsync(NameOf(key), codec, mayBeStale: false, cancellationToken),
            _ => default,
        };

    /// <summary>Puts a value under all names of a key, whatever is there; where the cache does not take it, the key is removed.</summary>
    public async ValueTask SetAsync<TValue>(LoadOrder<TValue> order, TValue value)
        where TValue : class
    {
        try
        {
            var tags = await _tags.NoteAsync(order.Tags);
            var (bytes, life) = Wrap(order, value, Now, TimeSpan.Zero, tags);
            if (life > TimeSpan.Zero && await SetAllAsync(order.Key, bytes, life))
                return;
        }
        catch (CacheException)
        {
            // Nobody knows whether it was put: what is there now is neither to be served.
        }

        await RemoveAsync(order.Key);
    }

    /// <summary>Loads a key, unless somebody else has or does.</summary>
    /// <param name="order">What.</param>
    /// <param name="newerThan">Only a value that is fresh for longer than this (in ticks of UTC) will do; <see cref="long.MaxValue"/> for only
    /// what the store says now.</param>
    public async Task<Loaded<TValue>> LoadAsync<TValue>(LoadOrder<TValue> order, long newerThan)
        where TValue : class
    {
        var began = _time.GetTimestamp();
        var terms = new LeaseTerms(_options.Lease, newerThan == 0 ? order.Lives.StaleLife : Always);
        for (int pauses = 0, contradictions = 0; ;)
        {
            if (_removals.Covers(order.Key))
                return await LoadUnkeptAsync(order);
            var bytes = new ArrayBufferWriter<byte>(NearBytes);
            CacheLease lease;
            var isCurrent = false;
            try
            {
                lease = await _cache.LeaseAsync(order.Key, terms, bytes);
                isCurrent = lease.HasValue && await _tags.AreCurrentAsync(bytes.WrittenMemory, CancellationToken.None);
            }
            catch (CacheException)
            {
                return await LoadUnkeptAsync(order);
            }

            var (value, freshUntil) = ((TValue?)null, 0L);
            var state = isCurrent && !_removals.Covers(order.Key)
                ? JudgeEvenStale(bytes.WrittenSpan, order.Codec, out value, out freshUntil)
                : EntryState.Missing;
            if (state is EntryState.Fresh && freshUntil > newerThan)
            {
                if (lease.State == LeaseState.Granted)
                    await ReleaseAsync(order.Key, lease.Token);
                return new(value, LoadedFrom.Cache);
            }

            switch (lease.State)
            {
                case LeaseState.Granted:
                    return await FillAsync(order, lease.Token);
                case LeaseState.Fresh when contradictions++ < MaxContradictions:
                    // Of the cache it is; of its envelope it is not.
                    terms = terms with { Stale = Always };
                    break;
                case LeaseState.Held when newerThan != long.MaxValue && state is not EntryState.Missing && value is not null:
                    return new(value, state is EntryState.Fresh ? LoadedFrom.Cache : LoadedFrom.Stale);
                case LeaseState.Held when newerThan != long.MaxValue && _time.GetElapsedTime(began) < _options.HeldWait:
                    Counts.Wait();
                    await Task.Delay(HeldPauses.Ceiling(++pauses) * (0.5 + (0.5 * Chance())), _time);
                    break;
                default:
                    return await LoadUnkeptAsync(order);
            }
        }
    }

    /// <summary>Waits for a load, or serves something stale where it fails or takes too long.</summary>
    /// <param name="load">The load.</param>
    /// <param name="mayHaveStale">Whether it is worth looking for something stale.</param>
    /// <param name="key">Of which key.</param>
    /// <param name="codec">How to read it.</param>
    /// <param name="cancellationToken">Ends the wait, and nothing else.</param>
    public async ValueTask<TValue?> WaitAsync<TValue>(
        Task<Loaded<TValue>> load, bool mayHaveStale, byte[] key, IValueCodec<TValue> codec, CancellationToken cancellationToken)
        where TValue : class
    {
        if (mayHaveStale)
        {
            await ((Task)load.WaitAsync(_options.Patience, _time, cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!load.IsCompletedSuccessfully)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await FindStaleAsync(key, codec, cancellationToken) is { } stale)
                {
                    Pause();
                    Counts.Stale();
                    return stale;
                }
            }
        }

        return Counted(await load.WaitAsync(cancellationToken));
    }

    /// <summary>Whether one more refresh may run; whoever is told so says when it has ended.</summary>
    public bool TryBeginRefresh()
    {
        if (IsPaused)
            return false;
        if (Interlocked.Increment(ref _refreshes) <= _options.Refreshes)
            return true;
        Interlocked.Decrement(ref _refreshes);
        return false;
    }

    /// <summary>A refresh runs, or none was needed: null.</summary>
    public async Task EndRefreshAsync(Task? refresh)
    {
        if (refresh is not null)
        {
            Counts.Refresh();
            await refresh.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (refresh.IsFaulted)
                Pause();
        }

        Interlocked.Decrement(ref _refreshes);
    }

    /// <summary>Ends what runs in the background.</summary>
    public ValueTask DisposeAsync() => _removals.DisposeAsync();

    private async ValueTask<bool> SetAllAsync(byte[] key, ReadOnlyMemory<byte> value, TimeSpan life)
    {
        foreach (var name in _copies?.NamesOf(key) ?? [key])
        {
            if (!await _cache.SetAsync(name, value, life))
                return false;
        }

        return true;
    }

    // All of them begin before any has ended: this process is not served by any name what is to be removed.
    private async ValueTask RemoveAllAsync(byte[][] names) => await Task.WhenAll(names.Select(name => _removals.RemoveAsync(name).AsTask()).ToList());

    private async ValueTask<TValue?> AskAsync<TValue>(byte[] key, IValueCodec<TValue> codec, bool mayBeStale, CancellationToken cancellationToken)
        where TValue : class
    {
        if (_removals.Covers(key))
            return null;
        var bytes = new ArrayBufferWriter<byte>(NearBytes);
        try
        {
            return (await _cache.GetAsync(key, bytes, cancellationToken)).IsFound && !_removals.Covers(key)
                && await _tags.AreCurrentAsync(bytes.WrittenMemory, cancellationToken)
                && JudgeEvenStale(bytes.WrittenSpan, codec, out var value, out _) is var state && (mayBeStale || state == EntryState.Fresh)
                    ? value
                    : null;
        }
        catch (CacheException)
        {
            return null;
        }
    }

    [SkipLocalsInit]
    private EntryState LookAtCopy<TValue>(
        KeyCopies copies, ReadOnlySpan<byte> key, IValueCodec<TValue> codec, long now, out TValue? value, out long freshUntil)
        where TValue : class
    {
        Span<byte> room = stackalloc byte[CacheLimits.MaxKeyBytes];
        var state = LookAt(copies.NameOf(key, room), codec, now, out value, out freshUntil);
        if (state == EntryState.Unknown)
            copies.Add(key);
        return state;
    }

    [SkipLocalsInit]
    private EntryState LookAt<TValue>(ReadOnlySpan<byte> key, IValueCodec<TValue> codec, long now, out TValue? value, out long freshUntil)
        where TValue : class
    {
        (value, freshUntil) = (null, 0);
        if (_removals.Covers(key))
            return EntryState.Missing;
        Span<byte> bytes = stackalloc byte[NearBytes];
        return _cache.TryGet(key, bytes, out var length) switch
        {
            CacheLookup.Found => Judge(bytes[..length], codec, now, out value, out freshUntil),
            CacheLookup.TooLong => LookAtLong(key, length, codec, now, out value, out freshUntil),
            CacheLookup.Unknown => EntryState.Unknown,
            _ => EntryState.Missing,
        };
    }

    private EntryState LookAtLong<TValue>(
        ReadOnlySpan<byte> key, int length, IValueCodec<TValue> codec, long now, out TValue? value, out long freshUntil)
        where TValue : class
    {
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            // Grown in between: as if it were not known.
            if (_cache.TryGet(key, bytes, out length) == CacheLookup.Found)
                return Judge(bytes.AsSpan(0, length), codec, now, out value, out freshUntil);
            (value, freshUntil) = (null, 0);
            return EntryState.Unknown;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private EntryState Judge<TValue>(ReadOnlySpan<byte> bytes, IValueCodec<TValue> codec, long now, out TValue? value, out long freshUntil)
        where TValue : class
    {
        (value, freshUntil) = (null, 0);
        if (!Envelope.TryRead(bytes, out var envelope))
            return EntryState.Missing;
        freshUntil = envelope.FreshUntil;
        if (now >= freshUntil)
            return EntryState.Stale;
        if (!envelope.Tags.IsEmpty && _tags.Look(envelope.Tags) is var tags and not EntryState.Fresh)
            return tags;
        if (envelope.IsNegative)
            return EntryState.Fresh;
        if (!codec.TryRead(envelope.Value, out value))
            return EntryState.Missing;
        return EarlyRefresh.IsPossible(now, freshUntil, envelope.Took, _options.Eagerness)
            && EarlyRefresh.IsDue(now, freshUntil, envelope.Took, _options.Eagerness, Chance())
                ? EntryState.Due
                : EntryState.Fresh;
    }

    private EntryState JudgeEvenStale<TValue>(ReadOnlySpan<byte> bytes, IValueCodec<TValue> codec, out TValue? value, out long freshUntil)
        where TValue : class
    {
        (value, freshUntil) = (null, 0);
        if (!Envelope.TryRead(bytes, out var envelope) || (!envelope.IsNegative && !codec.TryRead(envelope.Value, out value)))
            return EntryState.Missing;
        freshUntil = envelope.FreshUntil;
        return Now < freshUntil ? EntryState.Fresh : EntryState.Stale;
    }

    private async Task<Loaded<TValue>> LoadUnkeptAsync<TValue>(LoadOrder<TValue> order)
        where TValue : class => new(await LoadInTurnAsync(order), LoadedFrom.Store);

    private async Task<TValue?> LoadInTurnAsync<TValue>(LoadOrder<TValue> order)
        where TValue : class
    {
        try
        {
            await _gate.EnterAsync();
        }
        catch (CacheOverloadException)
        {
            Counts.ShedOne();
            throw;
        }

        try
        {
            // Not cancelled with whoever asked first: others may wait for it.
            return await order.Load(CancellationToken.None);
        }
        finally
        {
            _gate.Leave();
        }
    }

    private async Task<Loaded<TValue>> FillAsync<TValue>(LoadOrder<TValue> order, long token)
        where TValue : class
    {
        TValue? value;
        byte[] tags;
        long askedAt, began;
        TimeSpan took;
        try
        {
            tags = await _tags.NoteAsync(order.Tags);
            (askedAt, began) = (Now, _time.GetTimestamp());
            value = await LoadInTurnAsync(order);
            took = _time.GetElapsedTime(began);
        }
        catch
        {
            await ReleaseAsync(order.Key, token);
            throw;
        }

        var isKept = false;
        try
        {
            isKept = Wrap(order, value, askedAt, took, tags) is var (bytes, life) && life > TimeSpan.Zero
                && await _cache.FillAsync(order.Key, token, bytes, life);
        }
        catch (CacheException)
        {
            // Nobody knows whether it was kept; both are right.
        }

        if (!isKept)
        {
            Counts.Refuse();
            await ReleaseAsync(order.Key, token);
        }

        return new(value, LoadedFrom.Store);
    }

    // Its life is counted from when it was asked for: what was read is no younger than that.
    private (ReadOnlyMemory<byte> Bytes, TimeSpan Life) Wrap<TValue>(LoadOrder<TValue> order, TValue? value, long askedAt, TimeSpan took, byte[] tags)
        where TValue : class
    {
        var lives = order.Lives;
        var freshUntil = askedAt + (value is null ? lives.NegativeLife : lives.Life * (1 - (lives.Jitter * Chance()))).Ticks;
        var lastUse = value is null ? freshUntil : freshUntil + lives.StaleLife.Ticks;
        if (value is not null && order.Codec.EndOf(value) is { } end)
            (freshUntil, lastUse) = (Math.Min(freshUntil, end.UtcTicks), Math.Min(lastUse, end.UtcTicks));

        var bytes = new ArrayBufferWriter<byte>(NearBytes);
        Envelope.Write(bytes, freshUntil, askedAt, took.Ticks, value is null, tags);
        if (value is not null)
            order.Codec.Write(value, bytes);
        return (bytes.WrittenMemory, TimeSpan.FromTicks(lastUse - Now));
    }

    private async ValueTask ReleaseAsync(byte[] key, long token)
    {
        try
        {
            await _cache.ReleaseAsync(key, token);
        }
        catch (CacheException)
        {
            // It ends by itself.
        }
    }

    private TValue? Counted<TValue>(Loaded<TValue> loaded)
        where TValue : class
    {
        switch (loaded.From)
        {
            case LoadedFrom.Store:
                Counts.Miss();
                break;
            case LoadedFrom.Cache:
                Counts.Hit();
                break;
            default:
                Counts.Stale();
                break;
        }

        return loaded.Value;
    }

    private void Pause() => Volatile.Write(ref _pausedUntil, Now + _options.Pause.Ticks);

    private double Chance()
    {
        lock (_random)
            return _random.NextDouble();
    }

    private long NextGeneration()
    {
        lock (_random)
            return _random.NextInt64(1, long.MaxValue);
    }
}
