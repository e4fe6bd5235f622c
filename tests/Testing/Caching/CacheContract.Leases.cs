using Groundwork.Ports.Caching;

namespace Groundwork.Testing.Caching;

/// <content>Leases: who loads, and whose loading counts.</content>
public abstract partial class CacheContract
{
    [Fact]
    public async Task Of_those_who_miss_a_key_the_first_loads_it()
    {
        var cache = Open();

        var token = await TakeAsync(cache, "a");
        await AssertHeldAsync(cache, "a");
        await AssertHeldAsync(cache, "a");
        await TakeAsync(cache, "b");

        Assert.Null(await ReadAsync(cache, "a"));
        Assert.True(await FillAsync(cache, "a", token, "loaded"));
        Assert.Equal("loaded", await ReadAsync(cache, "a"));
        var (lease, value) = await LeaseAsync(cache, "a", Plain);
        Assert.Equal((LeaseState.Fresh, "loaded"), (lease.State, value));
    }

    [Fact]
    public async Task A_value_that_is_there_is_fresh_whoever_set_it()
    {
        var cache = Open();
        await SetAsync(cache, "a", "1", Long);
        await SetAsync(cache, "b", "2", Forever);

        foreach (var terms in new[] { Plain, WithStale })
        {
            var (a, valueA) = await LeaseAsync(cache, "a", terms);
            var (b, valueB) = await LeaseAsync(cache, "b", terms);
            Assert.Equal((LeaseState.Fresh, "1"), (a.State, valueA));
            Assert.Equal((LeaseState.Fresh, "2"), (b.State, valueB));
        }
    }

    [Fact]
    public async Task A_stale_value_is_given_to_all_and_the_lease_to_one()
    {
        var cache = Open();
        await SetAsync(cache, "a", "stale", Short);

        var (first, value) = await LeaseAsync(cache, "a", WithStale);
        Assert.Equal((LeaseState.Granted, "stale"), (first.State, value));
        for (var i = 0; i < 3; i++)
        {
            var (other, seen) = await LeaseAsync(cache, "a", WithStale);
            Assert.Equal((LeaseState.Held, "stale"), (other.State, seen));
        }

        Assert.Equal("stale", await ReadAsync(cache, "a"));
        Assert.True(await FillAsync(cache, "a", first.Token, "fresh", Long));
        var (later, fresh) = await LeaseAsync(cache, "a", WithStale);
        Assert.Equal((LeaseState.Fresh, "fresh"), (later.State, fresh));
    }

    [Fact]
    public async Task What_is_stale_to_one_may_be_fresh_to_another()
    {
        var cache = Open();
        await SetAsync(cache, "a", "1", Short);
        await TakeAsync(cache, "a", WithStale);

        var (lease, value) = await LeaseAsync(cache, "a", Plain);
        Assert.Equal((LeaseState.Fresh, "1"), (lease.State, value));
    }

    [Fact]
    public async Task A_fill_after_the_key_was_removed_is_refused()
    {
        var cache = Open();
        var token = await TakeAsync(cache, "a");

        await cache.RemoveAsync(Bytes("a"), Token); // which was not even there

        Assert.False(await FillAsync(cache, "a", token, "outdated"));
        Assert.Null(await ReadAsync(cache, "a"));
    }

    [Fact]
    public async Task A_fill_after_a_stale_value_was_removed_is_refused()
    {
        var cache = Open();
        await SetAsync(cache, "a", "stale", Short);
        var token = await TakeAsync(cache, "a", WithStale);

        await cache.RemoveAsync(Bytes("a"), Token);

        Assert.False(await FillAsync(cache, "a", token, "outdated"));
        Assert.Null(await ReadAsync(cache, "a"));
    }

    [Fact]
    public async Task A_fill_after_the_key_was_set_is_refused()
    {
        var cache = Open();
        var token = await TakeAsync(cache, "a");

        await SetAsync(cache, "a", "set");

        Assert.False(await FillAsync(cache, "a", token, "outdated"));
        Assert.Equal("set", await ReadAsync(cache, "a"));
    }

    [Fact]
    public async Task A_fill_after_a_stale_key_was_set_is_refused()
    {
        var cache = Open();
        await SetAsync(cache, "a", "stale", Short);
        var token = await TakeAsync(cache, "a", WithStale);

        await SetAsync(cache, "a", "set", Short);

        Assert.False(await FillAsync(cache, "a", token, "outdated"));
        Assert.Equal("set", await ReadAsync(cache, "a"));
    }

    [Fact]
    public async Task A_fill_after_the_space_was_cleared_is_refused()
    {
        var cache = Open();
        await SetAsync(cache, "stale", "1", Short);
        var stale = await TakeAsync(cache, "stale", WithStale);
        var missing = await TakeAsync(cache, "missing");

        await cache.ClearAsync(Token);

        Assert.False(await FillAsync(cache, "stale", stale, "outdated"));
        Assert.False(await FillAsync(cache, "missing", missing, "outdated"));
        Assert.Null(await ReadAsync(cache, "stale"));
        Assert.Null(await ReadAsync(cache, "missing"));
    }

