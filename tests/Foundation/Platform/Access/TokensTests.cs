using System.Net;
using System.Security.Cryptography;
using System.Text;
using Groundwork.Platform.Access;
using Groundwork.Platform.Access.Tokens;
using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.IdentityModel.Tokens;

namespace Groundwork.Platform.Tests.Access;

public sealed class TokensTests : IAsyncLifetime
{
    private static readonly string[] ReadAndWrite = ["toys:read", "toys:write"];

    private TestAuthority _authority = null!;
    private AccessInstance _access = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DateTimeOffset InAnHour => _access.Time.GetUtcNow().AddHours(1);

    private (Setting, string)[] Settings =>
        [(AccessOptions.Authority, _authority.Address.AbsoluteUri), (AccessOptions.Audience, "groundwork")];

    public async ValueTask InitializeAsync()
    {
        _authority = await TestAuthority.StartedAsync();
        _access = await AccessInstance.StartedAsync(Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _access.DisposeAsync();
        await _authority.DisposeAsync();
    }

    [Fact]
    public async Task A_token_of_the_authority_permits_what_its_scopes_say()
    {
        var reader = _authority.Token(InAnHour, "openid toys:read profile");
        using var response = await _access.SendAsync(HttpMethod.Get, "v1/toys", ("Authorization", $"Bearer {reader}"));
        Assert.Equal("sub:ann", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(HttpStatusCode.Forbidden, await _access.StatusAsync(reader, HttpMethod.Post));

        var both = _authority.Token(InAnHour, ReadAndWrite);
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(both, HttpMethod.Post));
        Assert.Equal(HttpStatusCode.Forbidden, await _access.StatusAsync(_authority.Token(InAnHour)));
        Assert.Equal(1, _authority.Fetches);
    }

    [Fact]
    public async Task A_token_that_anyone_else_could_have_made_or_meant_for_another_is_refused()
    {
        using var stranger = RSA.Create(2048);
        var strangersKey = new RsaSecurityKey(stranger) { KeyId = "key-1" };
        string[] wrong =
        [
            _authority.Token(InAnHour, "*", audience: "another"),
            _authority.Token(InAnHour, "*", issuer: "https://elsewhere.example/"),
            _authority.Token(InAnHour, "*", subject: null),
            _authority.Token(InAnHour, "*", signing: new SigningCredentials(strangersKey, SecurityAlgorithms.RsaSha256)),
            _authority.Token(InAnHour, "*", signing: new SigningCredentials(new SymmetricSecurityKey(new byte[32]) { KeyId = "key-1" }, SecurityAlgorithms.HmacSha256)),
            Unsigned(_authority.Token(InAnHour, "*")),
        ];
        foreach (var token in wrong)
            Assert.Equal(HttpStatusCode.Unauthorized, await _access.StatusAsync(token));
    }

    [Fact]
    public async Task A_token_holds_until_it_expires_even_where_it_is_remembered()
    {
        var token = _authority.Token(InAnHour.AddMinutes(-50), "*");
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(token));
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(token));

        _access.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(31));

        Assert.Equal(HttpStatusCode.Unauthorized, await _access.StatusAsync(token));
    }

    [Fact]
    public async Task While_the_authority_is_away_unknown_tokens_get_503_keys_work_and_its_return_is_noticed()
    {
        var token = _authority.Token(InAnHour, "*");
        var (_, key) = await _access.MakeKeyAsync("reader", "toys:read");
        await _authority.StopAsync();

        using var response = await _access.SendAsync(HttpMethod.Get, "v1/toys", ("Authorization", $"Bearer {token}"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(AuthorityKeys.RetryAfter, response.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(key));
        Assert.Contains(await _access.Instance.CheckHealthAsync(Cancellation), h => h.Module.Name == "Access" && h.Health.State == HealthState.Degraded);

        await _authority.StartAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await _access.StatusAsync(token)); // not asked again so soon
        _access.Time.Advance(AuthorityKeys.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(token));

        await _authority.StopAsync();
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(_authority.Token(InAnHour, "toys:*", subject: "bob")));
    }

    [Fact]
    public async Task A_new_key_of_the_authority_is_fetched_when_a_token_names_it_but_not_for_every_such_token()
    {
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(_authority.Token(InAnHour, "*")));
        _authority.ChangeKey();
        var token = _authority.Token(InAnHour, "*");
        using var early = await _access.SendAsync(HttpMethod.Get, "v1/toys", ("Authorization", $"Bearer {token}"));
        Assert.Equal(HttpStatusCode.Unauthorized, early.StatusCode);
        Assert.Contains("does not publish", await early.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(1, _authority.Fetches);

        _access.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(token));
        Assert.Equal(2, _authority.Fetches);
    }

    [Fact]
    public async Task An_authority_is_credential_enough_to_serve_other_machines()
    {
        await _access.StopAsync();
        await _access.StartAsync([.. Settings, (HttpOptions.Listen, "0.0.0.0:0")]);

        Assert.Equal(HttpStatusCode.Unauthorized, await _access.StatusAsync(null));
        Assert.Equal(HttpStatusCode.OK, await _access.StatusAsync(_authority.Token(InAnHour, "*")));
    }

    [Theory]
    [InlineData("http://login.example.org/", "groundwork", "Access:Authority")]
    [InlineData("https://login.example.org/", "", "Access:Audience")]
    [InlineData("", "groundwork", "Access:Audience")]
    public void Half_an_authority_or_one_that_can_be_impersonated_is_a_settings_error(string authority, string audience, string blamed)
    {
        var settings = SettingValues.Of((AccessOptions.Authority, authority), (AccessOptions.Audience, audience));

        Assert.Equal(blamed, Assert.Single(new AccessModule().Validate(settings)).Name);
    }

    // The header says that nothing was signed, as in the oldest attack on such tokens.
    private static string Unsigned(string token)
    {
        var header = Convert.ToBase64String(Encoding.ASCII.GetBytes("""{"alg":"none","typ":"JWT"}""")).TrimEnd('=');
        return $"{header}.{token.Split('.')[1]}.";
    }
}
