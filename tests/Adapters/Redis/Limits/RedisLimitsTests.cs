using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Testing.Caching;
using Groundwork.Testing.Servers;

namespace Groundwork.Redis.Tests.Limits;

/// <summary>Limits on Redis keep the port's contract.</summary>
public sealed class RedisLimitsTests(SharedRedis shared) : LimitStoreContract
{
    private RedisProcess _redis = null!;
    private ISharedCacheServer? _server;

    public override async ValueTask InitializeAsync() => _redis = await shared.GetAsync(Token);

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override ILimitStore CreateStore()
    {
        _server = Servers.Create(_redis.Connection, TimeSpan.FromSeconds(10));
        return _server.OpenLimits();
    }
}
