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

    [Fact]
    public async Task Every_state_is_accessible_fits_its_window_and_makes_the_browser_complain_of_nothing()
    {
        await using var limited = await LimitedConsole.StartAsync(chromium);
        var page = await limited.Console.OpenAsync("/_/limits/quiet");
        var looker = new Looker(page);
        await looker.SeeAsync("limits-policy-empty");
        await limited.UseAsync();
        foreach (var (state, address) in Pages)
            await looker.OpenAsync(state, new Uri(limited.Console.Address, address));

        await page.GotoAsync(new Uri(limited.Console.Address, "/_/limits").ToString());
        limited.Spoil();
        await Assertions.Expect(page.GetByText("The file of policies cannot be used")).ToBeVisibleAsync();
        await looker.SeeAsync("limits-file-wrong");
        limited.Write("");
        await Assertions.Expect(page.GetByText("No policy is in force")).ToBeVisibleAsync();
        await looker.SeeAsync("limits-file-empty");

        looker.HasNoTroubles();
        Assert.DoesNotContain(limited.Console.Complaints, c => !c.Contains("status of 40", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_file_the_page_says_how_to_write_one()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/_/limits");
        await Assertions.Expect(page.GetByText("Nobody is limited yet")).ToBeVisibleAsync();
        var looker = new Looker(page);
        await looker.SeeAsync("limits-none");
        looker.HasNoTroubles();
    }
}
