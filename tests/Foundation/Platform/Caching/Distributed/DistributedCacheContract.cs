using System.Buffers;
using System.Text;
using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>What users of .NET's IDistributedCache can rely on, whatever the space lies on.</summary>
public abstract class DistributedCacheContract
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DistributedCacheEntryOptions Endless = new();

    private readonly ICache _space;
    private readonly DistributedCache _cache;

    private protected DistributedCacheContract(Func<TimeProvider, ICache> open)
    {
        _space = open(Time);
        _cache = new DistributedCache(_space, Time);
    }

    private protected FakeTimeProvider Time { get; } = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_value_is_got_as_it_was_set_by_each_pair_of_ways()
    {
        byte[] value = [1, 0, 255];
        var sequence = new ReadOnlySequence<byte>(value);
        foreach (var set in (Func<string, Task>[])[
            key => { _cache.Set(key, value, Endless); return Task.CompletedTask; },
            key => { _cache.Set(key, sequence, Endless); return Task.CompletedTask; },
            key => _cache.SetAsync(key, value, Endless, Token),
            key => _cache.SetAsync(key, sequence, Endless, Token).AsTask()])
        {
            var key = Guid.NewGuid().ToString();
            await set(key);
            Assert.Equal(value, _cache.Get(key));
            Assert.Equal(value, await _cache.GetAsync(key, Token));
            var written = new ArrayBufferWriter<byte>();
            Assert.True(_cache.TryGet(key, written));
            Assert.True(await _cache.TryGetAsync(key, written, Token));
            Assert.Equal([.. value, .. value], written.WrittenSpan);
        }
    }

    [Fact]
    public async Task A_sequence_of_several_pieces_is_one_value()
    {
        var first = new Piece([1, 2], 0);
        var last = first.Then([3]);
        await _cache.SetAsync("a", new ReadOnlySequence<byte>(first, 0, last, 1), Endless, Token);
        Assert.Equal([1, 2, 3], _cache.Get("a"));
    }

    [Fact]
    public async Task What_is_not_there_is_null_and_nothing_is_written_and_to_remove_or_refresh_it_is_no_error()
    {
        var written = new ArrayBufferWriter<byte>();
        Assert.Null(_cache.Get("a"));
        Assert.Null(await _cache.GetAsync("a", Token));
        Assert.False(_cache.TryGet("a", written));
        Assert.False(await _cache.TryGetAsync("a", written, Token));
        Assert.Equal(0, written.WrittenCount);
        _cache.Remove("a");
        await _cache.RemoveAsync("a", Token);
        _cache.Refresh("a");
        await _cache.RefreshAsync("a", Token);
        Assert.Null(_cache.Get("a"));
    }

    [Fact]
    public async Task An_empty_value_is_a_value()
    {
        _cache.Set("a", [], Endless);
        Assert.Empty(_cache.Get("a")!);
        await _cache.SetAsync("b", ReadOnlySequence<byte>.Empty, new() { SlidingExpiration = Minute }, Token);
        Assert.Empty((await _cache.GetAsync("b", Token))!);
    }

    [Fact]
    public async Task Setting_again_replaces_value_and_life()
    {
        await SetAsync("1", new() { AbsoluteExpirationRelativeToNow = Minute });
        await SetAsync("2", Endless);
        Time.Advance(Minute * 2);
        Assert.Equal("2", await GetAsync());
    }

    [Fact]
    public async Task A_removed_value_is_gone()
    {
        await SetAsync("1", Endless);
        await _cache.RemoveAsync("a", Token);
        Assert.Null(await GetAsync());
        await SetAsync("1", Endless);
        _cache.Remove("a");
        Assert.Null(await GetAsync());
    }

    [Fact]
    public async Task Keys_of_any_text_and_length_are_different_keys()
    {
        var longKey = new string('k', 100_000);
        string[] keys = ["", " ", "a", "A", "naïve 字 🏗", "\ud800", "\ud801", "\ufffd", longKey, longKey + "k", new string('字', 300)];
        foreach (var key in keys)
            await _cache.SetAsync(key, Encoding.Unicode.GetBytes(key.Length + key[..Math.Min(9, key.Length)]), Endless, Token);
        foreach (var key in keys)
            Assert.Equal(Encoding.Unicode.GetBytes(key.Length + key[..Math.Min(9, key.Length)]), await _cache.GetAsync(key, Token));
    }

    [Fact]
    public async Task Nothing_may_be_null()
    {
        Assert.Throws<ArgumentNullException>(() => _cache.Get(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _cache.GetAsync(null!, Token));
        Assert.Throws<ArgumentNullException>(() => _cache.TryGet("a", null!));
        Assert.Throws<ArgumentNullException>(() => _cache.Set(null!, [], Endless));
        Assert.Throws<ArgumentNullException>(() => _cache.Set("a", null!, Endless));
        Assert.Throws<ArgumentNullException>(() => _cache.Set("a", [], null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _cache.SetAsync(null!, [], Endless, Token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _cache.SetAsync("a", null!, Endless, Token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _cache.SetAsync("a", [], null!, Token));
        Assert.Throws<ArgumentNullException>(() => _cache.Remove(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _cache.RemoveAsync(null!, Token));
        Assert.Throws<ArgumentNullException>(() => _cache.Refresh(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _cache.RefreshAsync(null!, Token));
    }

    [Fact]
    public async Task An_absolute_end_holds_whatever_the_uses()
    {
        await SetAsync("1", new() { AbsoluteExpiration = Time.GetUtcNow() + Minute });
        Time.Advance(Minute / 2);
        Assert.Equal("1", await GetAsync());
        await _cache.RefreshAsync("a", Token);
        Time.Advance(Minute / 2);
        Assert.Null(await GetAsync());
    }

    [Fact]
    public async Task An_end_relative_to_now_holds_and_goes_before_the_other()
    {
        await SetAsync("1", new() { AbsoluteExpirationRelativeToNow = Minute, AbsoluteExpiration = Time.GetUtcNow() + (Minute * 10) });
        Time.Advance(Minute - TimeSpan.FromMilliseconds(1));
        Assert.Equal("1", await GetAsync());
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(await GetAsync());
    }

    [Fact]
    public async Task An_end_in_the_past_is_refused_and_changes_nothing()
    {
        await SetAsync("1", Endless);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SetAsync("2", new() { AbsoluteExpiration = Time.GetUtcNow() }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => SetAsync("2", new() { AbsoluteExpiration = Time.GetUtcNow() - Minute }));
        Assert.Equal("1", await GetAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sliding_life_begins_again_with_each_use(bool byReading)
    {
        await SetAsync("1", new() { SlidingExpiration = Minute });
        for (var i = 0; i < 10; i++)
        {
            Time.Advance(Minute * 0.9);
            if (byReading)
                Assert.Equal("1", await GetAsync());
            else
                await _cache.RefreshAsync("a", Token);
        }

        Time.Advance(Minute);
        Assert.Null(await GetAsync());
    }

    [Fact]
    public async Task A_sliding_life_does_not_go_beyond_the_absolute_end()
    {
        await SetAsync("1", new() { SlidingExpiration = Minute, AbsoluteExpirationRelativeToNow = Minute * 2 });
        for (var i = 0; i < 3; i++)
        {
            Time.Advance(Minute / 2);
            Assert.Equal("1", await GetAsync());
        }

        Time.Advance(Minute / 2);
        Assert.Null(await GetAsync());
    }

    [Fact]
    public async Task A_use_takes_no_end_away_and_gives_none()
    {
        await SetAsync("1", Endless);
        await _cache.RefreshAsync("a", Token);
        Time.Advance(TimeSpan.FromDays(1000));
        Assert.Equal("1", await GetAsync());
    }

    [Fact]
    public async Task The_longest_lives_are_lives_too()
    {
        await SetAsync("1", new() { AbsoluteExpirationRelativeToNow = TimeSpan.MaxValue });
        Assert.Equal("1", await GetAsync());
        await SetAsync("2", new() { SlidingExpiration = TimeSpan.MaxValue });
        await _cache.RefreshAsync("a", Token);
        Assert.Equal("2", await GetAsync());
        await SetAsync("3", new() { AbsoluteExpiration = DateTimeOffset.MaxValue, SlidingExpiration = TimeSpan.MaxValue });
        await _cache.RefreshAsync("a", Token);
        Assert.Equal("3", await GetAsync());
    }

    [Fact]
    public async Task A_value_that_was_changed_while_its_life_was_lengthened_stays_changed()
    {
        await SetAsync("1", new() { SlidingExpiration = Minute });
        for (var i = 0; i < 200; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(2));
            var reads = Enumerable.Range(0, 4).Select(_ => Task.Run(() => _cache.RefreshAsync("a", Token), Token)).ToList();
            await SetAsync($"{i}", new() { SlidingExpiration = Minute });
            await Task.WhenAll(reads);
            Assert.Equal($"{i}", await GetAsync());
            reads = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => _cache.RefreshAsync("a", Token), Token))];
            await _cache.RemoveAsync("a", Token);
            await Task.WhenAll(reads);
            Assert.Null(await GetAsync());
            await SetAsync("next", new() { SlidingExpiration = Minute });
        }
    }

    [Fact]
    public async Task Bytes_that_somebody_else_has_put_count_as_missing()
    {
        foreach (var foreign in (byte[][])[[], [0], [0x31], [0x31, .. new byte[24]]])
        {
            await _space.SetAsync("ka"u8.ToArray(), foreign, Timeout.InfiniteTimeSpan, Token);
            Assert.Null(await GetAsync());
            await _cache.RefreshAsync("a", Token);
        }
    }

    private Task SetAsync(string value, DistributedCacheEntryOptions options) => _cache.SetAsync("a", Encoding.UTF8.GetBytes(value), options, Token);

    private async Task<string?> GetAsync() => await _cache.GetAsync("a", Token) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes, long at) => (Memory, RunningIndex) = (bytes, at);

        public Piece Then(byte[] bytes)
        {
            var next = new Piece(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}

/// <summary>Over the process' own cache.</summary>
public sealed class DistributedCacheTests() : DistributedCacheContract(time => new MemoryCache(new CacheSpace("distributed", 1 << 20), time));

/// <summary>Over a shared cache with a near one before it.</summary>
public sealed class DistributedCacheSharedTests() : DistributedCacheContract(Open)
{
    private static NearCache Open(TimeProvider time)
    {
        var space = new CacheSpace("distributed", 1 << 20);
        return new NearCache(new FarCache(new MemoryCache(space, time)), new MemoryCache(space, time), time);
    }
}
