using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Groundwork.Platform.Access.Sessions;

/// <summary>
/// A sign-in with the authority that is under way. It is kept sealed in a cookie, so that any copy of the program takes it up
/// again. Immutable.
/// </summary>
/// <param name="State">Comes back in the address: it ties the way back to this browser.</param>
/// <param name="Nonce">Comes back in the ID token: it ties that to this sign-in.</param>
/// <param name="Verifier">Proves to the authority that whoever brings the code began the sign-in (PKCE, RFC 7636).</param>
/// <param name="Return">Where to go afterwards.</param>
/// <param name="RedirectUri">Where the authority leads back to; said twice, and the same both times.</param>
/// <param name="ExpiresAt">When it is no longer taken up, in milliseconds since 1970.</param>
internal sealed record SignInState(string State, string Nonce, string Verifier, string Return, string RedirectUri, long ExpiresAt)
{
    /// <summary>How long somebody may take at the authority.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private const string Purpose = "Groundwork.Access.SignIn";
    private const int MaxSealed = 4096;

    /// <summary>A fresh one.</summary>
    public static SignInState Create(string returnPath, string redirectUri, DateTimeOffset now) =>
        new(Random(), Random(), Random(), returnPath, redirectUri, (now + Life).ToUnixTimeMilliseconds());

    /// <summary>The verifier's SHA-256, as it is sent ahead.</summary>
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>As the cookie has it.</summary>
    public string Seal(IDataProtectionProvider protection) =>
        Base64Url.EncodeToString(protection.CreateProtector(Purpose).Protect(JsonSerializer.SerializeToUtf8Bytes(this)));

    /// <summary>Takes one up again; null where it was not sealed here, or has expired.</summary>
    public static SignInState? Open(string? text, IDataProtectionProvider protection, DateTimeOffset now)
    {
        if (text is null || text.Length > MaxSealed || !Base64Url.IsValid(text))
            return null;
        try
        {
            var state = JsonSerializer.Deserialize<SignInState>(protection.CreateProtector(Purpose).Unprotect(Base64Url.DecodeFromChars(text)));
            return state?.ExpiresAt > now.ToUnixTimeMilliseconds() ? state : null;
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether this is the state that came back; takes the same time whatever it is.</summary>
    public bool Is(string? state) =>
        state is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(State));

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
