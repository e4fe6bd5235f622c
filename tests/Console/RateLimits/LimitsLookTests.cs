using Groundwork.Console.Tests.Browser;
using Microsoft.Playwright;

namespace Groundwork.Console.Tests.RateLimits;

/// <summary>Every state of the pages of rate limits as people see it: light, dark, narrow.</summary>
public sealed class LimitsLookTests(Chromium chromium)
{
    private static readonly (string Name, string Address)[] Pages =
    [
        ("limits", "/_/limits"),
        ("limits-policy", "/_/limits/mail"),
        ("limits-shadow", "/_/limits/trial"),
        ("limits-concurrency", "/_/limits/jobs"),
        ("limits-whatif", "/_/limits/mail?algorithm=gcra&permits=5&period=1m&burst=&algorithm=sliding-log&permits=1000&period=1h&burst=#whatif"),
        ("limits-whatif-refused", "/_/limits/mail?algorithm=gcra&permits=many&period=soon&burst="),
        ("limits-whatif-nothing", "/_/limits/quiet?algorithm=gcra&permits=5&period=1m&burst="),
        ("limits-whatif-waits", "/_/limits/mail?algorithm=leaky-bucket&permits=60&period=1m&burst=10"),
        ("limits-key", "/_/limits/mail/key?key=acme"),
        ("limits-key-leaving", "/_/limits/mail/key?key=acme&reset=1"),
        ("limits-policy-missing", "/_/limits/nobody"),
    ];

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    [InlineData("narrow")]
    public async Task Every_state_is_accessible_fits_its_window_and_makes_the_browser_complain_of_nothing(string name)
    {
        await using var limited = await LimitedConsole.StartAsync(chromium);
        var look = Look.All.Single(l => l.Name == name);
        var page = await limited.Console.OpenAsync("/_/limits/quiet", look);
        var troubles = new List<string>();
        await SeenAsync("limits-policy-empty");
        await limited.UseAsync();
        foreach (var (state, address) in Pages)
        {
            await page.GotoAsync(new Uri(limited.Console.Address, address).ToString());
            troubles.AddRange(await Stillness.TroublesAsync(page));
            await SeenAsync(state);
        }

        await page.GotoAsync(new Uri(limited.Console.Address, "/_/limits").ToString());
        limited.Spoil();
        await Assertions.Expect(page.GetByText("The file of policies cannot be used")).ToBeVisibleAsync();
        await SeenAsync("limits-file-wrong");
        limited.Write("");
        await Assertions.Expect(page.GetByText("No policy is in force")).ToBeVisibleAsync();
        await SeenAsync("limits-file-empty");

        troubles.AddRange(limited.Console.Complaints.Where(c => !c.Contains("status of 40", StringComparison.Ordinal)));
        Assert.Empty(troubles);

        async Task SeenAsync(string state)
        {
            await Assertions.Expect(page.Locator("h1")).ToBeVisibleAsync();
            await LookTests.PictureAsync(page, $"{state}.{look.Name}");
            troubles.AddRange(await LookTests.TroublesAsync(page, look));
        }
    }

    [Theory]
    [InlineData("light")]
    [InlineData("dark")]
    [InlineData("narrow")]
    public async Task Without_a_file_the_page_says_how_to_write_one(string name)
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var look = Look.All.Single(l => l.Name == name);
        var page = await console.OpenAsync("/_/limits", look);
        await Assertions.Expect(page.GetByText("Nobody is limited yet")).ToBeVisibleAsync();
        await LookTests.PictureAsync(page, $"limits-none.{look.Name}");
        Assert.Empty(await LookTests.TroublesAsync(page, look));
    }
}
