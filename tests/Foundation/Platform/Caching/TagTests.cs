using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>What is made once and kept under a name, and removed by its tags.</summary>
public sealed class TagTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryCache _space;
    private readonly LoadingCache _cache;
    private int _made;

    public TagTests()
    {
        _space = new MemoryCache(new CacheSpace("s", 1 << 20), _time);
        _cache = new LoadingCache(_space, new LoadingOptions(), _time, new Random(7));
    }

    [Fact]
    public async Task A_value_is_made_once_until_its_key_is_removed()
    {
        Assert.Equal("a1", await GetAsync("a"));
        Assert.Equal("a1", await GetAsync("a"));
        await _cache.RemoveAsync("a");
        Assert.Equal("a2", await GetAsync("a"));
    }

    [Fact]
    public async Task Removing_a_tag_removes_what_has_it_and_nothing_else()
    {
        await GetAsync("a", "red", "round");
        await GetAsync("b", "red");
        await GetAsync("c", "round");
        Assert.Equal("a1", await GetAsync("a", "red", "round"));

        await _cache.RemoveTagAsync("red");
        Assert.Equal("c3", await GetAsync("c", "round"));
        Assert.Equal("a4", await GetAsync("a", "red", "round"));
        Assert.Equal("b5", await GetAsync("b", "red"));
        Assert.Equal("a4", await GetAsync("a", "red", "round"));
    }

    [Fact]
    public async Task What_was_being_made_while_its_tag_was_removed_does_not_count()
    {
        var wait = new TaskCompletionSource();
        var before = _cache.GetOrCreateAsync("a", 0, async (_, _) =>
        {
            await wait.Task;
            return "old";
        }, Text.Codec, tags: ["red"], cancellationToken: TestContext.Current.CancellationToken).AsTask();
        await _cache.RemoveTagAsync("red");
        wait.SetResult();
        Assert.Equal("old", await before);
        Assert.Equal("a1", await GetAsync("a", "red"));
    }

    [Fact]
    public async Task A_generation_that_was_lost_makes_its_values_miss()
    {
        await GetAsync("a", "red");
        await _space.RemoveAsync(Encoding.UTF8.GetBytes("tred"), TestContext.Current.CancellationToken);
        Assert.Equal("a2", await GetAsync("a", "red"));
        Assert.Equal("a2", await GetAsync("a", "red"));
    }

    [Fact]
    public async Task What_its_tag_has_removed_is_not_served_while_loading_fails()
    {
        await GetAsync("a", "red");
        _time.Advance(TimeSpan.FromSeconds(61));
        await _cache.RemoveTagAsync("red");
        await Assert.ThrowsAsync<TimeoutException>(() => _cache.GetOrCreateAsync<int, string>(
            "a", 0, (_, _) => throw new TimeoutException("No answer."), Text.Codec, tags: ["red"],
            cancellationToken: TestContext.Current.CancellationToken).AsTask());
    }

    [Fact]
    public async Task A_call_may_say_how_long_its_value_lives()
    {
        var lives = new ValueLives { Life = TimeSpan.FromSeconds(1), StaleLife = TimeSpan.Zero };
        await GetAsync("a", lives);
        await GetAsync("b");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("a3", await GetAsync("a", lives));
        Assert.Equal("b2", await GetAsync("b"));
    }

    [Fact]
    public async Task A_key_that_is_too_long_or_tags_that_are_too_many_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => GetAsync(new string('x', LoadingCache.MaxKeyBytes + 1)));
        await Assert.ThrowsAsync<ArgumentException>(() => GetAsync(""));
        await Assert.ThrowsAsync<ArgumentException>(() => GetAsync("a", [.. Enumerable.Range(0, 17).Select(i => $"t{i}")]));
        await Assert.ThrowsAsync<ArgumentException>(() => GetAsync("a", ""));
    }

    public ValueTask DisposeAsync() => _cache.DisposeAsync();

    private Task<string?> GetAsync(string key, params string[] tags) => GetAsync(key, null, tags);

    private async Task<string?> GetAsync(string key, ValueLives? lives, params string[] tags) => await _cache.GetOrCreateAsync(
        key, this, (tests, _) => new ValueTask<string?>($"{key}{++tests._made}"), Text.Codec, lives, tags, TestContext.Current.CancellationToken);

    private sealed class Text : IValueCodec<string>
    {
        public static readonly Text Codec = new();

        public void Write(string value, IBufferWriter<byte> destination) => Encoding.UTF8.GetBytes(value, destination);

        public bool TryRead(ReadOnlySpan<byte> source, [NotNullWhen(true)] out string? value)
        {
            value = Encoding.UTF8.GetString(source);
            return true;
        }
    }
}
