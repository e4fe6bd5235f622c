using System.Buffers;
using System.Text;
using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>What users of .NET's HybridCache can rely on, whatever the space lies on.</summary>
public abstract class HybridCacheContract : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly bool _isShared;
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSingleton<IHybridCacheSerializer<Price>, PriceSerializer>()
        .AddSingleton<IHybridCacheSerializerFactory>(new ShapesOnly("first"))
        .AddSingleton<IHybridCacheSerializerFactory>(new ShapesOnly("last"))
        .BuildServiceProvider();

    private readonly LoadingHybridCache _cache;
    private int _made;

    private protected HybridCacheContract(Func<TimeProvider, ICache> open, bool isShared)
    {
        _isShared = isShared;
        Space = open(Time);
        _cache = new LoadingHybridCache(Space, isShared, _services, Time, new Random(1));
    }

    private protected FakeTimeProvider Time { get; } = new();

    private protected ICache Space { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _cache.DisposeAsync();
        await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_value_is_made_once_and_then_got()
    {
        Assert.Equal("made 1", await GetAsync("a"));
        Assert.Equal("made 1", await GetAsync("a"));
        Assert.Equal("made 2", await GetAsync("b"));
    }

    [Fact]
    public async Task All_who_ask_at_once_share_one_making_and_none_of_them_another_ones_object()
    {
        var gate = new TaskCompletionSource();
        var made = 0;
        var asked = Enumerable.Range(0, 100).Select(_ => _cache.GetOrCreateAsync("a", async _ =>
        {
            made++;
            await gate.Task;
            return new List<int> { 1 };
        }, cancellationToken: Token).AsTask()).ToList();
        gate.SetResult();
        var lists = await Task.WhenAll(asked);

        Assert.Equal(1, made);
        Assert.All(lists, list => Assert.Equal([1], list));
        Assert.Equal(100, lists.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public async Task State_is_handed_to_the_factory_and_spans_and_interpolations_are_keys()
    {
        var id = 7;
        Assert.Equal("7!", await _cache.GetOrCreateAsync($"item-{id}", id, static (id, _) => ValueTask.FromResult($"{id}!"), cancellationToken: Token));
        Assert.Equal("7!", await _cache.GetOrCreateAsync("item-7".AsSpan(), _ => ValueTask.FromResult("other"), cancellationToken: Token));
    }

    [Fact]
    public async Task Each_kind_of_value_comes_back_as_it_was()
    {
        await SameAsync("text, naïve 字 🏗");
        await SameAsync("");
        await SameAsync(new byte[] { 0, 1, 255 });
        await SameAsync(42);
        await SameAsync(Guid.NewGuid());
        await SameAsync(Enumerable.Repeat(1.5, 3).ToArray());
        await SameAsync(new Person("Ada", 36));
        await SameAsync<Person?>(null);
        await SameAsync<string?>(null);
        await SameAsync<int?>(null);

        async Task SameAsync<T>(T value)
        {
            var key = Guid.NewGuid().ToString();
            for (var i = 0; i < 2; i++)
                Assert.Equal(value, await _cache.GetOrCreateAsync(key, _ => ValueTask.FromResult(i == 0 ? value : throw new InvalidOperationException("again")), cancellationToken: Token));
        }
    }

    [Fact]
    public async Task A_registered_serializer_goes_before_factories_and_the_last_factory_before_the_others()
    {
        Assert.Equal(new Price(5), await _cache.GetOrCreateAsync("price", _ => ValueTask.FromResult(new Price(5)), cancellationToken: Token));
        Assert.Equal(1, ((PriceSerializer)_services.GetRequiredService<IHybridCacheSerializer<Price>>()).Written);
        Assert.Equal("circle by last", (await _cache.GetOrCreateAsync("shape", _ => ValueTask.FromResult(new Shape("circle")), cancellationToken: Token)).Name);
    }

    [Fact]
    public async Task A_value_is_made_anew_when_its_time_is_over_and_not_served_past_it()
    {
        var options = new HybridCacheEntryOptions { Expiration = Minute };
        Assert.Equal("made 1", await GetAsync("a", options));
        Time.Advance(Minute - TimeSpan.FromMilliseconds(1));
        Assert.Equal("made 1", await GetAsync("a", options));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("made 2", await GetAsync("a", options));
        Time.Advance(Minute);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _cache.GetOrCreateAsync<string>(
            "a", _ => throw new InvalidOperationException("The store is down."), options, cancellationToken: Token).AsTask());
    }

    [Fact]
    public async Task Without_a_word_of_it_a_value_lives_five_minutes_and_the_longest_life_is_one()
    {
        await GetAsync("a");
        await GetAsync("b", new() { Expiration = TimeSpan.MaxValue });
        Time.Advance((Minute * 5) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("made 1", await GetAsync("a"));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("made 3", await GetAsync("a"));
        Assert.Equal("made 2", await GetAsync("b"));
    }

    [Fact]
    public async Task A_factory_that_fails_fails_its_callers_and_nothing_is_kept()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _cache.GetOrCreateAsync<string>(
            "a", _ => throw new InvalidOperationException("The store is down."), cancellationToken: Token).AsTask());
        Assert.Equal("made 1", await GetAsync("a"));
    }

    [Fact]
    public async Task Who_gives_up_ends_its_own_wait_only()
    {
        using var impatient = new CancellationTokenSource();
        var gate = new TaskCompletionSource<string>();
        var left = _cache.GetOrCreateAsync("a", _ => new ValueTask<string>(gate.Task), cancellationToken: impatient.Token).AsTask();
        var stays = _cache.GetOrCreateAsync("a", _ => ValueTask.FromResult("other"), cancellationToken: Token).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        gate.SetResult("one");
        Assert.Equal("one", await stays);
    }

    [Fact]
    public async Task What_was_set_is_got_in_place_of_what_was_there_and_of_what_is_being_made()
    {
        await GetAsync("a");
        await _cache.SetAsync("a", "set", new() { Expiration = Minute }, cancellationToken: Token);
        Assert.Equal("set", await GetAsync("a"));
        Time.Advance(Minute);
        var gate = new TaskCompletionSource<string>();
        var outdated = _cache.GetOrCreateAsync("a", _ => new ValueTask<string>(gate.Task), cancellationToken: Token).AsTask();
        await _cache.SetAsync("a", "set again", cancellationToken: Token);
        gate.SetResult("outdated");
        Assert.Equal("outdated", await outdated);
        Assert.Equal("set again", await GetAsync("a"));
    }

    [Fact]
    public async Task A_removed_value_is_made_anew_and_one_that_was_being_made_is_not_kept()
    {
        await GetAsync("a");
        await _cache.RemoveAsync("a", Token);
        Assert.Equal("made 2", await GetAsync("a"));

        await _cache.RemoveAsync(["a", "b"], Token);
        var gate = new TaskCompletionSource<string>();
        var outdated = _cache.GetOrCreateAsync("a", _ => new ValueTask<string>(gate.Task), cancellationToken: Token).AsTask();
        await _cache.RemoveAsync("a", Token);
        gate.SetResult("outdated");
        await outdated;
        Assert.Equal("made 3", await GetAsync("a"));
    }

    [Fact]
    public async Task A_tag_removes_all_that_have_it_and_no_others()
    {
        await GetAsync("a", tags: ["red", "round"]);
        await _cache.SetAsync("b", "set", tags: ["red"], cancellationToken: Token);
        await GetAsync("c", tags: ["blue"]);

        await _cache.RemoveByTagAsync("red", Token);

        Assert.Equal("made 3", await GetAsync("a", tags: ["red", "round"]));
        Assert.Equal("made 4", await GetAsync("b"));
        Assert.Equal("made 2", await GetAsync("c"));
        await _cache.RemoveByTagAsync(["round", "blue"], Token);
        Assert.Equal("made 5", await GetAsync("a"));
        Assert.Equal("made 4", await GetAsync("b"));
        Assert.Equal("made 6", await GetAsync("c"));
        await _cache.RemoveByTagAsync("*", Token);
        Assert.Equal("made 7", await GetAsync("b"));
        await Assert.ThrowsAsync<ArgumentException>(() => GetAsync("d", tags: ["*"]));
        await Assert.ThrowsAsync<ArgumentException>(() => GetAsync("d", tags: [""]));
    }

    [Fact]
    public async Task Without_the_underlying_data_only_what_is_there_is_got()
    {
        var options = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableUnderlyingData };
        Assert.Null(await GetAsync("a", options));
        Assert.Equal(0, await _cache.GetOrCreateAsync("n", _ => ValueTask.FromResult(1), options, cancellationToken: Token));
        await GetAsync("a");
        Assert.Equal("made 1", await GetAsync("a", options));
        Assert.Equal(1, _made);
        Assert.Equal(0, await _cache.GetOrCreateAsync("a", _ => ValueTask.FromResult(1), options, cancellationToken: Token)); // no number
    }

    [Fact]
    public async Task A_call_that_may_not_write_keeps_nothing_and_one_that_may_not_read_makes_anew_and_keeps()
    {
        var (noRead, noWrite) = _isShared
            ? (HybridCacheEntryFlags.DisableDistributedCacheRead, HybridCacheEntryFlags.DisableDistributedCacheWrite)
            : (HybridCacheEntryFlags.DisableLocalCacheRead, HybridCacheEntryFlags.DisableLocalCacheWrite);
        Assert.Equal("made 1", await GetAsync("a", new() { Flags = noWrite }));
        await _cache.SetAsync("a", "set", new() { Flags = noWrite }, cancellationToken: Token);
        Assert.Equal("made 2", await GetAsync("a"));
        Assert.Equal("made 2", await GetAsync("a", new() { Flags = noWrite }));
        Assert.Equal("made 3", await GetAsync("a", new() { Flags = noRead }));
        Assert.Equal("made 3", await GetAsync("a"));
        Assert.Equal("made 4", await GetAsync("a", new() { Flags = noRead | noWrite }));
        Assert.Equal("made 3", await GetAsync("a"));
    }

    [Fact]
    public async Task The_flags_and_the_expiration_of_the_cache_that_is_not_there_mean_nothing()
    {
        var other = _isShared ? HybridCacheEntryFlags.DisableLocalCache : HybridCacheEntryFlags.DisableDistributedCache;
        await GetAsync("a", new() { Flags = other });
        Assert.Equal("made 1", await GetAsync("a", new() { Flags = other }));

        await GetAsync("b", new() { Expiration = Minute * 2, LocalCacheExpiration = Minute });
        Time.Advance(Minute);
        Assert.Equal(_isShared ? "made 2" : "made 3", await GetAsync("b"));
    }

    [Fact]
    public async Task A_payload_that_cannot_be_read_is_made_anew()
    {
        await _cache.SetAsync("a", "no number", cancellationToken: Token);
        Assert.Equal(5, await _cache.GetOrCreateAsync("a", _ => ValueTask.FromResult(5), cancellationToken: Token));
        Assert.Equal(5, await _cache.GetOrCreateAsync("a", _ => ValueTask.FromResult(6), cancellationToken: Token));
    }

    [Fact]
    public async Task What_cannot_be_a_key_is_made_each_time_and_none_is_an_error()
    {
        foreach (var key in (string[])["", "\ud800", new string('k', LoadingCache.MaxKeyBytes + 1)])
        {
            var made = _made;
            Assert.Equal($"made {made + 1}", await GetAsync(key));
            await _cache.SetAsync(key, "set", cancellationToken: Token);
            Assert.Equal($"made {made + 2}", await GetAsync(key));
            await _cache.RemoveAsync(key, Token);
        }

        await Assert.ThrowsAsync<ArgumentNullException>(() => GetAsync(null!));
    }

    [Fact]
    public async Task A_value_too_long_for_the_cache_is_good_for_who_asked_and_not_kept()
    {
        var large = new byte[CacheLimits.MaxValueBytes];
        Assert.Equal(large.Length, (await _cache.GetOrCreateAsync("a", _ => ValueTask.FromResult(large), cancellationToken: Token)).Length);
        await _cache.SetAsync("a", large, cancellationToken: Token);
        Assert.Equal([1], await _cache.GetOrCreateAsync("a", _ => ValueTask.FromResult(new byte[] { 1 }), cancellationToken: Token));
    }

    private async Task<string?> GetAsync(string key, HybridCacheEntryOptions? options = null, string[]? tags = null) => await _cache.GetOrCreateAsync(
        key, this, static (test, _) => ValueTask.FromResult<string?>($"made {++test._made}"), options, tags, Token);

    private sealed record Person(string Name, int Age);

    private sealed record Price(int Cents);

    private sealed record Shape(string Name);

    private sealed class PriceSerializer : IHybridCacheSerializer<Price>
    {
        public int Written { get; private set; }

        public Price Deserialize(ReadOnlySequence<byte> source) => new(source.FirstSpan[0]);

        public void Serialize(Price value, IBufferWriter<byte> target)
        {
            Written++;
            target.Write([(byte)value.Cents]);
        }
    }

    private sealed class ShapesOnly(string name) : IHybridCacheSerializerFactory
    {
        public bool TryCreateSerializer<T>(out IHybridCacheSerializer<T> serializer)
        {
            object? made = typeof(T) == typeof(Shape) ? new ShapeSerializer(name) : null;
            serializer = (IHybridCacheSerializer<T>)made!;
            return made is not null;
        }
    }

    private sealed class ShapeSerializer(string by) : IHybridCacheSerializer<Shape>
    {
        public Shape Deserialize(ReadOnlySequence<byte> source) => new($"{Encoding.UTF8.GetString(source)} by {by}");

        public void Serialize(Shape value, IBufferWriter<byte> target) => Encoding.UTF8.GetBytes(value.Name, target);
    }
}

/// <summary>Over the process' own cache.</summary>
public sealed class HybridCacheTests() : HybridCacheContract(time => new MemoryCache(new CacheSpace("hybrid", 1 << 20), time), isShared: false);

/// <summary>Over a shared cache with a near one before it.</summary>
public sealed class HybridCacheSharedTests() : HybridCacheContract(Open, isShared: true)
{
    private static NearCache Open(TimeProvider time)
    {
        var space = new CacheSpace("hybrid", 1 << 20);
        return new NearCache(new FarCache(new MemoryCache(space, time)), new MemoryCache(space, time), time);
    }
}
