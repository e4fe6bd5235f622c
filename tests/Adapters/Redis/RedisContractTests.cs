using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Groundwork.Testing.Servers;

namespace Groundwork.Redis.Tests;

/// <summary>Redis keeps the port's contract.</summary>
public sealed class RedisContractTests(SharedRedis shared) : SharedCacheContract
{
    private RedisProcess _redis = null!;

    public override async ValueTask InitializeAsync() => _redis = await shared.GetAsync(Token);

    protected override ISharedCacheServer CreateServer() => Servers.Create(_redis.Connection, TimeSpan.FromSeconds(10));

    protected override Task PassAsync(TimeSpan time) => _redis.PassAsync(time, Token);
}
