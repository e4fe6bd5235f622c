using System.Globalization;
using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>What a loading cache answers after a write.</summary>
public sealed class InvalidationTests
{
    private readonly Shelf _shelf = new();

    [Fact]
    public async Task What_was_written_is_read_at_once()
    {
        await _shelf.GetAsync();
        await WriteAsync("changed");
        Assert.Equal("changed", await _shelf.GetAsync());
        Assert.Null(await _shelf.GetAsync(2));
        _shelf.Rows[2] = "two";
        await _shelf.Cache.InvalidateAsync(2);
        Assert.Equal("two", await _shelf.GetAsync(2));
    }

    [Fact]
    public async Task An_old_read_that_ends_after_the_write_is_not_put_back()
    {
        _shelf.Hold();
        var before = _shelf.GetAsync(); // has read
        await WriteAsync("changed");
        _shelf.Release();
        Assert.Equal("one", await before);
        Assert.Equal("changed", await _shelf.GetAsync());
        Assert.Equal(2, _shelf.Loads);
    }

    [Fact]
    public async Task A_read_after_the_write_does_not_wait_for_a_load_from_before_it()
    {
        _shelf.Hold();
        var before = _shelf.GetAsync();
        await WriteAsync("changed");
        _shelf.Hold();
        var after = _shelf.GetAsync();
        Assert.Equal(2, _shelf.Loads);
        _shelf.Release();
        Assert.Equal("changed", await after);
        Assert.False(before.IsCompleted);
    }

    [Fact]
    public async Task An_old_read_that_ends_after_a_new_one_does_not_replace_it()
    {
        _shelf.Hold();
        var before = _shelf.GetAsync();
        await WriteAsync("changed");
        var after = _shelf.GetAsync(); // both end together, in the order in which they began, or the other
        Assert.Equal(2, _shelf.Loads);
        _shelf.Release();
        Assert.Equal("one", await before);
        Assert.Equal("changed", await after);
        Assert.Equal("changed", await _shelf.GetAsync());
        Assert.Equal(2, _shelf.Loads);
    }

    [Fact]
    public async Task Clearing_forgets_entries_and_disowns_loads()
    {
        _shelf.Rows[2] = "two";
        await _shelf.GetAsync(2);
        _shelf.Hold();
        var before = _shelf.GetAsync();
        (_shelf.Rows[1], _shelf.Rows[2]) = ("changed", "also changed");
        await _shelf.Cache.ClearAsync();
        _shelf.Release();
        Assert.Equal("one", await before);
        Assert.Equal("changed", await _shelf.GetAsync());
        Assert.Equal("also changed", await _shelf.GetAsync(2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_read_that_begins_after_a_write_sees_what_was_before_it_whatever_threads_do(bool clears)
    {
        const int Keys = 3;
        const int Writes = 50_000;
        var (committed, acknowledged) = (new long[Keys], new long[Keys]);
        var time = new FakeTimeProvider();
        await using var cache = new LoadingCache<long, string>(
            new MemoryCache(new CacheSpace("rows", 1 << 20), time),
            new TextCodec(),
            async (key, _) =>
            {
                var value = Volatile.Read(ref committed[key]);
                if (value % 3 == 0)
                    await Task.Yield();
                return value.ToString(CultureInfo.InvariantCulture);
            },
            new LoadingOptions { Lives = new ValueLives { Life = TimeSpan.FromMilliseconds(50) } }, time, new Random(7));

        var stale = 0;
        var token = TestContext.Current.CancellationToken;
        var writing = Task.Run(WriteAsync, token);
        var all = Task.WhenAll(Enumerable.Range(0, 3).Select(seed => Task.Run(() => ReadAsync(seed), token)).Append(writing));
        while (!all.IsCompleted) // whoever waits for another's lease does so by the clock
        {
            await Task.Yield();
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await all;
        Assert.Equal(0, stale);

        async Task WriteAsync()
        {
            var random = new Random(1);
            for (var i = 1L; i <= Writes; i++)
            {
                var key = random.Next(Keys);
                Volatile.Write(ref committed[key], i);
                if (clears)
                    await cache.ClearAsync();
                else
                    await cache.InvalidateAsync(key);
                Volatile.Write(ref acknowledged[key], i);
                if (i % 16 == 0)
                    time.Advance(TimeSpan.FromMilliseconds(5));
                if (i % 4 == 0)
                    await Task.Yield();
            }
        }

        async Task ReadAsync(int seed)
        {
            var random = new Random(seed);
            while (!writing.IsCompleted)
            {
                var key = random.Next(Keys);
                var least = Volatile.Read(ref acknowledged[key]);
                if (long.Parse((await cache.GetAsync(key, token))!, CultureInfo.InvariantCulture) < least)
                    Interlocked.Increment(ref stale);
            }
        }
    }

    // As the database's commit, and what its writer does then.
    private async Task WriteAsync(string value)
    {
        _shelf.Rows[1] = value;
        await _shelf.Cache.InvalidateAsync(1);
    }
}
