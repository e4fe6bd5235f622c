using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;

namespace Groundwork.Platform.Tests.Access;

/// <summary>The authority's part of the authorization code flow: who signs in there gets a code, which is good for one exchange.</summary>
internal sealed class TestCodes(TestAuthority authority)
{
    private readonly Dictionary<string, Dictionary<string, string>> _open = new(StringComparer.Ordinal);

    public DateTimeOffset Expires { get; set; } = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string Scope { get; set; } = "toys:read";

    public string? Secret { get; set; }

    public string IdAudience { get; set; } = "console";

    public string AccessAudience { get; set; } = "groundwork";

    public string AccessSubject { get; set; } = "ann";

    public string? OtherNonce { get; set; }

    /// <summary>What becomes of an ID token on its way.</summary>
    public Func<string, string> Forge { get; set; } = token => token;

    /// <summary>How often a code was given for tokens.</summary>
    public int Redeemed { get; private set; }

    /// <summary>What was asked for.</summary>
    public static Dictionary<string, string> Asked(Uri address) =>
        QueryHelpers.ParseQuery(address.Query).ToDictionary(p => p.Key, p => p.Value.ToString(), StringComparer.Ordinal);

    /// <summary>Ann signs in, and is led back.</summary>
    /// <returns>Path and query of where to.</returns>
    public string Approve(Uri address)
    {
        var asked = Asked(address);
        var code = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(16));
        _open[code] = asked;
        var back = new Uri(QueryHelpers.AddQueryString(asked["redirect_uri"], new Dictionary<string, string?>
        {
            ["code"] = code,
            ["state"] = asked["state"],
            ["iss"] = authority.Address.AbsoluteUri,
        }));
        return back.PathAndQuery;
    }

    public async Task<IResult> RedeemAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var isKnown = _open.Remove(form["code"].ToString(), out var asked);
        var challenge = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"console:{Uri.EscapeDataString(Secret ?? "")}"));
        if (!isKnown || form["grant_type"] != "authorization_code" || form["redirect_uri"] != asked!["redirect_uri"] || form["client_id"] != "console"
            || asked["code_challenge_method"] != "S256" || challenge != asked["code_challenge"]
            || (Secret is not null && context.Request.Headers.Authorization != $"Basic {basic}"))
        {
            return Results.Text("{\"error\":\"invalid_grant\"}", "application/json", statusCode: 400);
        }

        Redeemed++;
        return Results.Text(
            JsonSerializer.Serialize(new
            {
                token_type = "Bearer",
                id_token = Forge(authority.Token(Expires, audience: IdAudience, nonce: OtherNonce ?? asked["nonce"])),
                access_token = authority.Token(Expires, Scope, AccessAudience, AccessSubject),
            }),
            "application/json");
    }
}
