using Microsoft.Playwright;

namespace Groundwork.Console.Tests.Browser;

/// <summary>
/// The system's Chromium, one for all tests of the assembly; each test has a context of its own in it. Where it is missing, a
/// test that asks for it is skipped with the reason; on CI (<c>CI=true</c>) it fails.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    private static string? Program => Paths.FirstOrDefault(File.Exists);

    public async ValueTask InitializeAsync()
    {
        if (Program is null)
            return;
        Assertions.SetDefaultExpectTimeout(60_000); // other tests load the machine too
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Program,
            Headless = true,
            Args = ["--no-sandbox"], // whoever runs the tests may be root, who has none
        });
    }

    /// <summary>A browser as a new person's: no cookies, nothing cached.</summary>
    internal Task<IBrowserContext> NewContextAsync(Look look, bool script = true)
    {
        Require();
        return _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = look.Width, Height = look.Height },
            ColorScheme = look.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            JavaScriptEnabled = script,
            Locale = "en-GB",
            TimezoneId = "Europe/Berlin",
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private static void Require()
    {
        if (Program is not null)
            return;
        const string Missing = "Chromium is not installed: apt-get install chromium.";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(Missing);
        Assert.Skip(Missing);
    }
}

/// <summary>How a page is looked at.</summary>
internal sealed record Look(string Name, int Width, int Height, bool IsDark)
{
    public static readonly Look Light = new("light", 1280, 800, false);
    public static readonly Look Dark = new("dark", 1280, 800, true);
    public static readonly Look Narrow = new("narrow", 360, 740, false);

    public static IReadOnlyList<Look> All { get; } = [Light, Dark, Narrow];
}
