using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Near;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.RateLimits.Tests.Near;

/// <summary>How much is remembered.</summary>
public sealed class NearLimitsTests
{
    private static readonly Limit Once = Limit.FixedWindow(1, TimeSpan.FromHours(1));

    [Fact]
    public async Task No_more_keys_are_known_than_there_is_room_for_and_who_asks_often_stays()
    {
        const int MaxKeys = 64;
        var time = new FakeTimeProvider();
        var store = new WatchedLimits(time);
        var near = new NearLimits(store, time, MaxKeys);
        await near.TakeAsync(Once, key: "often");
        await near.TakeAsync(Once, key: "often");
        for (var i = 0; i < 500; i++)
        {
            await near.TakeAsync(Once, key: $"{i}");
            Assert.False((await near.TakeAsync(Once, key: $"{i}")).IsAllowed);
            var calls = store.Costs.Count;
            Assert.False((await near.TakeAsync(Once, key: "often")).IsAllowed);
            Assert.Equal(calls, store.Costs.Count);
        }

        Assert.Equal(MaxKeys, near.Count);
    }

    [Fact]
    public async Task Where_the_store_is_asked_for_as_many_keys_as_there_is_room_for_others_ask_by_themselves()
    {
        var time = new FakeTimeProvider();
        var store = new WatchedLimits(time);
        var near = new NearLimits(store, time, maxKeys: 1);
        store.Hold();
        var all = Enumerable.Range(0, 100).Select(i => near.TakeAsync(Once, key: $"{i}")).ToArray();
        Assert.InRange(near.Count, 1, 16);
        Assert.Equal(100, store.Costs.Count);
        store.Release();
        Assert.All(await Task.WhenAll(all), d => Assert.True(d.IsAllowed));
        Assert.Equal(0, near.Count);
    }

    [Fact]
    public async Task One_key_under_two_limits_is_two()
    {
        var time = new FakeTimeProvider();
        var near = new NearLimits(new WatchedLimits(time), time);
        await near.TakeAsync(Once);
        Assert.False((await near.TakeAsync(Once)).IsAllowed);
        Assert.True((await near.TakeAsync(Limit.FixedWindow(2, TimeSpan.FromHours(1)))).IsAllowed);
        Assert.True((await near.TakeAsync(Limit.SlidingLog(1, TimeSpan.FromHours(1)))).IsAllowed);
    }

    [Fact]
    public async Task Many_at_once_get_no_more_than_there_is_however_many_copies_ask()
    {
        var limit = Limit.TokenBucket(5_000, TimeSpan.FromDays(1));
        var time = new FakeTimeProvider();
        var store = new WatchedLimits(time);
        var near = Enumerable.Range(0, 3).Select(_ => new NearLimits(store, time)).ToArray();
        var counts = await Task.WhenAll(Enumerable.Range(0, 12).Select(worker => Task.Run(async () =>
        {
            var admitted = 0;
            for (var i = 0; i < 600; i++)
                admitted += (await near[worker % 3].TakeAsync(limit, batch: 50)).IsAllowed ? 1 : 0;
            return admitted;
        })));

        Assert.InRange(counts.Sum(), 5_000 - (3 * 49), 5_000);
        Assert.InRange(store.Costs.Count, 1, 3_600);
    }
}
