using Groundwork.Console.Tests.Cache;
using Groundwork.Console.Tests.Links;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Browser;

/// <summary>Nothing jumps: what one is about to read or to click stays where it is, while a page loads and while it changes.</summary>
public sealed class StillnessTests(Chromium chromium)
{
    // A page of each kind that changes by itself; how still all of them stand as they are loaded is seen where they are looked at.
    private static readonly string[] Live =
        ["/_/", "/_/modules/Database", "/_/traces", "/_/logs", "/_/links/spring", "/_/cache/clients", "/_/cache/clients/key?key=queue"];

    // Where there is least room, most is pushed about.
    [Fact]
    public async Task Nothing_moves_on_a_page_while_what_it_shows_changes()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        using var links = new LinksVisitor(console.Address);
        await LinksLookTests.UseAsync(links);
        using var cache = await CacheVisitor.OfAsync(console.Address);
        await cache.FillAsync();
        var pages = new List<IPage>();
        foreach (var address in Live)
            pages.Add(await console.OpenAsync(address, Look.Narrow));

        // So that there is something to see on each, until the house was drawn ten times.
        for (var i = 0; i < 1000 && await pages[0].EvaluateAsync<int>("() => window.drawn") < 10; i++)
        {
            await links.FollowAsync("spring", from: "https://news.example/");
            await links.SeeAsync("v1/urls?limit=1");
            await cache.AskAsync("rpush", "queue", "more");
            await cache.ReadAsync(5);
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
