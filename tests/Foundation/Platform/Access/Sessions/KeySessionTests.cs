using System.Net;
using Groundwork.Platform.Access;
using Groundwork.Platform.Access.Sessions;
using Groundwork.Platform.Hosting;
using Groundwork.Ports.Settings;

namespace Groundwork.Platform.Tests.Access.Sessions;

public sealed class KeySessionTests : IAsyncDisposable
{
    private readonly AccessInstance _access = new();

    public ValueTask DisposeAsync() => _access.DisposeAsync();

    [Fact]
    public async Task A_key_that_was_typed_in_lets_the_browser_in_to_the_console_and_nowhere_else()
    {
        using var browser = await StartAsync();
        var (id, key) = await _access.MakeKeyAsync("ann", "toys:read");
        Assert.Equal("/_/page?a=1", await SignInAsync(browser, key, "/_/page?a=1"));

        var flags = Assert.Single(browser.Set, c => c.StartsWith("groundwork-session=", StringComparison.Ordinal));
        Assert.Contains("; path=/_/", flags, StringComparison.Ordinal);
        Assert.Contains("; samesite=strict", flags, StringComparison.Ordinal);
        Assert.Contains("; httponly", flags, StringComparison.Ordinal);
        Assert.DoesNotContain("domain", flags, StringComparison.Ordinal);
        Assert.DoesNotContain("secure", flags, StringComparison.Ordinal);
        Assert.Equal($"{id} True", await browser.SeesAsync("/_/page"));
        Assert.Equal("401", await browser.SeesAsync("/v1/toys"));
        Assert.Equal("403", await browser.PostAsync("/_/page"));
        Assert.DoesNotContain(_access.Log.Lines, l => l.Text.Contains(key[^40..], StringComparison.Ordinal) || l.Text.Contains(browser.Cookies["groundwork-session"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_browsers_use_https_the_cookie_is_bound_to_it_and_to_this_host()
    {
        using var browser = await StartAsync((AccessOptions.ConsoleUrl, "https://groundwork.example.org"));
        var (id, key) = await _access.MakeKeyAsync("ann", "toys:read");
        await SignInAsync(browser, key);

        var flags = Assert.Single(browser.Set, c => c.StartsWith("__Host-groundwork-session=", StringComparison.Ordinal));
        Assert.Contains("; path=/;", flags, StringComparison.Ordinal);
        Assert.Contains("; secure", flags, StringComparison.Ordinal);
        Assert.Equal($"{id} True", await browser.SeesAsync("/_/page"));
        Assert.Equal("401", await browser.SeesAsync("/v1/toys"));

        // A neighbour may set a cookie by the plain name.
        browser.Cookies["groundwork-session"] = browser.Cookies["__Host-groundwork-session"];
        browser.Cookies.Remove("__Host-groundwork-session");
        Assert.Equal("302", await browser.SeesAsync("/_/page"));
    }

    [Fact]
    public async Task Who_has_no_credential_is_led_to_sign_in_with_a_browser_and_told_so_otherwise()
    {
        using var browser = await StartAsync();
        Assert.Equal("/_/sign-in?return=%2F_%2Fpage%3Fa%3D1%26b", await browser.LedByAsync("/_/page?a=1&b"));
        Assert.Equal("/_/sign-in?return=%2F_%2F", await browser.PostRawAsync("/_/page", []));
        Assert.Equal("401", await browser.SeesAsync("/v1/toys"));
        Assert.Equal(HttpStatusCode.Unauthorized, await _access.StatusAsync(null, path: "/_/page"));
        Assert.Equal(HttpStatusCode.Unauthorized, await _access.StatusAsync("gw_no", path: "/_/page"));
    }

    [Fact]
    public async Task On_loopback_nobody_has_to_sign_in_and_a_session_that_ended_is_as_none()
    {
        using var browser = await StartAsync((AccessOptions.Require, "auto"));
        Assert.Equal("local False", await browser.SeesAsync("/_/page"));
        browser.Cookies["groundwork-session"] = new string('x', 43);
        Assert.Equal("local False", await browser.SeesAsync("/_/page"));
        var (id, key) = await _access.MakeKeyAsync("ann", "toys:read");
        await SignInAsync(browser, key);
        Assert.Equal($"{id} True", await browser.SeesAsync("/_/page"));
    }

    [Fact]
    public async Task Signing_out_ends_the_session_whoever_kept_the_cookie()
    {
        using var browser = await StartAsync();
        await SignInAsync(browser, (await _access.MakeKeyAsync("ann", "toys:read")).Key);
        var kept = browser.Cookies["groundwork-session"];
        Assert.Equal("/_/sign-in", await browser.PostAsync("/_/session/end"));
        Assert.DoesNotContain("groundwork-session", browser.Cookies.Keys);
        browser.Cookies["groundwork-session"] = kept;
        Assert.Equal("302", await browser.SeesAsync("/_/page"));
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("rotate")]
    public async Task A_session_ends_with_its_key_and_with_the_secret_that_was_typed_in(string how)
    {
        using var browser = await StartAsync();
        var (id, key) = await _access.MakeKeyAsync("ann", "toys:read");
        await SignInAsync(browser, key);
        Assert.Equal($"{id} True", await browser.SeesAsync("/_/page"));
        using var done = how == "revoke"
            ? await _access.ControlAsync(HttpMethod.Delete, "keys/ann")
            : await _access.ControlAsync(HttpMethod.Post, "keys/ann:rotate");
        Assert.True(done.IsSuccessStatusCode);
        Assert.Equal("302", await browser.SeesAsync("/_/page"));
    }

    [Fact]
    public async Task A_session_lasts_twelve_hours_without_use_and_a_week_with_it()
    {
        using var browser = await StartAsync();
        await SignInAsync(browser, (await _access.MakeKeyAsync("ann", "toys:read")).Key);
        var hours = 0;
        for (; hours < 24 * 7; hours += 11)
        {
            Assert.EndsWith("True", await browser.SeesAsync("/_/page"), StringComparison.Ordinal);
            _access.Time.Advance(TimeSpan.FromHours(11));
        }

        Assert.Equal("302", await browser.SeesAsync("/_/page"));
        await SignInAsync(browser, (await _access.MakeKeyAsync("bob", "toys:read")).Key);
        _access.Time.Advance(TimeSpan.FromHours(12));
        Assert.Equal("302", await browser.SeesAsync("/_/page"));
    }

    [Fact]
    public async Task A_session_that_somebody_else_put_into_the_browser_is_not_gone_on_with()
    {
        using var attacker = await StartAsync();
        await SignInAsync(attacker, (await _access.MakeKeyAsync("mallory", "toys:read")).Key);
        using var browser = new Browser(_access);
        browser.Cookies["groundwork-session"] = attacker.Cookies["groundwork-session"];
        var (id, key) = await _access.MakeKeyAsync("ann", "toys:read");
        await SignInAsync(browser, key);

        Assert.NotEqual(attacker.Cookies["groundwork-session"], browser.Cookies["groundwork-session"]);
        Assert.Equal($"{id} True", await browser.SeesAsync("/_/page"));
        Assert.Equal("302", await attacker.SeesAsync("/_/page"));
    }

    [Fact]
    public async Task No_other_site_signs_a_visitor_in_or_out()
    {
        using var browser = await StartAsync();
        var (_, key) = await _access.MakeKeyAsync("ann", "toys:read");
        await SignInAsync(browser, key);
        var form = await browser.SeesAsync("/_/form");

        Assert.Equal("/_/sign-in?problem=form", await browser.PostRawAsync("/_/session", [("key", key)]));
        Assert.Equal("/_/sign-in?problem=form", await browser.PostRawAsync("/_/session/end", []));
        Assert.Equal("/_/sign-in?problem=form", await browser.PostRawAsync("/_/session", [("key", key), ("__RequestVerificationToken", "forged")]));
        Assert.Equal("403", await browser.PostRawAsync("/_/session/end", [("__RequestVerificationToken", form)], origin: "https://evil.example"));
        using var other = new Browser(_access);
        Assert.Equal("/_/sign-in?problem=form", await other.PostRawAsync("/_/session", [("key", key), ("__RequestVerificationToken", form)]));
        Assert.EndsWith("True", await browser.SeesAsync("/_/page"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_and_a_session_of_one_copy_hold_in_another()
    {
        using var browser = await StartAsync();
        var (id, key) = await _access.MakeKeyAsync("ann", "toys:read");
        var form = await browser.SeesAsync("/_/form");
        await _access.StopAsync();
        using var again = await StartAsync();
        foreach (var (name, value) in browser.Cookies)
            again.Cookies[name] = value;

        Assert.Equal("/_/", await again.PostRawAsync("/_/session", [("key", key), ("__RequestVerificationToken", form)]));
        await _access.StopAsync();
        using var third = await StartAsync();
        third.Cookies["groundwork-session"] = again.Cookies["groundwork-session"];
        Assert.Equal($"{id} True", await third.SeesAsync("/_/page"));
    }

    [Fact]
    public async Task Attempts_that_keep_failing_are_turned_away_for_a_minute()
    {
        using var browser = await StartAsync();
        var (_, key) = await _access.MakeKeyAsync("ann", "toys:read");
        for (var i = 0; i < AttemptLimiter.MaxFailures; i++)
            Assert.Equal("/_/sign-in?problem=refused", await SignInAsync(browser, i % 2 == 0 ? key[..^1] : "gw_000000000000_" + new string('0', 43)));
        Assert.Equal("/_/sign-in?problem=toomany", await SignInAsync(browser, key));
        Assert.NotNull(SignInProblems.Text("toomany"));
        Assert.Null(SignInProblems.Text("<b>"));

        _access.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("/_/", await SignInAsync(browser, key));
    }

    [Theory]
    [InlineData("/_/page", "/_/page")]
    [InlineData("/_/page?x=%2F%2Fa", "/_/page?x=%2F%2Fa")]
    [InlineData("", "/_/")]
    [InlineData("https://evil.example/_/", "/_/")]
    [InlineData("//evil.example/_/", "/_/")]
    [InlineData("/\\evil.example/_/", "/_/")]
    [InlineData("/_/\\evil.example", "/_/")]
    [InlineData("/_//evil.example", "/_/")]
    [InlineData("/_/../\t/evil.example", "/_/")]
    [InlineData("/_/%2e%2e/v1/links", "/_/")]
    [InlineData("/_/..", "/_/")]
    [InlineData("/_/a\r\nSet-Cookie: a=b", "/_/")]
    [InlineData("/v1/links", "/_/")]
    [InlineData("javascript:alert(1)", "/_/")]
    [InlineData("/_/session/end", "/_/")]
    [InlineData("/_/sign-in", "/_/")]
    public async Task One_is_led_back_to_the_console_and_never_anywhere_else(string asked, string led)
    {
        using var browser = await StartAsync();
        Assert.Equal(led, await SignInAsync(browser, (await _access.MakeKeyAsync("ann", "toys:read")).Key, asked));
    }

    private async Task<Browser> StartAsync(params (Setting Setting, string Text)[] settings)
    {
        (Setting, string)[] always = settings.Any(s => s.Setting == AccessOptions.Require) ? [] : [(AccessOptions.Require, "always")];
        await _access.StartAsync(
            new InstanceOptions { Time = _access.Time }, [new AccessModule(), new ToyModule(_access.Log), new PagesModule()], [.. always, .. settings]);
        return new Browser(_access);
    }

    private static Task<string> SignInAsync(Browser browser, string key, string back = "") => browser.PostAsync("/_/session", ("key", key), ("return", back));
}
