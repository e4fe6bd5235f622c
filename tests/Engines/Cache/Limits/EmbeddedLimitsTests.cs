using Groundwork.Cache.Commands;
using Groundwork.Cache.Embedded;
using Groundwork.Cache.Entries;
using Groundwork.Cache.Entries.Eviction;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Cache.Tests.Limits;

/// <summary>Limits counted in the engine keep the port's contract, within their memory.</summary>
public sealed class EmbeddedLimitsTests : LimitStoreContract
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private CacheEngine? _engine;

    public override ValueTask DisposeAsync()
    {
        _engine?.Dispose();
        return base.DisposeAsync();
    }

    [Fact]
    public async Task A_key_whose_limit_is_all_back_takes_no_memory()
    {
        var limit = Limit.TokenBucket(10, TimeSpan.FromSeconds(10));
        for (var i = 0; i < 100; i++)
            Assert.True(await Store.TakeAsync(new[] { Take($"{i}", limit, 10) }, new LimitDecision[1], Token));
        Assert.Equal(100, Keys());

        _time.Advance(TimeSpan.FromSeconds(22));
        while (_engine!.Maintain(1000))
        {
        }

        Assert.Equal(0, Keys());
    }

    [Fact]
    public async Task Nobody_leaves_for_others_and_who_finds_no_room_is_told()
    {
        var limit = Limit.SlidingLog(1000, TimeSpan.FromDays(1));
        var decisions = new LimitDecision[1];
        Assert.True(await Store.TakeAsync(new[] { Take("first", limit, 1000) }, decisions, Token));
        await Assert.ThrowsAsync<CacheException>(async () =>
        {
            for (var i = 0; i < 1_000_000; i++)
                await Store.TakeAsync(new[] { Take($"{i}", limit, 1) }, decisions, Token);
        });

        Assert.False(await Store.TakeAsync(new[] { Take("first", limit, 1) }, decisions, Token));
        Assert.Equal(0, decisions[0].Remaining);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_keeps_nobody_waiting_longer_than_a_burst_takes()
    {
        var limit = Limit.TokenBucket(10, TimeSpan.FromSeconds(10));
        var decisions = new LimitDecision[1];
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(await Store.TakeAsync(new[] { Take("a", limit, 10) }, decisions, Token));

        var back = new FakeTimeProvider(_time.GetUtcNow() - TimeSpan.FromMinutes(5));
        var keeper = new Cache.Limits.LimitKeeper(_engine!.Spaces.Find("limits"u8)!.Keyspace, back);
        Assert.False(await keeper.TakeAsync(new[] { Take("a", limit, 10) }, decisions, Token));
        back.Advance(TimeSpan.FromSeconds(10));
        Assert.True(await keeper.TakeAsync(new[] { Take("a", limit, 10) }, decisions, Token));
    }

    [Fact]
    public async Task A_long_state_is_kept_as_it_is()
    {
        var limit = Limit.SlidingLog(5000, TimeSpan.FromHours(1));
        var decisions = new LimitDecision[1];
        for (var i = 0; i < 5000; i++)
        {
            Assert.True(await Store.TakeAsync(new[] { Take("a", limit, 1) }, decisions, Token));
            Assert.Equal(4999 - i, decisions[0].Remaining);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.False(await Store.TakeAsync(new[] { Take("a", limit, 1) }, decisions, Token));
        Assert.Equal(3_595_000_000, decisions[0].RetryAfter);
    }

    protected override ILimitStore CreateStore()
    {
        _engine = new CacheEngine(new KeyspaceOptions(4 << 20, EvictionPolicy.AllKeysLru, 4), _time, new Random(1));
        return new EmbeddedServer(_engine).OpenLimits(1 << 20);
    }

    private long Keys() => _engine!.Spaces.Find("limits"u8)!.Keyspace.Count(0);
}
