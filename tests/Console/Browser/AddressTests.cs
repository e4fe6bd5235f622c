using Groundwork.Console.Tests.Cache;
using Groundwork.Console.Tests.Links;
using Groundwork.Testing.Processes;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Browser;

/// <summary>Whatever one sees can be sent to somebody: the address, opened by them, shows the same.</summary>
public sealed class AddressTests(Chromium chromium, SharedProgram shared) : IClassFixture<SharedProgram>
{
    // What a page shows of what somebody asked for: names, fields, what is chosen, opened and found.
    private const string State =
        """
        () => JSON.stringify({
            title: document.querySelector('h1').innerText,
            fields: [...document.querySelectorAll('main form[method=get] :is(input, select)')].map(f => f.type === 'checkbox' ? f.checked : f.value),
            chosen: [...document.querySelectorAll('main [aria-current]')].map(a => a.innerText),
            opened: [...document.querySelectorAll('main details[open]')].map(d => d.id),
            found: [...document.querySelectorAll('main :is(tbody th, .found strong)')].map(r => r.innerText),
        })
        """;

    private static readonly (string Start, Func<IPage, Task> Act, string Address)[] States =
    [
        ("/_/settings", async page =>
        {
            await page.GetByLabel("Name or words").FillAsync("listen");
            await page.GetByLabel("Only what somebody set").CheckAsync();
        }, "**/_/settings?q=listen&set=on"),
        ("/_/logs", page => page.GetByLabel("From level on").SelectOptionAsync("information"), "**/_/logs?q=&level=information&module="),
        ("/_/logs?level=information", page => page.Locator(".lines summary").Nth(1).ClickAsync(), "**/_/logs?level=information&before=*#entry-*"),
        ("/_/traces", page => page.GetByLabel("Took").SelectOptionAsync("1000"), "**/_/traces?q=&status=&slower=1000"),
        ("/_/links", async page =>
        {
            await page.GetByLabel("Words").FillAsync("leaves");
            await page.GetByLabel("State").SelectOptionAsync("disabled");
        }, "**/_/links?q=leaves&owner=&tag=&state=disabled"),
        ("/_/links", page => page.Locator("#more > summary").ClickAsync(), "**/_/links#more"),
        ("/_/links/spring", page => page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "24 hours" }).ClickAsync(), "**/_/links/spring?range=24h&interval=hour"),
        ("/_/links/spring?range=30d&interval=day", page => page.GetByText("As a table").First.ClickAsync(), "**/_/links/spring?range=30d&interval=day#table-*"),
        ("/_/cache/clients", async page =>
        {
            await page.GetByLabel("Names like").FillAsync("page:*");
            await page.GetByLabel("Holding").SelectOptionAsync("string");
        }, "**/_/cache/clients?match=page%3A*&type=string&database=0"),
        ("/_/cache/clients?match=page:*", page => page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Further keys" }).ClickAsync(), "**/_/cache/clients?match=*&cursor=*"),
        ("/_/cache/clients/key?key=queue", page => page.Locator("#element-4 > summary").ClickAsync(), "**/_/cache/clients/key?key=queue#element-4"),
        ("/_/cache/clients/key?key=tags", page => page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Remove it…" }).ClickAsync(), "**/_/cache/clients/key?key=tags&remove=1"),
        ("/_/experiments", async page =>
        {
            await page.GetByLabel("Name or words").FillAsync("links.crash");
            await page.Keyboard.PressAsync("Enter");
        }, "**/_/experiments?q=links.crash"),
        ("/_/", async page =>
        {
            await page.Keyboard.PressAsync("Control+k");
            await page.Keyboard.TypeAsync("cache:li");
            await Assertions.Expect(page.Locator("#palette [aria-selected=true]")).ToContainTextAsync("Cache:Listen");
            await page.Keyboard.PressAsync("ArrowUp");
            await page.Keyboard.PressAsync("Enter");
        }, "**/_/find?q=cache%3Ali"),
    ];

    [Fact]
    public async Task Whatever_was_searched_chosen_or_opened_is_seen_by_whoever_gets_the_address()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        using (var visitor = new LinksVisitor(console.Address))
            await LinksLookTests.UseAsync(visitor);
        using (var visitor = await CacheVisitor.OfAsync(console.Address))
            await visitor.FillAsync();
        var page = await console.OpenAsync("/_/");
        var colleague = await console.OpenAsync("/_/");
        foreach (var (start, act, address) in States)
        {
            await page.GotoAsync(new Uri(console.Address, start).ToString());
            await page.WaitForFunctionAsync("() => window.Blazor !== undefined");
            await act(page);
            await page.WaitForURLAsync(address, new PageWaitForURLOptions { WaitUntil = WaitUntilState.Commit });

            // By way of another page: two addresses that differ in what is opened alone are one document.
            await colleague.GotoAsync("about:blank");
            await colleague.GotoAsync(page.Url);
            var seen = await colleague.EvaluateAsync<string>(State);
            await page.WaitForFunctionAsync($"seen => ({State})() === seen", seen);
        }

        Assert.Empty(console.Complaints);
    }

    [Fact]
    public async Task A_trace_is_sent_with_what_was_opened_of_it()
    {
        await using var console = await OpenConsole.OfAsync(chromium, shared);
        var page = await console.OpenAsync("/_/traces");
        await page.EvaluateAsync("() => fetch('/v1/urls?limit=1')");
        await page.Locator("main table a", new PageLocatorOptions { HasText = "urls" }).First.ClickAsync();
        await page.Locator(".spans summary").First.ClickAsync();
        await page.WaitForURLAsync("**/_/traces/*#span-*");

        var colleague = await console.OpenAsync(new Uri(page.Url).PathAndQuery + new Uri(page.Url).Fragment);
        Assert.Equal(await page.EvaluateAsync<string>(State), await colleague.EvaluateAsync<string>(State));
        await Assertions.Expect(colleague.Locator(".spans details[open]")).ToHaveCountAsync(1);
    }
}
