using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;
using Groundwork.Ports.Settings;
using Groundwork.Redis;
using Groundwork.Testing.Caching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Groundwork.EndToEnd.Tests;

/// <summary>The Limiting port reached through the Redis adapter, served by another copy of this program.</summary>
public sealed class OwnLimitsContractTests(OwnCache shared) : LimitStoreContract
{
    private string _connection = "";
    private ISharedCacheServer? _server;

    public override async ValueTask InitializeAsync() => _connection = await shared.GetAsync(Token);

    public override async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override ILimitStore CreateStore()
    {
        _server = new RedisEngine().Create(new CacheServerContext(
            SettingValues.Of((CacheSettings.Connection, _connection), (CacheSettings.Timeout, "10s")), TimeProvider.System, NullLoggerFactory.Instance));
        return _server.OpenLimits();
    }
}
