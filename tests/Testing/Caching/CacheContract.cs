using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Groundwork.Ports.Caching;

namespace Groundwork.Testing.Caching;

/// <summary>
/// What a user of the Cache port can rely on, whichever cache serves it. A cache's tests derive a sealed class from
/// <see cref="EmbeddedCacheContract"/> or <see cref="SharedCacheContract"/>, or from this one where the cache is neither (one that stands before
/// another), and inherit every test; the groups stand in the files <c>CacheContract.*.cs</c>.
/// </summary>
public abstract partial class CacheContract : IAsyncLifetime
{
    /// <summary>Room for all that a test of small values keeps.</summary>
    protected const long Megabyte = 1 << 20;

    /// <summary>A lease that no test outlives, under which nothing is stale before its end.</summary>
    protected static readonly LeaseTerms Plain = new(TimeSpan.FromHours(1), TimeSpan.Zero);

    /// <summary>Terms under which what was set for <see cref="Short"/> is stale, and what was set for <see cref="Long"/> is fresh.</summary>
    protected static readonly LeaseTerms WithStale = new(TimeSpan.FromHours(1), TimeSpan.FromHours(2));

    /// <summary>A life that no test outlives.</summary>
    protected static readonly TimeSpan Short = TimeSpan.FromHours(1);

    /// <summary>A life far longer than <see cref="Short"/>.</summary>
    protected static readonly TimeSpan Long = TimeSpan.FromHours(100);

    /// <summary>No end of life.</summary>
    protected static readonly TimeSpan Forever = Timeout.InfiniteTimeSpan;

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens a space whose name nobody had before.</summary>
    protected abstract ICache Open(CacheSpace space);

    /// <summary>Has time pass for the cache: moves its clock, or waits until a server's own has moved.</summary>
    protected abstract Task PassAsync(TimeSpan time);

    /// <inheritdoc/>
    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Opens a space of its own for a test.</summary>
    protected ICache Open(long bytes = Megabyte) => Open(NewSpace(bytes));

    /// <summary>A space whose name nobody had before.</summary>
    protected static CacheSpace NewSpace(long bytes = Megabyte) => new(NewName(), bytes);

    /// <summary>A name that nobody had before, short enough to be made longer.</summary>
    protected static string NewName() => $"t{Guid.NewGuid():N}"[..20];

    /// <summary>A text as bytes: a key or a value.</summary>
    protected static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A number as bytes: a value.</summary>
    protected static ReadOnlyMemory<byte> Bytes(long number)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return bytes;
    }

    /// <summary>Bytes of all kinds, always the same for a length.</summary>
    protected static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The value of a key, or null; as both ways to read it have it, where the fast one knows.</summary>
    protected static async Task<byte[]?> ReadAsync(ICache cache, ReadOnlyMemory<byte> key)
    {
        var destination = new ArrayBufferWriter<byte>();
        var found = (await cache.GetAsync(key, destination, Token)).IsFound;
        if (!found)
            Assert.Equal(0, destination.WrittenCount);

        var copy = new byte[destination.WrittenCount];
        var lookup = cache.TryGet(key.Span, copy, out var length);
        if (lookup != CacheLookup.Unknown)
        {
            Assert.Equal(found ? CacheLookup.Found : CacheLookup.Missing, lookup);
            if (found)
                Assert.Equal(destination.WrittenSpan, copy.AsSpan(0, length));
        }

        return found ? destination.WrittenSpan.ToArray() : null;
    }

    /// <summary>The value of a key as a text, or null.</summary>
    protected static async Task<string?> ReadAsync(ICache cache, string key) =>
        await ReadAsync(cache, Bytes(key)) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Sets a text, which there is room for.</summary>
    protected static async Task SetAsync(ICache cache, string key, string value, TimeSpan? life = null) =>
        Assert.True(await cache.SetAsync(Bytes(key), Bytes(value), life ?? Forever, Token));

    /// <summary>Asks for a key's lease: what was told, and the value as a text.</summary>
    protected static async Task<(CacheLease Lease, string? Value)> LeaseAsync(ICache cache, string key, LeaseTerms terms)
    {
        var destination = new ArrayBufferWriter<byte>();
        var lease = await cache.LeaseAsync(Bytes(key), terms, destination, Token);
        if (lease.State == LeaseState.Granted)
            Assert.NotEqual(0, lease.Token);
        if (!lease.HasValue)
            Assert.Equal(0, destination.WrittenCount);
        return (lease, lease.HasValue ? Encoding.UTF8.GetString(destination.WrittenSpan) : null);
    }

    /// <summary>Takes a key's lease, which is free.</summary>
    protected static async Task<long> TakeAsync(ICache cache, string key, LeaseTerms? terms = null)
    {
        var (lease, _) = await LeaseAsync(cache, key, terms ?? Plain);
        Assert.Equal(LeaseState.Granted, lease.State);
        return lease.Token;
    }

    /// <summary>Asks for a lease that is not free.</summary>
    protected static async Task AssertHeldAsync(ICache cache, string key) =>
        Assert.Equal(LeaseState.Held, (await LeaseAsync(cache, key, Plain)).Lease.State);

    /// <summary>Fills a key with a text.</summary>
    protected static async Task<bool> FillAsync(ICache cache, string key, long token, string value, TimeSpan? life = null) =>
        await cache.FillAsync(Bytes(key), token, Bytes(value), life ?? Forever, Token);
}
