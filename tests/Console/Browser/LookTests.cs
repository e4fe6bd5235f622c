using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Browser;

/// <summary>Every page as people see it: light, dark, narrow. What can be checked is; the rest is kept as pictures, to be
/// looked at, where <c>GROUNDWORK_PICTURES</c> is set: each takes the machine as long as all that is checked.</summary>
public sealed class LookTests(Chromium chromium)
{
    public static readonly string Pictures = Path.Combine(AppContext.BaseDirectory, "screenshots");

    internal static readonly (string Name, string Address)[] Pages =
    [
        ("house", "/_/"),
        ("module", "/_/modules/Links"),
        ("module-database", "/_/modules/Database"),
        ("traces", "/_/traces"),
        ("logs", "/_/logs"),
        ("experiments", "/_/experiments"),
        ("sign-in", "/_/sign-in?return=/_/settings"),
        ("settings", "/_/settings"),
        ("settings-none", "/_/settings?q=nothing+like+it"),
        ("keys", "/_/keys"),
        ("design", "/_/design"),
        ("find", "/_/find?q=links"),
        ("not-found", "/_/nowhere"),
    ];

    private const string AskedAlone = """
        async rules => (await axe.run(document, { runOnly: { type: 'rule', values: rules }, resultTypes: ['violations'] })).violations
            .map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html).join(' | ')}`)
        """;

    // Reads as one should: no word of a label is broken, and nothing that is to be read ends where its box does.
    private const string Crooked = """
        () => [...document.querySelectorAll('main :is(.chip, time, .who)')].filter(e => e.checkVisibility()).flatMap(e => {
            const text = e.innerText.trim();
            const box = e.getBoundingClientRect();
            if (e.matches('.chip') && text.length < 30 && !/\s/.test(text) && box.height > 1.5 * parseFloat(getComputedStyle(e).lineHeight)) return [`'${text}' is broken`];
            if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible') return [`'${text}' is cut`];
            for (let around = e.parentElement; around.matches('main *'); around = around.parentElement)
                if (getComputedStyle(around).overflowX !== 'visible' && box.right > around.getBoundingClientRect().right + 1) return [`'${text}' is cut`];
            return [];
        }).concat([...document.querySelectorAll('main .figures')].flatMap(figures => {
            const boxes = [...figures.querySelectorAll('.figure')].map(f => f.getBoundingClientRect());
            return boxes.some(a => boxes.some(b => a.top === b.top && Math.abs(a.height - b.height) > 1)) ? ['figures beside one another are not as high'] : [];
        })).slice(0, 5).join('\n')
        """;

    // What a browser waits for before it draws is the last thing on this very page.
    private const string WaitsForItsEnd = """
        () => {
            const end = document.querySelector('head link[rel=expect][blocking=render]');
            return end !== null && end.href === `${location.href.split('#')[0]}#${document.body.lastElementChild.id}`;
        }
        """;

    // Where there is least room, tables are stacked: what is to be compared may be wider, and scrolls.
    private const string Sideways = """
        () => [...document.querySelectorAll('main .scroll:not(.heat .scroll, .data .scroll, .compared)')].filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
            .map(e => `${e.getAttribute('aria-label')} is read sideways: ${e.scrollWidth} pixels`).join('\n')
        """;

    [Fact]
    public async Task Every_page_is_accessible_fits_its_window_and_makes_the_browser_complain_of_nothing()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        await UseAsync(console);
        var looker = new Looker(await console.OpenAsync("/_/"));
        foreach (var (name, address) in Pages)
            await looker.OpenAsync(name, new Uri(console.Address, address));

        looker.HasNoTroubles();
        Assert.DoesNotContain(console.Complaints, c => !c.Contains("/nowhere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_trace_and_the_palette_are_accessible_too()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/_/");
        await AskAsync(page);
        await page.GotoAsync(new Uri(console.Address, "/_/traces").ToString());
        var looker = new Looker(page);
        await page.Locator("main table a").First.ClickAsync();
        await Assertions.Expect(page.Locator(".spans")).ToBeVisibleAsync();
        await looker.SeeAsync("trace");

        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.Locator("#palette [role=option]").First).ToBeVisibleAsync();
        await looker.SeeAsync("palette");
        looker.HasNoTroubles();
    }

    // Some requests, and more and more of them.
    private static async Task AskAsync(IPage page)
    {
        await page.EvaluateAsync("""
            async () => {
                for (let i = 0; i < 60; i++) {
                    await fetch('/v1/urls', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ long_url: 'https://example.org/' + i }) });
                    await fetch('/v1/urls?limit=5');
                    await new Promise(done => setTimeout(done, 20));
                }
            }
            """);
        await page.EvaluateAsync(OpenConsole.Asking);
        await Assertions.Expect(page.Locator(".flow .moving").First).ToBeVisibleAsync();
    }

    // Pages with something on them: requests, a key, a drill that was run.
    private static async Task UseAsync(OpenConsole console)
    {
        var page = await console.OpenAsync("/_/");
        await AskAsync(page);
        await page.GotoAsync(new Uri(console.Address, "/_/keys").ToString());
        await page.GetByLabel("Name").FillAsync("a key with quite a long name for a program that imports");
        foreach (var scope in new[] { "links:read", "links:write", "telemetry:read", "experiments:run", "console:view" })
            await page.GetByLabel(scope).CheckAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Make the key" }).ClickAsync();
        await Assertions.Expect(page.Locator(".secret")).ToBeVisibleAsync();
        await page.GotoAsync(new Uri(console.Address, "/_/").ToString());
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Run the drill" }).ClickAsync();
        await Assertions.Expect(page.Locator("main .chip.good")).ToHaveTextAsync("succeeded", new LocatorAssertionsToHaveTextOptions { Timeout = 120_000 });
        await Assertions.Expect(page.Locator("main [data-ended]")).ToContainTextAsync("succeeded after");
        await page.CloseAsync();
    }

    /// <summary>What is wrong with a page as it is now, by the rules of axe-core, and whether it fits its window.</summary>
    /// <remarks>
    /// In the dark only colours differ, and in a narrow window what is shown and what scrolls: there these rules are asked alone, of the axe that the page has
    /// from being looked at in the light, since bringing it takes longer than most of its rules.
    /// </remarks>
    internal static async Task<List<string>> TroublesAsync(IPage page, Look look)
    {
        string[] rules = look == Look.Dark ? ["color-contrast"]
            : look == Look.Narrow ? ["scrollable-region-focusable", "link-name", "button-name", "label", "select-name", "summary-name", "aria-hidden-focus"]
            : [];
        var troubles = rules.Length > 0 ? await page.EvaluateAsync<List<string>>(AskedAlone, rules) : Said(await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] }));
        if (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth"))
            troubles.Add("it is wider than the window");
        if (look == Look.Light && !await page.EvaluateAsync<bool>(WaitsForItsEnd))
            troubles.Add("it is drawn before it is all there");
        if (look != Look.Dark)
            troubles.AddRange(await LinesAsync(page, Crooked));
        if (look == Look.Narrow)
            troubles.AddRange(await LinesAsync(page, Sideways));
        return [.. troubles.Select(t => $"{page.Url}, {look.Name}: {t}")];
    }

    private static async Task<string[]> LinesAsync(IPage page, string script) =>
        (await page.EvaluateAsync<string>(script)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static List<string> Said(AxeResult axe) =>
        [.. axe.Violations.Select(v => $"{v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Select(n => n.Html).Take(3))}")];

    internal static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("GROUNDWORK_PICTURES") is null)
            return;
        Directory.CreateDirectory(Pictures);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, name + ".png"), FullPage = true });
    }
}
