using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Unicode;
using Groundwork.Ports.Caching;
using Microsoft.Extensions.Caching.Distributed;

namespace Groundwork.Platform.Caching;

/// <summary>
/// .NET's <see cref="IDistributedCache"/> on a space of the Cache port: what sessions, output caches and libraries keep.
/// </summary>
/// <remarks>
/// <para>An absolute end that is given relative to now goes before one that is not; one in the past is refused. A sliding life begins again with each
/// read and <see cref="Refresh"/>, and never goes beyond the absolute end. Uses closer together than a hundredth of it, or a second, count as
/// one: so it may end that much early.</para>
/// <para>To give a value another life it is put again, under its key's lease: a value that was changed or removed meanwhile does not come back.</para>
/// <para>Keys are of any length: what is longer than the port's or is no text is known by its SHA-256. Values are as long as the port's. A value
/// that there is no room for is not kept. Where a shared cache fails the caller is told (<see cref="CacheException"/>), but for a life
/// that could not be lengthened by a read.</para>
/// <para>The interface wants every call without waiting too. Those do not wait where the cache is the process' own or what is read is near; otherwise
/// they hold their thread for as long as the call may take. Safe for concurrent use.</para>
/// </remarks>
/// <param name="cache">The space; nobody else puts anything there.</param>
/// <param name="time">The clock.</param>
public sealed class DistributedCache(ICache cache, TimeProvider time) : IBufferDistributedCache
{
    private const int MaxNearKeyBytes = 512;
    private const byte TextPrefix = (byte)'k';
    private const byte HashPrefix = (byte)'h';

    // Whatever has an end is to be given another one; a moment is enough for that.
    private static readonly LeaseTerms UseTerms = new(TimeSpan.FromSeconds(1), TimeSpan.FromDays(36_500));

    private long Now => time.GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public byte[]? Get(string key) => Wait(FindAsync(KeyOf(key), CancellationToken.None))?.ToArray();

    /// <inheritdoc/>
    public async Task<byte[]?> GetAsync(string key, CancellationToken token = default) => (await FindAsync(KeyOf(key), token))?.ToArray();

    /// <inheritdoc/>
    public bool TryGet(string key, IBufferWriter<byte> destination) => Wait(TryGetAsync(key, destination));

    /// <inheritdoc/>
    public async ValueTask<bool> TryGetAsync(string key, IBufferWriter<byte> destination, CancellationToken token = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (await FindAsync(KeyOf(key), token) is not { } value)
            return false;
        destination.Write(value.Span);
        return true;
    }

    /// <inheritdoc/>
    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => Wait(PutAsync(key, Sequence(value), options, CancellationToken.None));

    /// <inheritdoc/>
    public void Set(string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options) =>
        Wait(PutAsync(key, value, options, CancellationToken.None));

    /// <inheritdoc/>
    public async Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        await PutAsync(key, Sequence(value), options, token);

    /// <inheritdoc/>
    public async ValueTask SetAsync(
        string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        await PutAsync(key, value, options, token);

    /// <inheritdoc/>
    public void Refresh(string key) => Wait(UseAsync(KeyOf(key), CancellationToken.None));

    /// <inheritdoc/>
    public async Task RefreshAsync(string key, CancellationToken token = default) => await UseAsync(KeyOf(key), token);

    /// <inheritdoc/>
    public void Remove(string key) => Wait(RemoveKeyAsync(key, CancellationToken.None));

    /// <inheritdoc/>
    public async Task RemoveAsync(string key, CancellationToken token = default) => await RemoveKeyAsync(key, token);

    private static ReadOnlySequence<byte> Sequence(byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new ReadOnlySequence<byte>(value);
    }

    private static byte[] KeyOf(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Span<byte> bytes = stackalloc byte[1 + MaxNearKeyBytes];
        bytes[0] = TextPrefix;
        return Utf8.FromUtf16(key, bytes[1..], out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done
            ? bytes[..(1 + written)].ToArray()
            : [HashPrefix, .. SHA256.HashData(MemoryMarshal.AsBytes(key.AsSpan()))];
    }

    // The contract's doing: who calls without waiting has no other way to hear the end.
    private static T Wait<T>(ValueTask<T> call) => call.IsCompletedSuccessfully ? call.Result : call.AsTask().GetAwaiter().GetResult();

    private async ValueTask<ReadOnlyMemory<byte>?> FindAsync(byte[] key, CancellationToken cancellationToken)
    {
        var bytes = new ArrayBufferWriter<byte>();
        if (!(await cache.GetAsync(key, bytes, cancellationToken)).IsFound || !DistributedEntry.TryRead(bytes.WrittenMemory, out var entry))
            return null;
        try
        {
            if (entry.IsDue(Now))
                await UseAsync(key, cancellationToken);
        }
        catch (CacheException)
        {
            // What was asked for is here.
        }

        return entry.Value;
    }

    private async ValueTask<bool> PutAsync(
        string key, ReadOnlySequence<byte> value, DistributedCacheEntryOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var name = KeyOf(key);
        var now = time.GetUtcNow();
        if (options.AbsoluteExpiration <= now)
            throw new ArgumentOutOfRangeException(nameof(options), options.AbsoluteExpiration, "The absolute expiration must be in the future.");
        var ends = options.AbsoluteExpirationRelativeToNow is { } relative
            ? relative < DateTimeOffset.MaxValue - now ? now + relative : null
            : options.AbsoluteExpiration;

        var life = options.SlidingExpiration ?? Timeout.InfiniteTimeSpan;
        if (ends - now is { } left && (life == Timeout.InfiniteTimeSpan || left < life))
            life = left;
        var bytes = DistributedEntry.Begin(checked((int)value.Length), options.SlidingExpiration, ends, now.UtcTicks, out var rest);
        value.CopyTo(rest.Span);
        return await cache.SetAsync(name, bytes, life, cancellationToken);
    }

    // Has its life begin again, if it slides. Somebody else who has the lease does the same.
    private async ValueTask<bool> UseAsync(byte[] key, CancellationToken cancellationToken)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var lease = await cache.LeaseAsync(key, UseTerms, bytes, cancellationToken);
        if (lease.State != LeaseState.Granted)
            return false;
        var isUsed = false;
        try
        {
            isUsed = lease.HasValue && DistributedEntry.TryRead(bytes.WrittenMemory, out var entry) && entry.SlidesBy > 0
                && entry.Used(Now, out var life) is var used && life > TimeSpan.Zero
                && await cache.FillAsync(key, lease.Token, used, life, cancellationToken);
        }
        finally
        {
            if (!isUsed)
                await cache.ReleaseAsync(key, lease.Token, CancellationToken.None);
        }

        return isUsed;
    }

    private async ValueTask<bool> RemoveKeyAsync(string key, CancellationToken cancellationToken)
    {
        await cache.RemoveAsync(KeyOf(key), cancellationToken);
        return true;
    }
}
