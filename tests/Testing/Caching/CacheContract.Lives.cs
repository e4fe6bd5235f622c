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
}
