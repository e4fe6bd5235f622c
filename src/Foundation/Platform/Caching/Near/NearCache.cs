using System.Buffers;
using Groundwork.Ports.Caching;

namespace Groundwork.Platform.Caching;

/// <summary>
/// A shared cache with a small one near: what was read of the shared one is kept in the process' own memory, as long as it is sure to be
/// told of changes.
/// </summary>
/// <remarks>
/// <para>How it stays right. A read takes the near key's lease before it asks the far cache, and fills under it; a change that is told
/// removes the near key, which cancels the lease. So a value that was read before a change is refused if the change was told before the
/// fill, and removed if after; no order of the two leaves it there. A word too many only costs a read. When everything may have changed,
/// everything near is removed, leases too.</para>
/// <para>How stale a read may be. Of this process' own writes: not at all, once they have ended; the near key is removed before and after
/// the far one is changed. Of others': until the word comes, and while words may have been lost, nothing near is served
/// (<see cref="ISharedCache.IsHeard"/>): so <see cref="CacheSettings.Silence"/>, with a read that is under way at that moment. Past its life's
/// end, of which nobody tells: not at all; what is near lives as long as the original had left, less what asking for it took.</para>
/// <para>Values are not put near by writes and fills: the word of them is still to come, and would remove them again. Leases are the far
/// cache's; those of the near one order near fills. Safe for concurrent use.</para>
/// <para>Instead of leases, counters of changes could be compared before and after; but then the comparison and the put would need a lock around them.</para>
/// </remarks>
internal sealed class NearCache : ICache, ICacheListener
{
    /// <summary>How long a value is kept near at most before it is read again.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    // Longer than a far read takes; what takes longer is not kept.
    private static readonly LeaseTerms Terms = new(TimeSpan.FromSeconds(15), TimeSpan.Zero);

    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly ISharedCache _far;
    private readonly ICache _near;
    private readonly TimeProvider _time;

    /// <param name="far">The shared cache; nobody else listens to it.</param>
    /// <param name="near">A space of the process' own, for nothing else.</param>
    /// <param name="time">The clock.</param>
    public NearCache(ISharedCache far, ICache near, TimeProvider time)
    {
        (_far, _near, _time) = (far, near, time);
        far.Listen(this);
    }

    /// <inheritdoc/>
    public CacheSpace Space => _far.Space;

    /// <inheritdoc/>
    public CacheLookup TryGet(ReadOnlySpan<byte> key, Span<byte> destination, out int length)
    {
        length = 0;
        return _far.IsHeard && _near.TryGet(key, destination, out length) is var lookup and (CacheLookup.Found or CacheLookup.TooLong)
            ? lookup
            : CacheLookup.Unknown;
    }

    /// <inheritdoc/>
    public async ValueTask<CacheRead> GetAsync(ReadOnlyMemory<byte> key, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        if (!_far.IsHeard)
            return await _far.GetAsync(key, destination, cancellationToken);

        var bytes = new ArrayBufferWriter<byte>();
        var lease = await _near.LeaseAsync(key, Terms, bytes, cancellationToken);
        if (lease.State == LeaseState.Fresh)
        {
            destination.Write(bytes.WrittenSpan);
            return new CacheRead(true, lease.Left);
        }

        bytes.ResetWrittenCount();
        var asked = _time.GetTimestamp();
        var read = CacheRead.Missing;
        try
        {
            read = await _far.GetAsync(key, bytes, cancellationToken);
        }
        finally
        {
            await EndAsync(key, lease, read.IsFound, bytes.WrittenMemory, read.Left, asked);
        }

        destination.Write(bytes.WrittenSpan);
        return read;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SetAsync(
        ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default)
    {
        await _near.RemoveAsync(key, CancellationToken.None);
        try
        {
            return await _far.SetAsync(key, value, life, cancellationToken);
        }
        finally
        {
            await _near.RemoveAsync(key, CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public async ValueTask RemoveAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default)
    {
        await _near.RemoveAsync(key, CancellationToken.None);
        try
        {
            await _far.RemoveAsync(key, cancellationToken);
        }
        finally
        {
            await _near.RemoveAsync(key, CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public async ValueTask ClearAsync(CancellationToken cancellationToken = default)
    {
        await _near.ClearAsync(CancellationToken.None);
        try
        {
            await _far.ClearAsync(cancellationToken);
        }
        finally
        {
            await _near.ClearAsync(CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CacheLease> LeaseAsync(
        ReadOnlyMemory<byte> key, LeaseTerms terms, IBufferWriter<byte> destination, CancellationToken cancellationToken = default)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var near = await _near.LeaseAsync(key, Terms, bytes, cancellationToken);
        bytes.ResetWrittenCount();
        var asked = _time.GetTimestamp();
        var far = default(CacheLease);
        try
        {
            far = await _far.LeaseAsync(key, terms, bytes, cancellationToken);
        }
        finally
        {
            await EndAsync(key, near, far is { State: LeaseState.Fresh, HasValue: true }, bytes.WrittenMemory, far.Left, asked);
        }

        destination.Write(bytes.WrittenSpan);
        return far;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> FillAsync(
        ReadOnlyMemory<byte> key, long token, ReadOnlyMemory<byte> value, TimeSpan life, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _far.FillAsync(key, token, value, life, cancellationToken);
        }
        finally
        {
            await _near.RemoveAsync(key, CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(ReadOnlyMemory<byte> key, long token, CancellationToken cancellationToken = default) =>
        _far.ReleaseAsync(key, token, cancellationToken);

    // The process' own space does not wait.
    void ICacheListener.Changed(ReadOnlySpan<byte> key) => Ended(_near.RemoveAsync(key.ToArray()));

    void ICacheListener.ChangedAll() => Ended(_near.ClearAsync());

    private async ValueTask EndAsync(
        ReadOnlyMemory<byte> key, CacheLease near, bool isThere, ReadOnlyMemory<byte> value, TimeSpan left, long asked)
    {
        if (near.State != LeaseState.Granted)
            return;
        var life = LifeOf(left, asked);
        if (!isThere || life < Shortest || !await _near.FillAsync(key, near.Token, value, life, CancellationToken.None))
            await _near.ReleaseAsync(key, near.Token, CancellationToken.None);
    }

    // Lives are rounded up to milliseconds; this one down, so that no copy is there longer than the original.
    private TimeSpan LifeOf(TimeSpan left, long asked)
    {
        if (left == Timeout.InfiniteTimeSpan)
            return Life;
        left -= _time.GetElapsedTime(asked);
        return left < Life ? TimeSpan.FromTicks(left.Ticks - (left.Ticks % TimeSpan.TicksPerMillisecond)) : Life;
    }

    private static void Ended(ValueTask removal)
    {
        if (!removal.IsCompletedSuccessfully)
            throw new InvalidOperationException("The process' own cache has let a removal wait.");
    }
}
