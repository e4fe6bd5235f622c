using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>What keeps an empty cache from becoming a stampede: one load a key in all processes, and so many loads at once in each.</summary>
public sealed class LoadBoundsTests
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly MemoryCache _shared;
    private readonly Shelf _here;
    private readonly Shelf _there;

    public LoadBoundsTests()
    {
        _shared = new MemoryCache(new CacheSpace("s", 1 << 20), _time);
        (_here, _there) = (new Shelf(null, new FarCache(_shared), _time), new Shelf(null, new FarCache(_shared), _time));
    }

    [Fact]
    public async Task What_one_process_loads_another_waits_for_and_does_not_load()
    {
        _here.Hold();
        var first = _here.GetAsync();
        var second = _there.GetAsync();
        _time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.False(second.IsCompleted);
        _here.Release();
        Assert.Equal("one", await first);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal("one", await second);
        Assert.Equal((1, 0), (_here.Loads, _there.Loads));
        Assert.InRange(_there.Cache.Counts.LeaseWaits, 1, 10);
        Assert.Equal(1, _there.Cache.Counts.Hits);
    }

    [Fact]
    public async Task Who_has_waited_long_enough_loads_for_itself_and_keeps_nothing()
    {
        _here.Hold();
        var first = _here.GetAsync();
        _there.Rows[1] = "loaded there";
        var second = _there.GetAsync();
        for (var i = 0; i < 12; i++)
            _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal("loaded there", await second);
        _here.Release();
        Assert.Equal("one", await first);
        Assert.Equal("one", await _there.GetAsync());
    }

    [Fact]
    public async Task While_another_process_loads_what_is_past_its_life_is_served()
    {
        await _here.GetAsync();
        _time.Advance(Life);
        _here.Hold();
        var first = _here.GetAsync();
        Assert.Equal("one", await _there.GetAsync());
        Assert.Equal((0, 1), (_there.Loads, _there.Cache.Counts.StaleServed));
        _here.Release();
        await first;
    }

    [Fact]
    public async Task Without_patience_what_is_past_its_life_is_served_at_once_and_loaded_behind_it()
    {
        var shelf = new Shelf(Shelf.Exact with { Patience = TimeSpan.Zero }, time: _time);
        await shelf.GetAsync();
        _time.Advance(Life);
        shelf.Rows[1] = "changed";
        shelf.Hold();
        Assert.Equal("one", await shelf.GetAsync());
        shelf.Release();
        Assert.Equal("changed", await shelf.GetAsync());
        Assert.Equal(2, shelf.Loads);
    }

    [Fact]
    public async Task Only_so_many_loads_run_so_many_wait_and_the_next_is_turned_away_or_served_something_old()
    {
        var shelf = new Shelf(Shelf.Exact with { Loads = 2, Waiting = 3 }, time: _time);
        shelf.Rows[9] = "nine";
        await shelf.GetAsync(9);
        _time.Advance(Life);

        shelf.Hold();
        var reads = Enumerable.Range(100, 5).Select(key => shelf.GetAsync(key)).ToList();
        Assert.Equal(1 + 2, shelf.Loads);
        await Assert.ThrowsAsync<CacheOverloadException>(() => shelf.GetAsync(200));
        Assert.Equal("nine", await shelf.GetAsync(9));
        Assert.Equal(2, shelf.Cache.Counts.Shed);

        shelf.Release();
        Assert.All(await Task.WhenAll(reads), Assert.Null);
        Assert.Null(await shelf.GetAsync(200));
    }

    [Fact]
    public async Task Nothing_is_served_past_an_end_that_the_value_names_not_even_while_loading_fails()
    {
        var shelf = new Shelf(time: _time);
        shelf.Rows[1] = $"end:{(_time.GetUtcNow() + TimeSpan.FromSeconds(10)).UtcTicks}";
        await shelf.GetAsync();
        shelf.Failure = new TimeoutException("No answer.");
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.NotNull(await shelf.GetAsync());
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await Assert.ThrowsAsync<TimeoutException>(() => shelf.GetAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("what a client has put there by hand")]
    [InlineData("\u0010 and so many bytes \0 of nothing")]
    [InlineData("\u0012 and so many bytes of not\u0009 tags")]
    public async Task What_lies_there_and_is_no_value_counts_as_missing(string text)
    {
        await _here.GetAsync();
        await _shared.SetAsync(new byte[] { 0, 0, 0, 0, 0, 0, 0, 1 }, System.Text.Encoding.UTF8.GetBytes(text), Life, TestContext.Current.CancellationToken);
        Assert.Equal("one", await _here.GetAsync());
        Assert.Equal(2, _here.Loads);
    }
}
