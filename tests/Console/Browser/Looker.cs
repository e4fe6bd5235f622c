using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Browser;

/// <summary>Looks at a page light, dark and narrow, and notes what is wrong with it.</summary>
/// <param name="page">The page, light and wide between two calls.</param>
internal sealed class Looker(IPage page)
{
    private readonly List<string> _troubles = [];

    /// <summary>Nothing was wrong with what was looked at. What was is said whole: an assertion on strings would cut it short.</summary>
    public void HasNoTroubles()
    {
        if (_troubles.Count > 0)
            Assert.Fail(string.Join('\n', _troubles));
    }

    /// <summary>Opens an address in a narrow window and in a wide one, and looks.</summary>
    /// <param name="state">What the pictures are called.</param>
    /// <param name="address">What is opened.</param>
    public async Task OpenAsync(string state, Uri address)
    {
        await UseAsync(Look.Narrow);
        await page.GotoAsync(address.ToString());
        await HasStoodStillAsync();

        // Loaded anew also where the address leads to a place on the page, to which a browser would only scroll.
        await UseAsync(Look.Light);
        await page.ReloadAsync();
        await HasStoodStillAsync();
        await SeeAsync(state);
    }

    /// <summary>Looks at what is there now.</summary>
    public async Task SeeAsync(string state)
    {
        await Assertions.Expect(page.Locator("h1")).ToBeVisibleAsync();
        foreach (var look in Look.All)
        {
            await UseAsync(look);
            await LookTests.PictureAsync(page, $"{state}.{look.Name}");
            _troubles.AddRange(await LookTests.TroublesAsync(page, look));
        }

        await UseAsync(Look.Light);
    }

    private async Task HasStoodStillAsync()
    {
        await Assertions.Expect(page.Locator("h1")).ToBeVisibleAsync();
        _troubles.AddRange(await Stillness.TroublesAsync(page));
    }

    private async Task UseAsync(Look look)
    {
        await page.SetViewportSizeAsync(look.Width, look.Height);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = look.IsDark ? ColorScheme.Dark : ColorScheme.Light });
    }
}
