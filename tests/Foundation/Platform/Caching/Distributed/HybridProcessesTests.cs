using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>HybridCache in two processes that share a cache, and while that is down.</summary>
public sealed class HybridProcessesTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly FarCache _far;
    private readonly LoadingHybridCache _here;
    private readonly LoadingHybridCache _there;

    public HybridProcessesTests()
    {
        var space = new CacheSpace("hybrid", 1 << 20);
        var shared = new MemoryCache(space, _time);
        _far = new FarCache(shared);
        _here = New(_far, 1);
        _there = New(new FarCache(shared), 2);

        LoadingHybridCache New(FarCache far, int seed) => new(
            new NearCache(far, new MemoryCache(space, _time), _time), isShared: true, _services, _time, new Random(seed));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _here.DisposeAsync();
        await _there.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task What_one_process_makes_the_other_waits_for_and_gets()
    {
        var gate = new TaskCompletionSource<string>();
        var here = _here.GetOrCreateAsync("a", _ => new ValueTask<string>(gate.Task), cancellationToken: Token).AsTask();
        var there = _there.GetOrCreateAsync("a", _ => ValueTask.FromResult("made twice"), cancellationToken: Token).AsTask();
        gate.SetResult("made once");
        Assert.Equal("made once", await here);
        while (!there.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        Assert.Equal("made once", await there);
    }

    [Fact]
    public async Task While_the_shared_cache_is_down_values_are_made_and_nobody_is_told_of_it()
    {
        _far.IsDown = true;
        Assert.Equal(1, await _here.GetOrCreateAsync("a", _ => ValueTask.FromResult(1), cancellationToken: Token));
        await _here.SetAsync("a", 2, cancellationToken: Token);
        await _here.RemoveAsync("a", Token);
        await _here.RemoveByTagAsync("red", Token);
        Assert.Equal(3, await _here.GetOrCreateAsync("a", _ => ValueTask.FromResult(3), cancellationToken: Token));
    }
}
