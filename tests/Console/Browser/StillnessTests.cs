using Groundwork.Console.Tests.Cache;
using Groundwork.Console.Tests.Links;
using Groundwork.Console.Tests.RateLimits;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Browser;

/// <summary>Nothing jumps: what one is about to read or to click stays where it is, while a page loads and while it changes.</summary>
public sealed class StillnessTests(Chromium chromium)
{
    // A page of each kind that changes by itself; how still all of them stand as they are loaded is seen where they are looked at.
    private static readonly string[] Live =
        ["/_/", "/_/modules/Database", "/_/traces", "/_/logs", "/_/links/spring", "/_/cache/clients", "/_/cache/clients/key?key=queue"];

    // Where everything on a page begins, but what it counts and logs: those stand last, since they grow.
    private const string Places = """
        () => [...document.querySelectorAll('main :is(h2, .room, .command)')].filter(e => !e.closest('[aria-labelledby=counts], [aria-labelledby=logs]'))
            .map(e => `${e.textContent.trim().slice(0, 12)} ${Math.round(e.getBoundingClientRect().top + scrollY)}`).join(', ')
        """;

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

    // Pages that are opened before anything was asked: what comes first must find its place there.
    [Theory]
    [InlineData("/_/", false)]
    [InlineData("/_/", true)]
    [InlineData("/_/modules/RateLimits", false)]
    [InlineData("/_/modules/RateLimits", true)]
    [InlineData("/_/modules/Cache", false)]
    public async Task Nothing_moves_when_the_first_requests_come(string address, bool isNarrow)
    {
        await using var limited = await LimitedConsole.StartAsync(chromium);
        using var cache = await CacheVisitor.OfAsync(limited.Console.Address);
        var page = await limited.Console.OpenAsync(address, isNarrow ? Look.Narrow : Look.Light);
        var before = await page.EvaluateAsync<string>(Places);

        await limited.UseAsync();
        await cache.FillAsync();
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('.house .moving, main .figure small, main .plot .line')].length > 1 && window.drawn > 5");

        Assert.Equal(before, await page.EvaluateAsync<string>(Places));
        Assert.Empty(await Stillness.TroublesAsync(page));
    }

    [Theory]
    [InlineData("/_/", ".room a")]
    [InlineData("/_/modules/RateLimits", "main a.button")]
    [InlineData("/_/limits", "main .policies a")]
    public async Task Nothing_moves_and_nothing_loses_the_focus_when_a_module_has_a_trouble(string address, string focused)
    {
        await using var limited = await LimitedConsole.StartAsync(chromium);
        var page = await limited.Console.OpenAsync(address);
        await page.Locator(focused).First.FocusAsync();
        var before = await page.EvaluateAsync<string>(Places);

        limited.Spoil();
        await Assertions.Expect(page.Locator("main .health")).ToContainTextAsync("degraded");
        await Assertions.Expect(page.Locator("main .health")).ToContainTextAsync("cannot be used");

        Assert.Equal(before, await page.EvaluateAsync<string>(Places));
        Assert.Empty(await Stillness.TroublesAsync(page));
        Assert.True(await page.EvaluateAsync<bool>("selector => document.activeElement === document.querySelector(selector)", focused));
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
