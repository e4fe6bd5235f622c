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

    [Fact]
    public async Task Every_page_is_accessible_fits_its_window_and_makes_the_browser_complain_of_nothing()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        await UseAsync(console);
        var looker = new Looker(await console.OpenAsync("/_/"));
        foreach (var (name, address) in Pages)
            await looker.OpenAsync(name, new Uri(console.Address, address));

        Assert.Empty(looker.Troubles);
        Assert.DoesNotContain(console.Complaints, c => !c.Contains("/nowhere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_trace_and_the_palette_are_accessible_too()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        await UseAsync(console);
        var page = await console.OpenAsync("/_/traces");
        var looker = new Looker(page);
        await page.Locator("main table a").First.ClickAsync();
        await Assertions.Expect(page.Locator(".spans")).ToBeVisibleAsync();
        await looker.SeeAsync("trace");

        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.Locator("#palette [role=option]").First).ToBeVisibleAsync();
        await looker.SeeAsync("palette");
        Assert.Empty(looker.Troubles);
    }

    // Pages with something on them: some requests of which one fails, a few seconds of measurements.
    private static async Task UseAsync(OpenConsole console)
    {
        var page = await console.OpenAsync("/_/");
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
        return [.. troubles.Select(t => $"{page.Url}, {look.Name}: {t}")];
    }

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
