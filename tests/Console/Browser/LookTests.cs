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
    /// In the dark only colours differ, and in a narrow window what is shown and what scrolls: each rule is asked where it can tell something new, since
    /// all of them cost the machine a good part of a second.
    /// </remarks>
    internal static async Task<List<string>> TroublesAsync(IPage page, Look look)
    {
        var rules = new AxeRunOptions { ResultTypes = [ResultType.Violations] };
        if (look == Look.Dark)
            rules.RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast"] };
        else if (look == Look.Narrow)
            rules.RunOnly = new RunOnlyOptions { Type = "rule", Values = ["scrollable-region-focusable", "link-name", "button-name", "label", "select-name", "summary-name", "aria-hidden-focus"] };
        var axe = await page.RunAxe(rules);
        List<string> troubles = [.. axe.Violations.Select(v => $"{page.Url}: {v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Select(n => n.Html).Take(3))}")];
        if (await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth"))
            troubles.Add($"{page.Url}: it is wider than the window");
        return troubles;
    }

    internal static async Task PictureAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("GROUNDWORK_PICTURES") is null)
            return;
        Directory.CreateDirectory(Pictures);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Pictures, name + ".png"), FullPage = true });
    }
}
