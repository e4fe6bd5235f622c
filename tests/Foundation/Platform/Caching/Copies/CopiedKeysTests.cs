using System.Globalization;
using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching.Copies;

/// <summary>What processes read of a key that is kept under several names.</summary>
public sealed class CopiedKeysTests
{
    private const int Copies = 4;
    private static readonly LoadingOptions Options = new() { Copies = Copies, Lives = new ValueLives { Jitter = 0 } };

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryCache _shared;
    private readonly byte[][] _names;
    private int _processes;

    public CopiedKeysTests()
    {
        _shared = new MemoryCache(new CacheSpace("shelf", 1 << 20), _time);
        var key = new byte[sizeof(long)];
        new TextCodec().WriteKey(1, key);
        _names = new KeyCopies(Copies, _time, new Random(1)).NamesOf(key);
    }

    [Fact]
    public async Task A_key_that_is_not_hot_is_under_its_own_name_alone()
    {
        var shelf = Process();
        Assert.Equal("one", await shelf.GetAsync());
        Assert.Equal([true, false, false, false, false], Kept());
    }

    [Fact]
    public async Task A_hot_key_is_loaded_once_for_each_copy_however_many_processes_read_it()
    {
        var processes = Enumerable.Range(0, 12).Select(_ => Process()).ToList();
        foreach (var process in processes)
            await MakeHotAsync(process);

        Assert.InRange(Kept().Count(kept => kept), 3, 1 + Copies);
        Assert.Equal(Kept().Count(kept => kept), processes.Sum(p => p.Loads));
    }

    [Fact]
    public async Task After_a_removal_has_ended_no_copy_gives_what_was_there_before()
    {
        var processes = Enumerable.Range(0, 12).Select(_ => Process()).ToList();
        foreach (var process in processes)
            await MakeHotAsync(process);

        foreach (var process in processes)
            process.Rows[1] = "changed";
        await Process().Cache.InvalidateAsync(1); // which has never read it
        Assert.DoesNotContain(true, Kept());
        foreach (var process in processes)
            Assert.Equal("changed", await process.GetAsync());
    }

    [Fact]
    public async Task A_load_from_before_a_removal_fills_no_copy()
    {
        var process = Process();
        await MakeHotAsync(process);
        await process.Cache.InvalidateAsync(1);
        process.Hold();
        var before = process.GetAsync(); // has read

        var writer = Process();
        process.Rows[1] = "changed";
        await writer.Cache.InvalidateAsync(1);
        process.Release();

        Assert.Equal("one", await before);
        Assert.DoesNotContain(true, Kept());
        Assert.Equal("changed", await process.GetAsync());
    }

    [Fact]
    public async Task A_removal_that_the_cache_did_not_take_hides_every_copy_until_it_has()
    {
        var far = new FarCache(_shared);
        var process = new Shelf(Options, far, _time);
        await MakeHotAsync(process);
        far.IsDown = true;
        process.Rows[1] = "changed";
        await process.Cache.InvalidateAsync(1);
        far.IsDown = false;
        Assert.Equal("changed", await process.GetAsync());

        // Tried again.
        while (Kept().Contains(true))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("changed", await process.GetAsync());
    }

    [Fact]
    public async Task A_value_that_is_put_is_under_all_names()
    {
        await using var cache = new LoadingCache(new FarCache(_shared), Options, _time, new Random(3));
        var (codec, token) = (new TextCodec(), TestContext.Current.CancellationToken);
        await cache.SetAsync("a", "put", codec);
        for (var i = 0; i < 2 * HotReads.PerSecond; i++)
            Assert.Equal("put", await cache.GetOrCreateAsync("a", 0, static (_, _) => throw new InvalidOperationException("It is there."), codec, cancellationToken: token));
        await cache.RemoveAsync("a");
        Assert.Null(await cache.FindAsync("a", codec, token));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(KeyCopies.Most + 1)]
    public void Other_numbers_of_copies_are_refused(int copies) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shelf(new LoadingOptions { Copies = copies }));

    [Fact]
    public async Task No_read_that_begins_after_a_write_sees_what_was_before_it_by_whichever_copy_whatever_threads_do()
    {
        const int Writes = 20_000;
        var (committed, acknowledged, stale) = (0L, 0L, 0);
        var token = TestContext.Current.CancellationToken;
        var readers = Enumerable.Range(0, 3).Select(Open).ToList();
        var writer = Open(17);
        var writing = Task.Run(WriteAsync, token);
        var all = Task.WhenAll(readers.Select(cache => Task.Run(() => ReadAsync(cache), token)).Append(writing));
        while (!all.IsCompleted) // whoever waits for another's lease does so by the clock
        {
            await Task.Yield();
            _time.Advance(TimeSpan.FromMicroseconds(50));
        }

        await all;
        Assert.Equal(0, stale);

        LoadingCache<long, string> Open(int seed) => new(
            new FarCache(_shared), new TextCodec(),
            async (_, _) =>
            {
                var value = Volatile.Read(ref committed);
                if (value % 3 == 0)
                    await Task.Yield();
                return value.ToString(CultureInfo.InvariantCulture);
            },
            Options with { HeldWait = TimeSpan.FromMilliseconds(20) }, _time, new Random(seed));

        async Task WriteAsync()
        {
            for (var i = 1L; i <= Writes; i++)
            {
                Volatile.Write(ref committed, i);
                await writer.InvalidateAsync(1);
                Volatile.Write(ref acknowledged, i);
                if (i % 4 == 0)
                    await Task.Yield();
            }
        }

        async Task ReadAsync(LoadingCache<long, string> cache)
        {
            while (!writing.IsCompleted)
            {
                var least = Volatile.Read(ref acknowledged);
                if (long.Parse((await cache.GetAsync(1, token))!, CultureInfo.InvariantCulture) < least)
                    Interlocked.Increment(ref stale);
            }
        }
    }

    private static async Task MakeHotAsync(Shelf process)
    {
        for (var i = 0; i <= HotReads.PerSecond; i++)
            Assert.Equal("one", await process.GetAsync());
    }

    private Shelf Process() => new(Options, new FarCache(_shared), _time, ++_processes);

    private bool[] Kept() => [.. _names.Select(name => _shared.TryGet(name, new byte[256], out _) == CacheLookup.Found)];
}
