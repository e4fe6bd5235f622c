using System.Buffers;
using Groundwork.Ports.Caching;

namespace Groundwork.Testing.Caching;

/// <content>How long a value is there. To the millisecond it can be seen where the clock is the test's own: <see cref="EmbeddedCacheContract"/>.</content>
public abstract partial class CacheContract
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task A_value_is_gone_when_its_life_has_ended()
    {
        var cache = Open();
        await SetAsync(cache, "a", "1", Moment);
        Assert.True(await FillAsync(cache, "b", await TakeAsync(cache, "b"), "2", Moment));
        await SetAsync(cache, "c", "3", Short);
        await SetAsync(cache, "d", "4", Forever);
        await SetAsync(cache, "e", "5", TimeSpan.MaxValue);

        await PassAsync(Moment);

        Assert.Null(await ReadAsync(cache, "a"));
        Assert.Null(await ReadAsync(cache, "b"));
        Assert.Equal("3", await ReadAsync(cache, "c"));
        Assert.Equal("4", await ReadAsync(cache, "d"));
        Assert.Equal("5", await ReadAsync(cache, "e"));
    }

    [Fact]
    public async Task A_value_whose_life_has_ended_is_loaded_anew()
    {
        var cache = Open();
        await SetAsync(cache, "a", "1", Moment);

        await PassAsync(Moment);

        var (lease, value) = await LeaseAsync(cache, "a", WithStale);
        Assert.Equal((LeaseState.Granted, null), (lease.State, value));
        Assert.True(await FillAsync(cache, "a", lease.Token, "2"));
        Assert.Equal("2", await ReadAsync(cache, "a"));
    }

    [Fact]
    public async Task Setting_again_gives_a_new_life()
    {
        var cache = Open();
        await SetAsync(cache, "longer", "1", Moment);
        await SetAsync(cache, "longer", "2", Short);
        await SetAsync(cache, "forever", "1", Moment);
        await SetAsync(cache, "forever", "2", Forever);
        await SetAsync(cache, "shorter", "1", Forever);
        await SetAsync(cache, "shorter", "2", Moment);

        await PassAsync(Moment);

        Assert.Equal("2", await ReadAsync(cache, "longer"));
        Assert.Equal("2", await ReadAsync(cache, "forever"));
        Assert.Null(await ReadAsync(cache, "shorter"));
    }

    [Fact]
    public async Task Who_reads_a_value_is_told_how_long_it_has_left()
    {
        var cache = Open();
        await SetAsync(cache, "short", "1", Short);
        await SetAsync(cache, "endless", "2", Forever);
        Assert.True(await FillAsync(cache, "filled", await TakeAsync(cache, "filled"), "3", Long));
        for (var again = 0; again < 2; again++)
        {
            // What stands before another keeps for less long, and says that.
            await AssertLeftAsync(cache, "short", Short);
            await AssertLeftAsync(cache, "filled", Long);
            Assert.NotEqual(TimeSpan.Zero, await LeftAsync(cache, "endless"));
            Assert.Equal(TimeSpan.Zero, await LeftAsync(cache, "missing"));
        }

        var (lease, _) = await LeaseAsync(cache, "short", Plain);
        Assert.Equal(LeaseState.Fresh, lease.State);
        Assert.InRange(lease.Left, TimeSpan.FromTicks(1), Short);
        (lease, _) = await LeaseAsync(cache, "short", WithStale);
        Assert.Equal(LeaseState.Granted, lease.State);
        Assert.InRange(lease.Left, TimeSpan.FromTicks(1), Short);
        (lease, _) = await LeaseAsync(cache, "missing", Plain);
        Assert.Equal(TimeSpan.Zero, lease.Left);

        await PassAsync(Moment);
        await AssertLeftAsync(cache, "short", Short - Moment);
    }

    [Fact]
    public async Task A_life_that_is_none_is_refused()
    {
        var cache = Open();
        var token = await TakeAsync(cache, "a");

        foreach (var life in new[] { TimeSpan.Zero, TimeSpan.FromTicks(-1), TimeSpan.FromDays(-1) })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => cache.SetAsync(Bytes("a"), Bytes("1"), life, Token).AsTask());
            await Assert.ThrowsAnyAsync<ArgumentException>(() => cache.FillAsync(Bytes("a"), token, Bytes("1"), life, Token).AsTask());
        }

        Assert.Null(await ReadAsync(cache, "a"));
        Assert.True(await FillAsync(cache, "a", token, "2"));
    }

    private static async Task<TimeSpan> LeftAsync(ICache cache, string key) =>
        (await cache.GetAsync(Bytes(key), new ArrayBufferWriter<byte>(), Token)).Left;

    private static async Task AssertLeftAsync(ICache cache, string key, TimeSpan most)
    {
        var left = await LeftAsync(cache, key);
        Assert.InRange(left, TimeSpan.FromTicks(1), most);
    }
}
