using Groundwork.Ports.Caching;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Caching;

/// <summary>.NET's own interfaces of caches, for libraries and modules that know these.</summary>
internal static class DotNetCaches
{
    // Room that nobody takes who does not use it: a space begins when its interface is first asked for, and its memory comes by the page. A
    // module that needs more, or a bound of its own, opens a space and makes its own of it.
    private const long SpaceBytes = 64 << 20;

    /// <summary>Adds them, each over a space of its own.</summary>
    public static IServiceCollection AddDotNetCaches(this IServiceCollection services) => services
        .AddSingleton<IBufferDistributedCache>(static provider =>
            new DistributedCache(Open(provider, "distributed"), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IDistributedCache>(static provider => provider.GetRequiredService<IBufferDistributedCache>())
        .AddSingleton<HybridCache>(static provider => new LoadingHybridCache(
            Open(provider, "hybrid"), provider.GetRequiredService<CacheSpaces>().AreShared, provider, provider.GetRequiredService<TimeProvider>(), new Random()));

    private static ICache Open(IServiceProvider provider, string name) =>
        provider.GetRequiredService<CacheSpaces>().Open(new CacheSpace(name, SpaceBytes));
}
