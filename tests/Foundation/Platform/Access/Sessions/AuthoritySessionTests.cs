using System.Security.Cryptography;
using Groundwork.Platform.Access;
using Groundwork.Platform.Access.Sessions;
using Groundwork.Platform.Hosting;
using Groundwork.Ports.Settings;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Groundwork.Platform.Tests.Access.Sessions;

/// <summary>Signing in with an authority that really runs, on a spare port.</summary>
public sealed class AuthoritySessionTests : IAsyncLifetime
{
    private readonly AccessInstance _access = new();
    private TestAuthority _authority = null!;

    public async ValueTask InitializeAsync() => _authority = await TestAuthority.StartedAsync();

    public async ValueTask DisposeAsync()
    {
        await _access.DisposeAsync();
        await _authority.DisposeAsync();
    }

    [Fact]
    public async Task Who_signs_in_with_the_authority_may_do_what_its_access_token_says()
    {
        _authority.Codes.Secret = "se cret";
        using var browser = await StartAsync((AccessOptions.ClientSecret, "se cret"), (AccessOptions.ClientScopes, "toys:read,profile"));
        var address = new Uri(await browser.LedByAsync("/_/session/authorize?return=%2F_%2Fpage%3Fa"));
        var asked = TestCodes.Asked(address);
        Assert.Equal(("1", "code", "console", "openid toys:read profile"), (asked["tenant"], asked["response_type"], asked["client_id"], asked["scope"]));
        Assert.Equal(new Uri(_access.Client.BaseAddress!, "/_/session/callback").AbsoluteUri, asked["redirect_uri"]);
        var flags = Assert.Single(browser.Set);
        Assert.Contains("; samesite=lax", flags, StringComparison.Ordinal);
        Assert.Contains("; httponly", flags, StringComparison.Ordinal);
        Assert.Contains("; path=/_/session/callback", flags, StringComparison.Ordinal);

        using var back = await browser.GetAsync(_authority.Codes.Approve(address));
        Assert.Equal(200, (int)back.StatusCode);
        Assert.Equal("0; url=/_/page?a", Assert.Single(back.Headers.GetValues("Refresh")));
        Assert.True(back.Headers.CacheControl!.NoStore);
        Assert.Contains(browser.Set, c => c.StartsWith("groundwork-session=", StringComparison.Ordinal) && c.Contains("samesite=strict", StringComparison.Ordinal));
        Assert.Equal(["groundwork-session"], browser.Cookies.Keys);
        Assert.Equal("sub:ann True", await browser.SeesAsync("/_/page"));
        Assert.DoesNotContain(_access.Log.Lines, l => l.Text.Contains("se cret", StringComparison.Ordinal) || l.Text.Contains("eyJ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_way_back_that_this_browser_did_not_begin_is_not_gone()
    {
        using var browser = await StartAsync();
        var address = await BeginAsync(browser);
        var back = _authority.Codes.Approve(address);
        using (var victim = new Browser(_access))
            await RefusedAsync(victim, back, SignInProblem.State);

        // One that did begin, but another: the state is not its own.
        using (var other = new Browser(_access))
        {
            await BeginAsync(other);
            await RefusedAsync(other, back, SignInProblem.State);
        }

        await RefusedAsync(browser, back + "x", SignInProblem.State);
        Assert.Equal(0, _authority.Codes.Redeemed);
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        using var browser = await StartAsync();
        var address = await BeginAsync(browser);
        var cookie = browser.Cookies.Single();
        var back = _authority.Codes.Approve(address);
        using (var first = await browser.GetAsync(back))
            Assert.True(first.IsSuccessStatusCode);

        using var thief = new Browser(_access);
        thief.Cookies[cookie.Key] = cookie.Value;
        await RefusedAsync(thief, back, SignInProblem.Denied);
        Assert.Equal("/_/sign-in?problem=state", await browser.LedByAsync(back));
    }

    [Fact]
    public async Task A_sign_in_that_took_too_long_is_not_gone_on_with()
    {
        using var browser = await StartAsync();
        var back = _authority.Codes.Approve(await BeginAsync(browser));
        _access.Time.Advance(SignInState.Life);
        await RefusedAsync(browser, back, SignInProblem.State);
    }

    [Theory]
    [InlineData("nonce")]
    [InlineData("id audience")]
    [InlineData("access audience")]
    [InlineData("subject")]
    [InlineData("expired")]
    [InlineData("issuer")]
    [InlineData("signature")]
    [InlineData("no signature")]
    [InlineData("no token")]
    public async Task Tokens_that_were_not_made_for_this_sign_in_are_not_believed(string what)
    {
        using var browser = await StartAsync();
        var codes = _authority.Codes;
        (codes.OtherNonce, codes.IdAudience, codes.AccessAudience, codes.AccessSubject, codes.Expires) = (
            what == "nonce" ? "another" : null,
            what == "id audience" ? "groundwork" : "console",
            what == "access audience" ? "console" : "groundwork",
            what == "subject" ? "bob" : "ann",
            what == "expired" ? _access.Time.GetUtcNow().AddHours(-1) : codes.Expires);
        using var other = RSA.Create(2048);
        codes.Forge = what switch
        {
            "issuer" => token => _authority.Token(codes.Expires, audience: "console", issuer: "https://evil.example/", nonce: NonceOf(token)),

            // By a key of somebody else's, which has the name of the authority's.
            "signature" => token => _authority.Token(
                codes.Expires, audience: "console", nonce: NonceOf(token),
                signing: new SigningCredentials(new RsaSecurityKey(other) { KeyId = "key-1" }, SecurityAlgorithms.RsaSha256)),
            "no signature" => token => $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{token.Split('.')[1]}.",
            "no token" => _ => "",
            _ => token => token,
        };
        await RefusedAsync(browser, codes.Approve(await BeginAsync(browser)), SignInProblem.Token);
        Assert.Equal(1, codes.Redeemed);
    }

    [Fact]
    public async Task Without_its_state_a_way_back_is_not_gone()
    {
        using var browser = await StartAsync();
        var back = _authority.Codes.Approve(await BeginAsync(browser));
        await RefusedAsync(browser, back.Replace("state=", "estate=", StringComparison.Ordinal), SignInProblem.State);
        Assert.Equal(0, _authority.Codes.Redeemed);
    }

    [Fact]
    public async Task A_key_that_the_authority_changed_while_somebody_signed_in_is_fetched()
    {
        using var browser = await StartAsync();
        var back = _authority.Codes.Approve(await BeginAsync(browser));
        var fetches = _authority.Fetches;
        _authority.ChangeKey();
        _access.Time.Advance(TimeSpan.FromMinutes(1));

        using var answer = await browser.GetAsync(back);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(fetches + 1, _authority.Fetches);
        Assert.Equal("sub:ann True", await browser.SeesAsync("/_/page"));
    }

    [Fact]
    public async Task Who_signed_in_with_the_authority_is_out_once_they_have_signed_out()
    {
        using var browser = await StartAsync();
        using (var answer = await browser.GetAsync(_authority.Codes.Approve(await BeginAsync(browser))))
            Assert.Equal(200, (int)answer.StatusCode);
        var kept = browser.Cookies["groundwork-session"];

        Assert.Equal("/_/sign-in", await browser.PostAsync("/_/session/end"));
        Assert.DoesNotContain("groundwork-session", browser.Cookies.Keys);
        browser.Cookies["groundwork-session"] = kept; // whoever has copied it is out as well
        Assert.Equal("/_/sign-in?return=%2F_%2Fpage", await browser.LedByAsync("/_/page"));
    }

    [Fact]
    public async Task The_authority_may_refuse_or_be_away()
    {
        using var browser = await StartAsync();
        var asked = TestCodes.Asked(await BeginAsync(browser));
        await RefusedAsync(browser, $"/_/session/callback?error=access_denied&state={asked["state"]}", SignInProblem.Denied);

        var back = _authority.Codes.Approve(await BeginAsync(browser));
        await _authority.StopAsync();
        await RefusedAsync(browser, back, SignInProblem.Away);
    }

    [Fact]
    public async Task An_answer_that_names_another_issuer_is_not_taken()
    {
        using var browser = await StartAsync();
        var back = _authority.Codes.Approve(await BeginAsync(browser));
        await RefusedAsync(browser, back[..back.IndexOf("&iss=", StringComparison.Ordinal)] + "&iss=https%3A%2F%2Fevil.example", SignInProblem.State);
        Assert.Equal(0, _authority.Codes.Redeemed);
    }

    [Fact]
    public async Task Without_a_client_id_nobody_is_led_to_an_authority()
    {
        await _access.StartAsync(new InstanceOptions { Time = _access.Time }, [new AccessModule(), new ToyModule(_access.Log), new PagesModule()]);
        using var browser = new Browser(_access);
        Assert.Equal("404", await browser.SeesAsync("/_/session/authorize"));
        Assert.Equal("/_/sign-in?problem=state", await browser.LedByAsync("/_/session/callback?code=a&state=b"));
    }

    [Theory]
    [InlineData("Access:ClientId", "x")]
    [InlineData("Access:ClientSecret", "x")]
    [InlineData("Access:ClientScopes", "x")]
    [InlineData("Access:ConsoleUrl", "https://a.example/b")]
    public void Settings_without_effect_are_refused(string name, string text)
    {
        var setting = AccessOptions.All.Single(s => s.Name == name);
        Assert.Equal(name, Assert.Single(AccessOptions.Validate(SettingValues.Of((setting, text)))).Name);
    }

    private async Task<Browser> StartAsync(params (Setting Setting, string Text)[] settings)
    {
        await _access.StartAsync(
            new InstanceOptions { Time = _access.Time },
            [new AccessModule(), new ToyModule(_access.Log), new PagesModule()],
            [(AccessOptions.Require, "always"), (AccessOptions.Authority, _authority.Address.AbsoluteUri), (AccessOptions.Audience, "groundwork"), (AccessOptions.ClientId, "console"), .. settings]);
        return new Browser(_access);
    }

    private static string NonceOf(string token) => new JsonWebToken(token).GetPayloadValue<string>("nonce");

    private static async Task<Uri> BeginAsync(Browser browser) => new(await browser.LedByAsync("/_/session/authorize"));

    private static async Task RefusedAsync(Browser browser, string back, SignInProblem problem)
    {
        Assert.Equal($"/_/sign-in?problem={SignInProblems.Name(problem)}", await browser.LedByAsync(back));
        Assert.DoesNotContain("groundwork-session", browser.Cookies.Keys);
    }
}
