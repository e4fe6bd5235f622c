using System.Buffers;
using Groundwork.Ports.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Testing.Caching;

/// <summary>
/// What a user of the embedded cache can rely on beyond <see cref="CacheContract"/>: it answers without waiting, to the millisecond, and
/// stays within its bound.
/// </summary>
public abstract class EmbeddedCacheContract : CacheContract
{
    private const int ValueBytes = 1000;
    private readonly Lazy<ICacheServer> _server;

    /// <summary>Nothing is made before a test asks for it.</summary>
    protected EmbeddedCacheContract() => _server = new(() => CreateServer(Clock));

    /// <summary>The clock of all that a test opens.</summary>
    protected FakeTimeProvider Clock { get; } = new();

    /// <summary>Makes a server without spaces. The derived class disposes it.</summary>
    protected abstract ICacheServer CreateServer(TimeProvider time);

    /// <inheritdoc/>
    protected override ICache Open(CacheSpace space) => _server.Value.Open(space);

    /// <inheritdoc/>
    protected override Task PassAsync(TimeSpan time)
    {
        Clock.Advance(time);
        return Task.CompletedTask;
    }

    [Fact]
    public void A_space_is_opened_once()
    {
        var space = NewSpace();
        Open(space);
        Assert.Throws<InvalidOperationException>(() => Open(space));
        Open(NewSpace());
    }

