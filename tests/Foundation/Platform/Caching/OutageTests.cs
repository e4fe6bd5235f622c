using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Primitives.Concurrency;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>What readers and writers see while a shared cache is down, and after it.</summary>
public sealed class OutageTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryCache _shared;
    private readonly FarCache _far;
    private readonly Shelf _shelf;

    public OutageTests()
    {
        _shared = new MemoryCache(new CacheSpace("s", 1 << 20), _time);
        _far = new FarCache(_shared);
        _shelf = ShelfOn(_far);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_cache_is_down_reads_go_to_the_store()
    {
        await _shelf.GetAsync();
        _far.IsDown = true;
        _shelf.Rows[1] = "changed"; // by somebody who told nobody
        Assert.Equal("changed", await _shelf.GetAsync());
        Assert.Equal("changed", await _shelf.GetAsync());
        Assert.Equal(3, _shelf.Loads);
        _far.IsDown = false;
        Assert.Equal("one", await _shelf.GetAsync());
    }

    [Fact]
    public async Task What_could_not_be_removed_is_not_served_here_and_is_removed_when_the_cache_is_back()
    {
        await _shelf.GetAsync();
        _far.IsDown = true;
        _shelf.Rows[1] = "changed";
        await _shelf.Cache.InvalidateAsync(1);
        _far.IsDown = false; // with the old value still there
        Assert.True(IsShared(1));
        Assert.Equal("changed", await _shelf.GetAsync());

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(IsShared(1));
        Assert.Equal("changed", await _shelf.GetAsync());
        Assert.Equal("changed", await _shelf.GetAsync());
        Assert.Equal(3, _shelf.Loads); // the last was kept
    }

    [Fact]
    public async Task A_copy_that_hears_of_the_change_does_not_serve_the_old_value_either()
    {
        var other = ShelfOn(new FarCache(_shared) { IsDown = true });
        await _shelf.GetAsync();
        other.Rows[1] = "changed";
        await other.Cache.InvalidateAsync(1); // as its signal says
        Assert.Equal("changed", await other.GetAsync());
    }

    [Fact]
    public async Task Of_two_removals_of_a_key_the_one_that_failed_does_not_outlive_the_one_that_succeeded()
    {
        await _shelf.GetAsync();
        _far.IsDown = true;
        await _shelf.Cache.InvalidateAsync(1);
        _far.IsDown = false;
        await _shelf.Cache.InvalidateAsync(1);
        await _shelf.GetAsync();
        await _shelf.GetAsync();
        Assert.Equal(2, _shelf.Loads);
    }

    [Fact]
    public async Task More_removals_than_are_remembered_become_one_of_everything()
    {
        var shelf = ShelfOn(_far, Shelf.Exact with { Removals = 3 });
        for (var key = 1L; key <= 10; key++)
        {
            shelf.Rows[key] = "row";
            await shelf.GetAsync(key);
        }

        _far.IsDown = true;
        for (var key = 1L; key <= 4; key++)
            await shelf.Cache.InvalidateAsync(key);
        _far.IsDown = false;
        shelf.Rows[9] = "changed";
        Assert.Equal("changed", await shelf.GetAsync(9));
        Assert.True(IsShared(9));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(IsShared(9));
        await shelf.GetAsync(9);
        var loads = shelf.Loads;
        await shelf.GetAsync(9);
        Assert.Equal(loads, shelf.Loads);
    }

    [Fact]
    public async Task A_clear_that_failed_is_done_when_the_cache_is_back()
    {
        await _shelf.GetAsync();
        _far.IsDown = true;
        _shelf.Rows[1] = "changed";
        await _shelf.Cache.ClearAsync();
        _far.IsDown = false;
        Assert.Equal("changed", await _shelf.GetAsync());
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(IsShared(1));
    }

    [Fact]
    public async Task A_cache_that_failed_often_is_not_asked_for_a_while_and_then_once()
    {
        var pause = TimeSpan.FromSeconds(1);
        var circuit = new BrokenCircuit(_far, new Breaker(3, (long)(pause.TotalSeconds * _time.TimestampFrequency)), _time);
        _far.IsDown = true;
        for (var i = 0; i < 10; i++)
            await Assert.ThrowsAsync<CacheException>(() => circuit.RemoveAsync("a"u8.ToArray(), Token).AsTask());
        Assert.Equal(3, _far.Calls);

        _time.Advance(pause);
        for (var i = 0; i < 10; i++)
            await Assert.ThrowsAsync<CacheException>(() => circuit.RemoveAsync("a"u8.ToArray(), Token).AsTask());
        Assert.Equal(4, _far.Calls);

        _time.Advance(pause);
        _far.IsDown = false;
        for (var i = 0; i < 10; i++)
            await circuit.RemoveAsync("a"u8.ToArray(), Token);
        Assert.Equal(14, _far.Calls);
    }

    private Shelf ShelfOn(ICache cache, LoadingOptions? options = null) => new(options, cache, _time);

    private bool IsShared(byte key) => _shared.TryGet([0, 0, 0, 0, 0, 0, 0, key], new byte[100], out _) == CacheLookup.Found;
}
