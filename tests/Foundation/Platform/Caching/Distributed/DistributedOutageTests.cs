using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>What IDistributedCache does where the shared cache is slow or down, and what reading costs it.</summary>
public sealed class DistributedOutageTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FarCache _far;
    private readonly DistributedCache _cache;

    public DistributedOutageTests()
    {
        var space = new CacheSpace("distributed", 1 << 20);
        _far = new FarCache(new MemoryCache(space, _time));
        _cache = new DistributedCache(_far, _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_without_waiting_holds_its_thread_until_the_answer_comes()
    {
        _cache.Set("a", [1], new());
        var answer = new TaskCompletionSource();
        _far.ReadsWaitFor = answer.Task;
        var read = Task.Run(() => _cache.Get("a"), Token);
        answer.SetResult();
        Assert.Equal([1], await read);
    }

    [Fact]
    public async Task The_caller_is_told_of_a_failure()
    {
        _far.IsDown = true;
        Assert.Throws<CacheException>(() => _cache.Get("a"));
        Assert.Throws<CacheException>(() => _cache.Set("a", [1], new()));
        Assert.Throws<CacheException>(() => _cache.Remove("a"));
        Assert.Throws<CacheException>(() => _cache.Refresh("a"));
        await Assert.ThrowsAsync<CacheException>(() => _cache.GetAsync("a", Token));
        await Assert.ThrowsAsync<CacheException>(() => _cache.SetAsync("a", [1], new(), Token));
    }

    [Fact]
    public void A_value_that_is_read_all_the_time_is_not_written_all_the_time()
    {
        _cache.Set("a", [1], new() { SlidingExpiration = TimeSpan.FromMinutes(20) });
        var calls = _far.Calls;
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal([1], _cache.Get("a"));
            _time.Advance(TimeSpan.FromMilliseconds(9));
        }

        Assert.Equal(calls + 100, _far.Calls);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([1], _cache.Get("a"));
        Assert.Equal(calls + 103, _far.Calls); // read, leased, filled
    }
}