    [Fact]
    public async Task What_is_left_of_a_life_is_told_to_the_millisecond()
    {
        var cache = Open();
        await SetAsync(cache, "a", "1", TimeSpan.FromSeconds(10));
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new CacheRead(true, TimeSpan.FromMilliseconds(9_999)), await cache.GetAsync(Bytes("a"), new ArrayBufferWriter<byte>(), Token));
        await SetAsync(cache, "a", "1", Forever);
        Assert.Equal(new CacheRead(true, Timeout.InfiniteTimeSpan), await cache.GetAsync(Bytes("a"), new ArrayBufferWriter<byte>(), Token));
    }

    [Fact]
    public async Task A_lookup_without_waiting_always_knows()
    {
        var cache = Open();
        await SetAsync(cache, "a", "abc");
        var destination = new byte[10];

        Assert.Equal(CacheLookup.Found, cache.TryGet("a"u8, destination, out var length));
        Assert.Equal("abc"u8, destination.AsSpan(0, length));
        Assert.Equal(CacheLookup.Missing, cache.TryGet("b"u8, destination, out _));
    }

    [Fact]
    public async Task A_value_longer_than_the_destination_says_its_length_and_copies_nothing()
    {
        var cache = Open();
        await SetAsync(cache, "a", "abc");
        byte[] destination = [7, 7];

        Assert.Equal(CacheLookup.TooLong, cache.TryGet("a"u8, destination, out var length));
        Assert.Equal(3, length);
        Assert.Equal([7, 7], destination);

        var enough = new byte[length];
        Assert.Equal(CacheLookup.Found, cache.TryGet("a"u8, enough, out _));
        Assert.Equal("abc"u8, enough);
    }

    [Fact]
    public async Task A_value_is_there_until_the_millisecond_in_which_its_life_ends()
    {
        var cache = Open();
        await SetAsync(cache, "a", "1", TimeSpan.FromMilliseconds(50));

        await PassAsync(TimeSpan.FromMilliseconds(49));
        Assert.Equal("1", await ReadAsync(cache, "a"));
        await PassAsync(TimeSpan.FromMilliseconds(1));
        Assert.Null(await ReadAsync(cache, "a"));
    }

    [Fact]
    public async Task A_life_is_rounded_up_to_milliseconds()
    {
        var cache = Open();
        await SetAsync(cache, "a", "1", TimeSpan.FromTicks(1));
        await SetAsync(cache, "b", "2", TimeSpan.FromMilliseconds(1.5));

        Assert.Equal("1", await ReadAsync(cache, "a"));
        await PassAsync(TimeSpan.FromMilliseconds(1));
        Assert.Null(await ReadAsync(cache, "a"));
        Assert.Equal("2", await ReadAsync(cache, "b"));
        await PassAsync(TimeSpan.FromMilliseconds(1));
        Assert.Null(await ReadAsync(cache, "b"));
    }

    [Fact]
    public async Task A_value_becomes_stale_in_the_millisecond_that_the_terms_say()
    {
        var cache = Open();
        var terms = new LeaseTerms(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(30));
        await SetAsync(cache, "a", "1", TimeSpan.FromMilliseconds(100));

        await PassAsync(TimeSpan.FromMilliseconds(69));
        Assert.Equal(LeaseState.Fresh, (await LeaseAsync(cache, "a", terms)).Lease.State);
        await PassAsync(TimeSpan.FromMilliseconds(1));
        var (lease, value) = await LeaseAsync(cache, "a", terms);
        Assert.Equal((LeaseState.Granted, "1"), (lease.State, value));

        await PassAsync(TimeSpan.FromMilliseconds(30)); // the value ends, its lease does not
        var (held, none) = await LeaseAsync(cache, "a", terms);
        Assert.Equal((LeaseState.Held, null), (held.State, none));
        Assert.True(await FillAsync(cache, "a", lease.Token, "2"));
    }

    [Fact]
    public async Task A_lease_holds_until_the_millisecond_in_which_it_ends()
    {
        var cache = Open();
        var terms = new LeaseTerms(TimeSpan.FromMilliseconds(50), TimeSpan.Zero);
        var token = await TakeAsync(cache, "filled", terms);
        await TakeAsync(cache, "a", terms);

        await PassAsync(TimeSpan.FromMilliseconds(49));
        await AssertHeldAsync(cache, "a");
        Assert.True(await FillAsync(cache, "filled", token, "1"));
        await PassAsync(TimeSpan.FromMilliseconds(1));
        await TakeAsync(cache, "a");
    }

    [Fact]
    public async Task What_has_no_end_of_life_is_there_after_years()
    {
        var cache = Open();
        await SetAsync(cache, "a", "1", Forever);
        await PassAsync(TimeSpan.FromDays(10_000));
        Assert.Equal("1", await ReadAsync(cache, "a"));
    }

    [Fact]
    public async Task In_a_full_space_others_leave_for_what_is_set()
    {
        const int Keys = 5000;
        var cache = Open(CacheLimits.MinSpaceBytes);
        for (var i = 0; i < Keys; i++)
        {
            Assert.True(await cache.SetAsync(Bytes($"key-{i}"), Noise(ValueBytes), Forever, Token));
        }

        var left = 0;
        for (var i = 0; i < Keys; i++)
            left += await ReadAsync(cache, Bytes($"key-{i}")) is null ? 0 : 1;
        Assert.InRange(left, 1, (int)(CacheLimits.MinSpaceBytes / ValueBytes));
    }

    [Fact]
    public async Task In_a_space_that_nobody_leaves_what_needs_memory_is_refused_and_its_key_removed()
    {
        var cache = Open(NewSpace(CacheLimits.MinSpaceBytes) with { Eviction = CacheEviction.Nobody });
        var kept = 0;
        while (await cache.SetAsync(Bytes(kept), Noise(ValueBytes), Forever, Token))
            kept++;

        Assert.InRange(kept, 1, (int)(CacheLimits.MinSpaceBytes / ValueBytes));
        Assert.Null(await ReadAsync(cache, Bytes(kept)));
        for (var i = 0; i < kept; i++)
            Assert.Equal(Noise(ValueBytes), await ReadAsync(cache, Bytes(i)));

        Assert.False(await cache.SetAsync(Bytes(0), Noise((int)CacheLimits.MinSpaceBytes), Forever, Token));
        Assert.Null(await ReadAsync(cache, Bytes(0)));

        await cache.ClearAsync(Token);
        Assert.True(await cache.SetAsync(Bytes(kept), Noise(ValueBytes), Forever, Token));
    }

    [Fact]
    public async Task A_value_as_large_as_the_space_is_refused_and_its_key_removed()
    {
        var cache = Open(CacheLimits.MinSpaceBytes);
        await SetAsync(cache, "a", "1", Short);
        await SetAsync(cache, "b", "2", Short);
        var a = await TakeAsync(cache, "a", WithStale);
        var b = await TakeAsync(cache, "b", WithStale);
        var tooLarge = Noise((int)CacheLimits.MinSpaceBytes);

        Assert.False(await cache.SetAsync(Bytes("a"), tooLarge, Forever, Token));
        Assert.False(await cache.FillAsync(Bytes("b"), b, tooLarge, Forever, Token));

        Assert.Null(await ReadAsync(cache, "a"));
        Assert.False(await FillAsync(cache, "a", a, "outdated"));
        Assert.Equal("2", await ReadAsync(cache, "b"));
        Assert.True(await FillAsync(cache, "b", b, "3"));
    }
}
