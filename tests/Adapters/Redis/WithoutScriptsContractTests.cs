using Groundwork.Ports.Caching;
using Groundwork.Testing.Caching;
using Groundwork.Testing.Servers;

namespace Groundwork.Redis.Tests;

/// <summary>A server that has no scripts keeps the contract too.</summary>
public sealed class WithoutScriptsContractTests(ServerWithoutScripts server) : SharedCacheContract, IClassFixture<ServerWithoutScripts>
{
    private RedisProcess _redis = null!;

    public override async ValueTask InitializeAsync() => _redis = await server.GetAsync(Token);

    protected override ISharedCacheServer CreateServer() => Servers.Create(_redis.Connection, TimeSpan.FromSeconds(10));

    protected override Task PassAsync(TimeSpan time) => _redis.PassAsync(time, Token);
}

/// <summary>A Redis whose commands for scripts are gone.</summary>
public sealed class ServerWithoutScripts : SharedRedis
{
    /// <inheritdoc/>
    protected override Task<RedisProcess> StartAsync(CancellationToken cancellationToken) => RedisProcess.StartAsync(
        cancellationToken, null, "--rename-command", "EVAL", "", "--rename-command", "EVALSHA", "", "--rename-command", "SCRIPT", "");
}
