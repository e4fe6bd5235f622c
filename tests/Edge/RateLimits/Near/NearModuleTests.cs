using Groundwork.Ports.Caching;
using Groundwork.Ports.Limiting;

namespace Groundwork.RateLimits.Tests.Near;

/// <summary>A server whose limits are shared with others.</summary>
public sealed class NearModuleTests
{
    private const string Policies = """
        "mail": { "routes": [], "batch": 10, "limits": [ { "permits": 1000, "period": "1s" } ] },
        "api": { "routes": ["/v1/toys"], "limits": [ { "permits": 2, "period": "1m" } ] }
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_copies_share_the_limits_the_store_is_asked_only_where_it_must_be()
    {
        var engine = new SharedTable();
        await using var limited = await LimitedInstance.StartAsync(Policies, engine);
        for (var i = 1; i <= 11; i++)
            Assert.Equal(1000 - i, (await limited.AskAsync("mail", "take", new { key = "ann" })).Body.GetProperty("remaining").GetInt64());
        Assert.Equal([1, 10], engine.Store.Costs);

        for (var i = 0; i < 2; i++)
            Assert.Equal(200, (int)(await limited.GetAsync("/v1/toys")).StatusCode);
        for (var i = 0; i < 9; i++)
            Assert.Equal(429, (int)(await limited.GetAsync("/v1/toys")).StatusCode);
        Assert.Equal([1, 10, 1, 1, 1], engine.Store.Costs);

        using var policy = await limited.GetAsync("/v1/limits/mail");
        Assert.Contains("\"batch\":10", await policy.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_process_counts_by_itself_a_batch_changes_nothing()
    {
        await using var limited = await LimitedInstance.StartAsync(Policies);
        for (var i = 1; i <= 5; i++)
            Assert.Equal(1000 - i, (await limited.AskAsync("mail", "take", new { key = "ann" })).Body.GetProperty("remaining").GetInt64());
    }

    private sealed class SharedTable : ISharedCacheEngine, ISharedCacheServer
    {
        public WatchedLimits Store { get; private set; } = null!;

        public string Name => "table";

        public bool Serves(string connection) => connection == Name;

        public ISharedCacheServer Create(CacheServerContext context)
        {
            Store = new WatchedLimits(context.Time);
            return this;
        }

        public ISharedCache Open(CacheSpace space) => throw new NotSupportedException("Nobody keeps values here.");

        public ILimitStore OpenLimits() => Store;

        public ValueTask ConnectAsync(CancellationToken cancellationToken = default) => default;

        public ValueTask CheckAsync(CancellationToken cancellationToken = default) => default;

        public ValueTask DisposeAsync() => default;
    }
}
