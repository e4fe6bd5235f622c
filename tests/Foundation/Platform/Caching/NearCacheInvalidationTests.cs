using Groundwork.Platform.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>What a near cache answers after a write.</summary>
public sealed class NearCacheInvalidationTests
{
    private readonly Shelf _shelf = new();

    [Fact]
    public async Task What_was_written_is_read_at_once()
    {
        await _shelf.GetAsync();
        Write("changed");
        Assert.Equal("changed", await _shelf.GetAsync());
        Assert.Null(await _shelf.GetAsync(2));
        _shelf.Rows[2] = "two";
        _shelf.Cache.Invalidate(2);
        Assert.Equal("two", await _shelf.GetAsync(2));
    }

    [Fact]
    public async Task An_old_read_that_ends_after_the_write_is_not_put_back()
    {
        _shelf.Hold();
        var before = _shelf.GetAsync(); // has read
        Write("changed");
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
        Write("changed");
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
        Write("changed");
        var after = _shelf.GetAsync(); // both end together, in the order in which they began, or the other
        Assert.Equal(2, _shelf.Loads);
        _shelf.Release();
        Assert.Equal("one", await before);
        Assert.Equal("changed", await after);
        Assert.Equal("changed", await _shelf.GetAsync());
        Assert.Equal(2, _shelf.Loads);
    }

    [Fact]
    public async Task A_refresh_that_a_write_overtook_is_not_kept()
    {
        await _shelf.GetAsync();
        _shelf.Time.Advance(TimeSpan.FromSeconds(59.9));
        _shelf.Hold();
        Assert.Equal("one", await _shelf.GetAsync());
        Assert.Equal(2, _shelf.Loads);
        Write("changed");
        _shelf.Release();
        Assert.Equal("changed", await _shelf.GetAsync());
    }

    [Fact]
    public async Task Clearing_forgets_entries_and_disowns_loads()
    {
        _shelf.Rows[2] = "two";
        await _shelf.GetAsync(2);
        _shelf.Hold();
        var before = _shelf.GetAsync();
        (_shelf.Rows[1], _shelf.Rows[2]) = ("changed", "also changed");
        _shelf.Cache.Clear();
        _shelf.Release();
        Assert.Equal("one", await before);
        Assert.Equal("changed", await _shelf.GetAsync());
        Assert.Equal("also changed", await _shelf.GetAsync(2));
    }

    [Fact]
    public async Task A_load_that_ends_in_the_middle_of_the_forgetting_is_not_put_back()
    {
        var token = TestContext.Current.CancellationToken;
        var (loads, old) = (0, new TaskCompletionSource<string?>());
        var cache = Cache(() => ++loads == 1 ? new(old.Task) : new("changed"));
        var before = cache.GetAsync(new HookedKey(1), token).AsTask();
        cache.Invalidate(new HookedKey(1, asked =>
        {
            if (asked == 2) // one step is done
                old.SetResult("one");
        }));
        Assert.Equal("one", await before);
        Assert.Equal("changed", await cache.GetAsync(new HookedKey(1), token));
    }

    [Fact]
    public async Task A_read_after_the_write_does_not_join_one_that_found_the_entry_just_before_it_was_forgotten()
    {
        var token = TestContext.Current.CancellationToken;
        var (loads, old) = (0, new TaskCompletionSource<string?>());
        var cache = Cache(() => ++loads == 1 ? new(old.Task) : new("changed"));
        var first = cache.GetAsync(new HookedKey(1), token).AsTask();
        using var looked = new ManualResetEventSlim();
        using var mayBegin = new ManualResetEventSlim();
        using var found = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var lateKey = new HookedKey(1, asked =>
        {
            if (asked == 2) // it has seen no entry, and will see no load
                old.SetResult("one");
            if (asked == 3) // it is about to begin a load of its own
                Meet(looked, mayBegin);
            if (asked == 5) // it has seen the entry now, and its load still stands
                Meet(found, mayEnd);
        });
        var late = Task.Run(() => cache.GetAsync(lateKey, token).AsTask(), token);
        looked.Wait(token);
        cache.Invalidate(new HookedKey(1, asked =>
        {
            if (asked == 2) // no load was there to be disowned
                Meet(mayBegin, found);
        }));
        var after = cache.GetAsync(new HookedKey(1), token).AsTask();
        mayEnd.Set();
        Assert.Equal("one", await first);
        Assert.Equal("one", await late);
        Assert.Equal("changed", await after);

        void Meet(ManualResetEventSlim here, ManualResetEventSlim there)
        {
            here.Set();
            there.Wait(token);
        }
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
        var cache = new NearCache<int, object>(
            new NearCacheOptions(64 << 10) { Life = TimeSpan.FromMilliseconds(50) },
            async (key, _) =>
            {
                object value = Volatile.Read(ref committed[key]);
                if ((long)value % 3 == 0)
                    await Task.Yield();
                return value;
            },
            _ => 8, time, new Random(7));

        var stale = 0;
        var token = TestContext.Current.CancellationToken;
        var writing = Task.Run(WriteAsync, token);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(seed => Task.Run(() => ReadAsync(seed), token)).Append(writing));
        Assert.Equal(0, stale);

        async Task WriteAsync()
        {
            var random = new Random(1);
            for (var i = 1L; i <= Writes; i++)
            {
                var key = random.Next(Keys);
                Volatile.Write(ref committed[key], i);
                if (clears)
                    cache.Clear();
                else
                    cache.Invalidate(key);
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
                if ((long)(await cache.GetAsync(key, token))! < least)
                    Interlocked.Increment(ref stale);
            }
        }
    }

    private static NearCache<HookedKey, string> Cache(Func<ValueTask<string?>> load) =>
        new(new NearCacheOptions(1 << 20), (_, _) => load(), value => value.Length, new FakeTimeProvider(), new Random(7));

    // As the database's commit, and what its writer does then.
    private void Write(string value)
    {
        _shelf.Rows[1] = value;
        _shelf.Cache.Invalidate(1);
    }
}
