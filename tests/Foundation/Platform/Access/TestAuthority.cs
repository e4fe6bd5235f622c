using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Groundwork.Platform.Tests.Access;

/// <summary>An OpenID Connect authority on a spare port, which can be stopped, come back, and change its key.</summary>
internal sealed class TestAuthority : IAsyncDisposable
{
    private WebApplication? _app;
    private RSA _rsa = RSA.Create(2048);
    private int _keyNumber = 1;
    private int _fetches;
    private TestCodes? _codes;

    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>How often its keys were asked for.</summary>
    public int Fetches => _fetches;

    /// <summary>How it signs people in.</summary>
    public TestCodes Codes => _codes ??= new TestCodes(this);

    private SecurityKey Key => new RsaSecurityKey(_rsa) { KeyId = $"key-{_keyNumber}" };

    public static async Task<TestAuthority> StartedAsync()
    {
        var authority = new TestAuthority();
        await authority.StartAsync();
        return authority;
    }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(Address.AbsoluteUri);
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Text(JsonSerializer.Serialize(
            new
            {
                issuer = Address.AbsoluteUri,
                jwks_uri = new Uri(Address, "keys"),
                authorization_endpoint = new Uri(Address, "authorize?tenant=1"),
                token_endpoint = new Uri(Address, "token"),
            }),
            "application/json"));
        _app.MapPost("/token", (Delegate)Codes.RedeemAsync);
        _app.MapGet("/keys", () =>
        {
            Interlocked.Increment(ref _fetches);
            var p = _rsa.ExportParameters(false);
            return Results.Text(
                JsonSerializer.Serialize(new
                {
                    keys = new[]
                    {
                        new { kty = "RSA", use = "sig", kid = $"key-{_keyNumber}", n = Base64UrlEncoder.Encode(p.Modulus), e = Base64UrlEncoder.Encode(p.Exponent) },
                    },
                }),
                "application/json");
        });
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
    }

    public async Task StopAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _app = null;
    }

    public void ChangeKey() => (_rsa, _keyNumber) = (RSA.Create(2048), _keyNumber + 1);

    public string Token(
        DateTimeOffset expires, object? scope = null, string audience = "groundwork", string? subject = "ann", string? issuer = null, SigningCredentials? signing = null,
        string? nonce = null)
    {
        var claims = new Dictionary<string, object>();
        if (nonce is not null)
            claims["nonce"] = nonce;
        if (subject is not null)
            claims["sub"] = subject;
        if (scope is string)
            claims["scope"] = scope;
        else if (scope is not null)
            claims["scp"] = scope;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Address.AbsoluteUri,
            Audience = audience,
            Claims = claims,
            Expires = expires.UtcDateTime,
            SigningCredentials = signing ?? new SigningCredentials(Key, SecurityAlgorithms.RsaSha256),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _rsa.Dispose();
    }
}
