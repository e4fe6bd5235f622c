using System.Buffers;
using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Groundwork.Testing.Servers;

namespace Groundwork.Redis.Tests;

/// <summary>What happens while the server is away, and when it is back.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private static readonly CacheSpace Space = new("outage", 1 << 20);
    private static readonly byte[] Key = [1, 2, 3];
    private static readonly byte[] Value = [4, 5, 6];
    private static readonly LeaseTerms Terms = new(TimeSpan.FromHours(1), TimeSpan.Zero);

    private RedisProcess _redis = null!;
    private ISharedCacheServer _server = null!;
    private ISharedCache _cache = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync(Token);
        _server = Servers.Create(_redis.Connection, TimeSpan.FromMilliseconds(500));
        _cache = _server.Open(Space);
        await UntilItWorksAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }

    [Fact]
    public async Task While_the_server_is_gone_every_call_says_so_and_what_to_do()
    {
        await _redis.KillAsync(Token);

        foreach (var call in Calls())
        {
            var failure = await Assert.ThrowsAsync<CacheException>(call);
            Assert.Contains($"127.0.0.1:{_redis.Port}", failure.Message, StringComparison.Ordinal);
            Assert.Contains("Cache:Connection", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_that_was_started_again_is_found_by_itself()
    {
        var before = (await _cache.LeaseAsync(Key, Terms, new ArrayBufferWriter<byte>(), Token)).Token;
        await _redis.KillAsync(Token);
        await Assert.ThrowsAsync<CacheException>(() => _server.CheckAsync(Token).AsTask());

        await _redis.StartAgainAsync(Token);
        await UntilItWorksAsync();

        await _server.CheckAsync(Token);
        await _cache.RemoveAsync(Key, Token);
        Assert.False(await _cache.FillAsync(Key, before, Value, Timeout.InfiniteTimeSpan, Token));
        var lease = await _cache.LeaseAsync(Key, Terms, new ArrayBufferWriter<byte>(), Token);
        Assert.Equal(LeaseState.Granted, lease.State);
        Assert.NotEqual(before, lease.Token);
        Assert.True(await _cache.FillAsync(Key, lease.Token, Value, Timeout.InfiniteTimeSpan, Token));
    }

    [Fact]
    public async Task Calls_to_a_server_that_hangs_end_and_work_again_when_it_goes_on()
    {
        _redis.Hang();
        try
        {
            foreach (var call in Calls())
                await Assert.ThrowsAsync<CacheException>(call);
        }
        finally
        {
            _redis.GoOn();
        }

        await UntilItWorksAsync();
    }

    [Fact]
    public async Task Of_calls_to_a_server_that_hangs_only_so_many_are_kept()
    {
        const int Callers = 10_000;
        _redis.Hang();
        try
        {
            var failures = await Task.WhenAll(Enumerable.Range(0, Callers).Select(
                _ => Assert.ThrowsAsync<CacheException>(() => _cache.RemoveAsync(Key, Token).AsTask())));

            Assert.Contains(failures, f => f.Message.Contains("too many", StringComparison.Ordinal));
        }
        finally
        {
            _redis.GoOn();
        }

        await UntilItWorksAsync();
    }

    [Fact]
    public async Task After_a_server_was_started_again_everything_counts_as_changed_and_changes_are_told_again()
    {
        var told = new ToldChanges();
        _cache.Listen(told);
        await UntilAsync(() => _cache.IsHeard);
        told.Forget();

        await _redis.KillAsync(Token);
        await UntilAsync(() => !_cache.IsHeard);
        await _redis.StartAgainAsync(Token);
        await UntilAsync(() => _cache.IsHeard);

        Assert.True(told.HasAll);
        await UntilItWorksAsync();
        await _cache.SetAsync(Key, Value, Timeout.InfiniteTimeSpan, Token);
        await told.OfAsync(Key, Token);
    }

    [Fact]
    public async Task A_server_that_hangs_is_not_heard()
    {
        var told = new ToldChanges();
        _cache.Listen(told);
        await UntilAsync(() => _cache.IsHeard);

        _redis.Hang();
        try
        {
            await UntilAsync(() => !_cache.IsHeard);
        }
        finally
        {
            _redis.GoOn();
        }

        await UntilAsync(() => _cache.IsHeard);
        await UntilItWorksAsync();
        await _cache.SetAsync(Key, Value, Timeout.InfiniteTimeSpan, Token);
        await told.OfAsync(Key, Token);
    }

    [Fact]
    public async Task Emptying_the_whole_server_is_told()
    {
        var told = new ToldChanges();
        _cache.Listen(told);
        await UntilAsync(() => _cache.IsHeard);
        told.Forget();

        await _redis.AskAsync("FLUSHALL", Token);

        await told.OfAllAsync(Token);
    }

    [Fact]
    public async Task A_server_that_forgets_its_scripts_is_given_them_again()
    {
        using var end = new CancellationTokenSource();
        var flushing = Task.Run(
            async () =>
            {
                while (!end.IsCancellationRequested)
                    await _redis.AskAsync("SCRIPT FLUSH", Token);
            },
            Token);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(
            async () =>
            {
                for (byte i = 0; i < 200; i++)
                {
                    byte[] key = [(byte)caller, i];
                    var lease = await _cache.LeaseAsync(key, Terms, new ArrayBufferWriter<byte>(), Token);
                    Assert.Equal(LeaseState.Granted, lease.State);
                    Assert.True(await _cache.FillAsync(key, lease.Token, Value, Timeout.InfiniteTimeSpan, Token));
                }
            },
            Token)));
        await end.CancelAsync();
        await flushing;
    }

    [Fact]
    public async Task Where_the_server_has_no_memory_a_value_is_refused_and_its_key_removed()
    {
        await _cache.SetAsync(Key, Value, Timeout.InfiniteTimeSpan, Token);
        var lease = await _cache.LeaseAsync(new byte[] { 9 }, Terms, new ArrayBufferWriter<byte>(), Token);
        await _redis.AskAsync("CONFIG SET maxmemory 1", Token);

        Assert.False(await _cache.SetAsync(Key, Value, Timeout.InfiniteTimeSpan, Token));
        Assert.False((await _cache.GetAsync(Key, new ArrayBufferWriter<byte>(), Token)).IsFound);
        Assert.False(await _cache.FillAsync(new byte[] { 9 }, lease.Token, Value, Timeout.InfiniteTimeSpan, Token));
        var failure = await Assert.ThrowsAsync<CacheException>(
            () => _cache.LeaseAsync(new byte[] { 8 }, Terms, new ArrayBufferWriter<byte>(), Token).AsTask());
        Assert.Contains("maxmemory", failure.Message, StringComparison.Ordinal);
    }

    private IEnumerable<Func<Task>> Calls() =>
    [
        () => _cache.GetAsync(Key, new ArrayBufferWriter<byte>(), Token).AsTask(),
        () => _cache.SetAsync(Key, Value, Timeout.InfiniteTimeSpan, Token).AsTask(),
        () => _cache.RemoveAsync(Key, Token).AsTask(),
        () => _cache.ClearAsync(Token).AsTask(),
        () => _cache.LeaseAsync(Key, Terms, new ArrayBufferWriter<byte>(), Token).AsTask(),
        () => _cache.FillAsync(Key, 1, Value, Timeout.InfiniteTimeSpan, Token).AsTask(),
        () => _cache.ReleaseAsync(Key, 1, Token).AsTask(),
        () => _server.CheckAsync(Token).AsTask(),
    ];

    private async Task UntilItWorksAsync()
    {
        while (true)
        {
            try
            {
                await _cache.GetAsync(Key, new ArrayBufferWriter<byte>(), Token);
                return;
            }
            catch (CacheException)
            {
                await Task.Delay(10, Token);
            }
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(1, Token);
    }
}
