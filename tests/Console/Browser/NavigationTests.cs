using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Browser;

public sealed class NavigationTests(Chromium chromium)
{
    [Fact]
    public async Task Every_page_of_the_navigation_opens_without_loading_the_shell_anew()
    {
        await using var console = await OpenConsole.StartAsync(chromium);
        var page = await console.OpenAsync("/");
        await page.EvaluateAsync("() => { window.sameDocument = true }");

        var links = page.Locator("nav[aria-label=Console] a[href^='/_/']");
        var count = await links.CountAsync();
        Assert.True(count > 8);
        for (var i = 0; i < count; i++)
        {
            var address = await links.Nth(i).GetAttributeAsync("href");
            await links.Nth(i).ClickAsync();
            await page.WaitForURLAsync(new Uri(console.Address, address).ToString());
            await Assertions.Expect(page.Locator($"nav a[href='{address}']")).ToHaveAttributeAsync("aria-current", "page");
            await Assertions.Expect(page.Locator("h1")).ToBeVisibleAsync();
        }

        Assert.True(await page.EvaluateAsync<bool>("() => window.sameDocument === true"));
        Assert.Empty(console.Complaints);
    }
}
