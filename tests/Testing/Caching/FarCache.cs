using System.Buffers;
using Groundwork.Ports.Caching;

namespace Groundwork.Testing.Caching;

/// <summary>
/// One process' connection to a cache that others share, whose words of changes come when a test says so: late, in another order, or not at
/// all. Several stand on the same <see cref="MemoryCache"/>.
/// </summary>
public sealed class FarCache(MemoryCache shared) : ISharedCache
{
    private ICacheListener? _listener;

    /// <summary>The words that are on their way, the oldest first; null is that everything was changed.</summary>
    public List<byte[]?> Words { get; } = [];

    /// <summary>The others who are told what is changed here, beside this one.</summary>
    public List<FarCache> Others { get; } = [];

    /// <inheritdoc/>
    public bool IsHeard { get; set; } = true;

    /// <summary>Whether every call fails.</summary>
    public bool IsDown { get; set; }

    /// <summary>Calls that were made, failed ones too.</summary>
    public int Calls { get; private set; }

    /// <summary>What a read waits for after it has read, and before it answers.</summary>
    public Task? ReadsWaitFor { get; set; }

    /// <inheritdoc/>
    public CacheSpace Space => shared.Space;

    /// <inheritdoc/>
    public void Listen(ICacheListener listener) =>
        _listener = _listener is null ? listener : throw new InvalidOperationException("There is a listener already.");

    /// <summary>Delivers a word.</summary>
    /// <param name="at">Which of <see cref="Words"/>.</param>
    public void Deliver(int at = 0)
    {
        var word = Words[at];
        Words.RemoveAt(at);
        if (word is null)
            _listener?.ChangedAll();
        else
            _listener?.Changed(word);
    }

    /// <summary>Delivers all words in order.</summary>
    public void DeliverAll()
    {
        while (Words.Count > 0)
            Deliver();
    }

    /// <inheritdoc/>
    public CacheLookup TryGet(ReadOnlySpan<byte> key, Span<byte> destination, out int length)
    {
        length = 0;
        return CacheLookup.Unknown;
    }

    /// <inheritdoc/>
    public async ValueTask<CacheRead> GetAsync(ReadOnlyMemory<byte> key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        Call();
        var found = await shared.GetAsync(key, destination, cancellationToken);
        if (ReadsWaitFor is { } wait)
            await wait;
        return found;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SetAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default)
    {
        Call();
        Tell(key);
        return await shared.SetAsync(key, value, life, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default)
    {
        Call();
        Tell(key);
        await shared.RemoveAsync(key, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask ClearAsync(CancellationToken cancellationToken = default)
    {
        Call();
        Tell(null);
        await shared.ClearAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<CacheLease> LeaseAsync(
        ReadOnlyMemory<byte> key, LeaseTerms terms, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        Call();
        var lease = await shared.LeaseAsync(key, terms, destination, cancellationToken);
        if (ReadsWaitFor is { } wait)
            await wait;
        return lease;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> FillAsync(
        ReadOnlyMemory<byte> key, long token, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default)
    {
        Call();
        var isFilled = await shared.FillAsync(key, token, value, life, cancellationToken);
        if (isFilled)
            Tell(key);
        return isFilled;
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(ReadOnlyMemory<byte> key, long token, CancellationToken cancellationToken = default)
    {
        Call();
        await shared.ReleaseAsync(key, token, cancellationToken);
    }

    private void Call()
    {
        Calls++;
        if (IsDown)
            throw new CacheException("The shared cache is down.");
    }

    private void Tell(ReadOnlyMemory<byte>? key)
    {
        foreach (var told in (FarCache[])[this, .. Others])
        {
            lock (told.Words)
                told.Words.Add(key?.ToArray());
        }
    }
}
