using Groundwork.Console.Tests.Browser;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Cache;

/// <summary>Every state of the cache's pages as people see it: light, dark, narrow.</summary>
public sealed class CacheLookTests(Chromium chromium)
{
    internal static readonly (string Name, string Address)[] Pages =
    [
        ("cache", "/_/cache"),
        ("cache-space", "/_/cache/clients"),
        ("cache-space-links", "/_/cache/links"),
        ("cache-found", "/_/cache/clients?match=*s*&type=hash"),
        ("cache-none-found", "/_/cache/clients?match=nothing"),
        ("cache-database-empty", "/_/cache/clients?database=3"),
        ("cache-refused", "/_/cache/clients?cursor=forged"),
        ("cache-key", "/_/cache/clients/key?key=greeting"),
        ("cache-key-json", "/_/cache/clients/key?key=user:1"),
        ("cache-key-bytes", "/_/cache/clients/key?key64=_wBB"),
        ("cache-key-list", "/_/cache/clients/key?key=queue"),
        ("cache-key-hash", "/_/cache/clients/key?key=session:9f"),
        ("cache-key-zset", "/_/cache/clients/key?key=scores"),
        ("cache-key-leaving", "/_/cache/clients/key?key=tags&remove=1"),
        ("cache-key-missing", "/_/cache/clients/key?key=nobody"),
        ("cache-space-missing", "/_/cache/nobody"),
    ];

    [Fact]
    public async Task Every_state_is_accessible_fits_its_window_and_makes_the_browser_complain_of_nothing()
    {
        await using var console = await OpenConsole.StartAsync(chromium, "--Cache:MaxMemory=4MiB");
        var page = await console.OpenAsync("/_/cache");
        var looker = new Looker(page);
        await looker.SeeAsync("cache-empty");
        await page.GotoAsync(new Uri(console.Address, "/_/cache/clients").ToString());
        await looker.SeeAsync("cache-space-empty");

        using var visitor = await CacheVisitor.OfAsync(console.Address);
        await visitor.FillAsync();
        await visitor.ReadAsync(6000);
        foreach (var (state, address) in Pages)
            await looker.OpenAsync(state, new Uri(console.Address, address));

        await visitor.SetManyAsync(300);
        await page.GotoAsync(new Uri(console.Address, "/_/cache/clients?match=nothing").ToString());
        await Assertions.Expect(page.GetByText("With the memory that it may take")).ToBeVisibleAsync();
        await looker.SeeAsync("cache-curve");

        looker.HasNoTroubles();
        Assert.DoesNotContain(console.Complaints, c => !c.Contains("status of 40", StringComparison.Ordinal));
    }
}
