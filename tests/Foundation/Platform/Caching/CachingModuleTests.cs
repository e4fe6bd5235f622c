using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Ports.Settings;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Groundwork.Platform.Tests.Caching;

/// <summary>How the port comes up: what a start waits for, and what modules find.</summary>
public sealed class CachingModuleTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SlowServer _server = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_start_connects_before_the_first_call_can_be_made()
    {
        var (module, services) = Make("somewhere:1");
        var start = module.StartAsync(services, Token);
        Assert.False(start.IsCompleted);
        _server.Connected.SetResult();
        await start;
    }

    [Fact]
    public async Task A_start_waits_a_second_for_a_server_that_is_silent_and_goes_on_without_it()
    {
        var (module, services) = Make("somewhere:1");
        var start = module.StartAsync(services, Token);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(start.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await start;
    }

    [Fact]
    public async Task A_start_goes_on_at_once_without_a_server_that_is_not_there()
    {
        var (module, services) = Make("somewhere:1");
        _server.Connected.SetException(new CacheException("It is not there."));
        await module.StartAsync(services, Token);
    }

    [Theory]
    [InlineData("")]
    [InlineData("somewhere:1")]
    public async Task Libraries_find_the_caches_that_they_know_each_with_a_space_of_its_own(string connection)
    {
        var (module, services) = Make(connection);
        _server.Connected.SetResult();
        await module.StartAsync(services, Token);

        var distributed = services.GetRequiredService<IDistributedCache>();
        Assert.Same(distributed, services.GetRequiredService<IBufferDistributedCache>());
        await distributed.SetStringAsync("a", "kept", Token);
        Assert.Equal("kept", await distributed.GetStringAsync("a", Token));
        var hybrid = services.GetRequiredService<HybridCache>();
        Assert.Equal("made", await hybrid.GetOrCreateAsync("a", _ => ValueTask.FromResult("made"), cancellationToken: Token));
        Assert.Equal("kept", await distributed.GetStringAsync("a", Token));
        await module.StopAsync(Token);
    }

    private (CachingModule Module, ServiceProvider Services) Make(string connection)
    {
        var module = new CachingModule(new SlowEngine(_server));
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<TimeProvider>(_time).AddSingleton<ICacheServer>(new MemoryCacheServer(_time));
        module.Register(services, SettingValues.Of((CacheSettings.Connection, connection)));
        return (module, services.BuildServiceProvider());
    }

    private sealed class SlowEngine(SlowServer server) : ISharedCacheEngine
    {
        public string Name => "Slow";

        public bool Serves(string connection) => true;

        public ISharedCacheServer Create(CacheServerContext context)
        {
            server.Time = context.Time;
            return server;
        }
    }

    private sealed class SlowServer : ISharedCacheServer
    {
        public TaskCompletionSource Connected { get; } = new();

        public TimeProvider Time { get; set; } = TimeProvider.System;

        public ISharedCache Open(CacheSpace space) => new FarCache(new MemoryCache(space, Time));

        public ILimitStore OpenLimits() => new MemoryLimits(Time);

        public async ValueTask ConnectAsync(CancellationToken cancellationToken = default) => await Connected.Task.WaitAsync(cancellationToken);

        public ValueTask CheckAsync(CancellationToken cancellationToken = default) => default;

        public ValueTask DisposeAsync() => default;
    }
}