    [Fact]
    public async Task A_lease_fills_once()
    {
        var cache = Open();
        var token = await TakeAsync(cache, "a");

        Assert.True(await FillAsync(cache, "a", token, "1"));
        Assert.False(await FillAsync(cache, "a", token, "2"));

        Assert.Equal("1", await ReadAsync(cache, "a"));
    }

    [Fact]
    public async Task A_lease_ends_by_itself_and_the_next_who_asks_gets_one()
    {
        var cache = Open();
        var first = await TakeAsync(cache, "a", Plain with { Lease = Moment });

        await PassAsync(Moment);

        Assert.False(await FillAsync(cache, "a", first, "late"));
        var second = await TakeAsync(cache, "a");
        Assert.NotEqual(first, second);
        Assert.False(await FillAsync(cache, "a", first, "late"));
        await cache.ReleaseAsync(Bytes("a"), first, Token);
        await AssertHeldAsync(cache, "a");
        Assert.True(await FillAsync(cache, "a", second, "2"));
        Assert.False(await FillAsync(cache, "a", first, "late"));
        Assert.Equal("2", await ReadAsync(cache, "a"));
    }

    [Fact]
    public async Task A_released_lease_goes_to_the_next_who_asks()
    {
        var cache = Open();
        var first = await TakeAsync(cache, "a");

        await cache.ReleaseAsync(Bytes("a"), first, Token);

        var second = await TakeAsync(cache, "a");
        Assert.NotEqual(first, second);
        Assert.False(await FillAsync(cache, "a", first, "1"));
        Assert.True(await FillAsync(cache, "a", second, "2"));
        Assert.Equal("2", await ReadAsync(cache, "a"));
    }

    [Fact]
    public async Task Releasing_leaves_a_stale_value_where_it_is()
    {
        var cache = Open();
        await SetAsync(cache, "a", "stale", Short);
        var token = await TakeAsync(cache, "a", WithStale);

        await cache.ReleaseAsync(Bytes("a"), token, Token);

        Assert.Equal("stale", await ReadAsync(cache, "a"));
        await TakeAsync(cache, "a", WithStale);
    }

    [Fact]
    public async Task What_is_removed_can_be_loaded_at_once()
    {
        var cache = Open();
        var before = await TakeAsync(cache, "a");

        await cache.RemoveAsync(Bytes("a"), Token);

        var after = await TakeAsync(cache, "a");
        Assert.False(await FillAsync(cache, "a", before, "outdated"));
        Assert.True(await FillAsync(cache, "a", after, "1"));
        Assert.Equal("1", await ReadAsync(cache, "a"));
    }

    [Fact]
    public async Task Removing_one_key_leaves_the_leases_of_others()
    {
        var cache = Open();
        var token = await TakeAsync(cache, "a");

        await cache.RemoveAsync(Bytes("b"), Token);

        Assert.True(await FillAsync(cache, "a", token, "1"));
    }

    [Fact]
    public async Task Only_the_token_of_the_key_itself_fills_it()
    {
        var cache = Open();
        var a = await TakeAsync(cache, "a");
        var b = await TakeAsync(cache, "b");
        Assert.True(await FillAsync(cache, "b", b, "1"));

        foreach (var token in new[] { 0, 1, -1, a + 1, long.MinValue, long.MaxValue })
        {
            Assert.False(await FillAsync(cache, "a", token, "forged"));
            Assert.False(await FillAsync(cache, "never-leased", token, "forged"));
            await cache.ReleaseAsync(Bytes("a"), token, Token);
        }

        await AssertHeldAsync(cache, "a");
        Assert.True(await FillAsync(cache, "a", a, "2"));
        Assert.Null(await ReadAsync(cache, "never-leased"));
    }

    [Fact]
    public async Task No_token_of_a_key_is_given_twice()
    {
        const int Rounds = 500;
        var cache = Open();
        var tokens = new HashSet<long>();

        for (var i = 0; i < Rounds; i++)
        {
            var token = await TakeAsync(cache, "a");
            Assert.True(tokens.Add(token));
            if (i % 3 == 0)
                await cache.ReleaseAsync(Bytes("a"), token, Token);
            else if (i % 3 == 1)
                await cache.RemoveAsync(Bytes("a"), Token);
            else
                await cache.ClearAsync(Token);
        }
    }

    [Fact]
    public async Task A_lease_of_less_than_a_millisecond_is_refused()
    {
        var cache = Open();
        foreach (var lease in new[] { TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(-1) })
            await Assert.ThrowsAnyAsync<ArgumentException>(() => LeaseAsync(cache, "a", new LeaseTerms(lease, TimeSpan.Zero)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => LeaseAsync(cache, "a", new LeaseTerms(Short, TimeSpan.FromTicks(-1))));
        await TakeAsync(cache, "a");
    }
}
