using Groundwork.Console.Tests.Cache;
using Groundwork.Console.Tests.Links;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Browser;

/// <summary>Nothing jumps: what one is about to read or to click stays where it is, while a page loads and while it changes.</summary>
public sealed class StillnessTests(Chromium chromium)
{
    // Those that change by themselves, the same kind of page once; how still the others stand is seen where they are looked at.
    private static readonly string[] Live =
    [
        "/_/", "/_/modules/Links", "/_/modules/Cache", "/_/traces", "/_/logs", "/_/experiments", "/_/links/spring",
        "/_/cache", "/_/cache/clients", "/_/cache/clients/key?key=visits", "/_/cache/clients/key?key=queue",
    ];

    [Theory]
    [InlineData("light")]
    [InlineData("narrow")]
    public async Task Nothing_moves_while_a_page_loads_and_while_it_changes(string look)
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        using var links = new LinksVisitor(console.Address);
        await LinksLookTests.UseAsync(links);
        using var cache = await CacheVisitor.OfAsync(console.Address);
        await cache.FillAsync();
        var window = Look.All.Single(l => l.Name == look);
        var pages = new List<IPage>();
        foreach (var address in Live)
            pages.Add(await console.OpenAsync(address, window));

        // So that there is something to see on each, until the house was drawn ten times.
        while (await pages[0].EvaluateAsync<int>("() => window.drawn") < 10)
        {
            await links.FollowAsync("spring", from: "https://news.example/");
            await links.SeeAsync("v1/urls?limit=1");
            await cache.AskAsync("incr", "visits");
            await cache.AskAsync("rpush", "queue", "more");
            await cache.ReadAsync(20);
        }

        var troubles = new List<string>();
        foreach (var page in pages)
            troubles.AddRange(await Stillness.TroublesAsync(page));
        Assert.Empty(troubles);
    }

    [Fact]
    public async Task A_list_stands_still_while_somebody_reads_an_entry_and_goes_on_afterwards()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/_/logs");
        var first = page.Locator(".lines li").First;
        await first.Locator("summary").ClickAsync();
        var read = await first.InnerTextAsync();

        // Somebody tries a key that does not hold, which is logged.
        var other = await console.OpenAsync("/_/sign-in");
        await other.GetByLabel("Key").FillAsync("gw_wrong");
        await other.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();

        await Assertions.Expect(page.Locator("[data-waits]")).ToBeVisibleAsync();
        Assert.Equal(read, await first.InnerTextAsync());
        await first.Locator("summary").ClickAsync();
        await page.Mouse.MoveAsync(1, 1);
        await page.EvaluateAsync("() => document.activeElement.blur()");
        await Assertions.Expect(first).ToContainTextAsync("tried to sign in");
    }
}
