using BenchmarkDotNet.Attributes;
using Groundwork.Cache;
using Groundwork.Platform.Caching;
using Groundwork.Ports.Caching;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links.Bench;

/// <summary>What a redirect pays for its target where that is kept: a lookup in the process' own cache, and what reading the value costs.</summary>
[MemoryDiagnoser]
public class RedirectCacheBench : IAsyncDisposable
{
    private const int Links = 100_000;

    private ServiceProvider _services = null!;
    private LoadingCache<long, RedirectTarget> _cache = null!;
    private ICache _space = null!;
    private readonly byte[] _bytes = new byte[512];
    private DateTimeOffset _now;
    private long _next;

    /// <summary>How many links are asked for in turn.</summary>
    [Params(1, Links)]
    public int Asked { get; set; }

    [GlobalSetup]
    public async Task FillAsync()
    {
        var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging();
        new CacheModule().Register(services, SettingValues.Of());
        _services = services.BuildServiceProvider();
        _space = _services.GetRequiredService<ICacheServer>().Open(new CacheSpace("links", 64L << 20));
        _cache = new LoadingCache<long, RedirectTarget>(
            _space,
            new RedirectCodec(),
            (number, _) => new(new RedirectTarget($"https://example.org/{new string('x', 50)}/{number:D9}", null, 302, false, false, null)),
            new LoadingOptions { Lives = new ValueLives { Life = TimeSpan.FromHours(1) } }, TimeProvider.System, new Random(7));
        for (var number = 0L; number < Links; number++)
            await _cache.GetAsync(number);
        _now = DateTimeOffset.UtcNow;
    }

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await _cache.DisposeAsync();
        await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public CacheLookup Bytes()
    {
        Span<byte> key = stackalloc byte[sizeof(long)];
        BitConverter.TryWriteBytes(key, Next());
        return _space.TryGet(key, _bytes, out _);
    }

    [Benchmark]
    public bool TryGetFresh() => _cache.TryGetFresh(Next(), _now, out _);

    private long Next() => _next = _next + 1 >= Asked ? 0 : _next + 1;
}
