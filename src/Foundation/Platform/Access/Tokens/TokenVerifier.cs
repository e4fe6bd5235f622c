using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Groundwork.Platform.Access.Tokens;

/// <summary>
/// Checks the tokens (JWT, RFC 7519) of one authority: signature, issuer, audience, lifetime; scopes come from <c>scope</c>
/// (RFC 8693) or <c>scp</c>.
/// </summary>
/// <remarks>
/// <para>A verification costs 20–50 µs of processor time, so verified tokens are remembered by their SHA-256 until they expire
/// or the authority's keys are fetched anew. Bound: <see cref="MaxKept"/>; at the bound all are forgotten. Tokens that were refused are
/// not remembered.</para>
/// <para>ASP.NET's authentication stack was rejected: it brings schemes, handlers and claims principals, made anew for every
/// request, for one decision. Only asymmetric algorithms are taken, so that a public key never serves as an HMAC
/// secret. Safe for concurrent use.</para>
/// </remarks>
internal sealed class TokenVerifier(SettingValues settings, TimeProvider time, ILogger<TokenVerifier> logger) : IDisposable
{
    /// <summary>How many verified tokens are remembered.</summary>
    public const int MaxKept = 10_000;

    /// <summary>The longest token that is looked at, in characters.</summary>
    public const int MaxLength = 8192;

    // RFC 9068 wants a subject; OpenID Connect Core bounds it.
    private const int MaxSubject = 255;

    private const string UnknownSigner = "The token is signed with a key that the authority does not publish.";

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly ConcurrentDictionary<Digest, Kept> _kept = new();

    // Made for the first token: without an authority there is none.
    private readonly Lazy<JsonWebTokenHandler> _handler = new(() => new() { MaximumTokenSizeInBytes = MaxLength });

    private readonly AuthorityKeys? _authority = settings.Get(AccessOptions.Authority) is { } authority ? new(authority, time, logger) : null;

    /// <summary>Whether there is an authority.</summary>
    public bool IsConfigured => _authority is not null;

    /// <summary>Why the authority's keys could not be fetched last time; null where they could.</summary>
    public string? Problem => _authority?.Problem;

    /// <summary>Whose token this is.</summary>
    public async ValueTask<Verification> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (_authority is null)
            return Verification.Refused("No tokens are taken here, because Access:Authority is not set. Send an API key: it begins with gw_.");
        if (token.Length > MaxLength || !_handler.Value.CanReadToken(token))
            return Verification.Refused($"This is neither an API key nor a token of at most {MaxLength} characters.");

        if (await _authority.GetAsync(cancellationToken) is not { } metadata)
            return Away();

        var digest = Digest.Of(token);
        if (_kept.TryGetValue(digest, out var kept) && kept.Generation == metadata.Generation && time.GetUtcNow() < kept.Until)
            return Verification.Accepted(kept.Principal);

        if (Read(token) is not { } read)
            return Verification.Refused("The token is malformed.");
        if (await SignedByAsync(_authority, read, metadata, cancellationToken) is not { } signer)
            return Away();
        if (IsSignedByUnknown(read, signer))
            return Verification.Refused(UnknownSigner);

        var result = await ValidateAsync(read, signer, settings.Get(AccessOptions.Audience));
        return result.IsValid ? Accept(digest, read, signer) : Verification.Refused(Reason(result.Exception));
    }

    /// <summary>What the authority says of itself; null where there is none, or where it is away.</summary>
    public ValueTask<AuthorityMetadata?> GetAuthorityAsync(CancellationToken cancellationToken) => _authority?.GetAsync(cancellationToken) ?? default;

    /// <summary>Checks an ID token (OpenID Connect Core, 3.1.3.7): who signed in, with which client, in which sign-in.</summary>
    /// <param name="token">As the authority gave it.</param>
    /// <param name="clientId">For whom it must have been made.</param>
    /// <param name="nonce">The sign-in's own.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The subject; null with the reason where it is not believed.</returns>
    public async ValueTask<(string? Subject, string Detail)> VerifyIdTokenAsync(
        string token, string clientId, string nonce, CancellationToken cancellationToken)
    {
        if (_authority is null || token.Length > MaxLength || !_handler.Value.CanReadToken(token) || Read(token) is not { } read)
            return (null, "The token is malformed.");
        if (await _authority.GetAsync(cancellationToken) is not { } metadata
            || await SignedByAsync(_authority, read, metadata, cancellationToken) is not { } signer)
            return (null, "The authority does not answer.");
        if (IsSignedByUnknown(read, signer))
            return (null, UnknownSigner);

        var result = await ValidateAsync(read, signer, clientId);
        if (!result.IsValid)
            return (null, Reason(result.Exception));
        if (read.Audiences.Skip(1).Any() && Claim(read, "azp") != clientId)
            return (null, "The token has several audiences, and was not asked for by this client.");
        if (Claim(read, "nonce") != nonce)
            return (null, "The token belongs to another sign-in.");
        return read.Subject is { Length: > 0 and <= MaxSubject } subject ? (subject, "") : (null, $"The token names no subject (`sub`) of 1 to {MaxSubject} characters.");
    }

    public void Dispose() => _authority?.Dispose();

    private JsonWebToken? Read(string token)
    {
        try
        {
            return _handler.Value.ReadJsonWebToken(token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null; // whatever a parser throws at a hostile text, it is not a token
        }
    }

    // Decided here, not by the library's exceptions: those depend on its own reading of the clock. Names of
    // keys are optional: a token without one is tried with all keys, and a key without one on all tokens.
    private static bool IsSignedByUnknown(JsonWebToken token, AuthorityMetadata metadata) =>
        token.Kid is { Length: > 0 } kid && !metadata.SigningKeys.Any(k => string.IsNullOrEmpty(k.KeyId) || k.KeyId == kid);

    // Metadata in which the token's signing key is, as far as the authority publishes it; null where it had to be asked and is away.
    private static async ValueTask<AuthorityMetadata?> SignedByAsync(
        AuthorityKeys authority, JsonWebToken token, AuthorityMetadata metadata, CancellationToken cancellationToken) =>
        IsSignedByUnknown(token, metadata) ? await authority.GetNewerAsync(metadata, cancellationToken) : metadata;

    private static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<string>(name, out var value) ? value : null;

    private Task<TokenValidationResult> ValidateAsync(JsonWebToken token, AuthorityMetadata metadata, string audience) =>
        _handler.Value.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = metadata.Issuer,
            ValidAudience = audience,
            ValidAlgorithms = Algorithms,
            IssuerSigningKeys = metadata.SigningKeys,
            LifetimeValidator = (from, until, _, _) =>
                until is { } end && time.GetUtcNow() < Utc(end) + ClockSkew && !(from is { } start && time.GetUtcNow() < Utc(start) - ClockSkew),
        });

    private Verification Accept(Digest digest, JsonWebToken token, AuthorityMetadata metadata)
    {
        if (token.Subject is not { Length: > 0 and <= MaxSubject } subject)
            return Verification.Refused($"The token names no subject (`sub`) of 1 to {MaxSubject} characters.");

        var principal = new Principal($"sub:{subject}", PrincipalKind.Token, subject, Scopes(token));
        if (_kept.Count >= MaxKept)
            _kept.Clear();
        _kept[digest] = new Kept(principal, Utc(token.ValidTo) + ClockSkew, metadata.Generation);
        return Verification.Accepted(principal);
    }

    private static ScopeSet Scopes(JsonWebToken token) => ScopeSet.Of(token.Claims
        .Where(c => c.Type is "scope" or "scp")
        .SelectMany(c => c.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    // The library's own messages quote the token's content, so only their kind is passed on.
    private static string Reason(Exception exception) => exception switch
    {
        SecurityTokenInvalidAudienceException => "The token was made for another audience.",
        SecurityTokenInvalidIssuerException => "The token is from another issuer.",
        SecurityTokenInvalidLifetimeException or SecurityTokenNoExpirationException => "The token has expired, is not valid yet, or has no expiry.",
        SecurityTokenInvalidAlgorithmException => "The token is signed with an algorithm that is not taken: use RS, PS or ES with 256, 384 or 512.",
        _ => "The token is malformed, or its signature is wrong.",
    };

    private static Verification Away() =>
        Verification.NotNow("The token cannot be checked, because the authority that signs tokens does not answer.", AuthorityKeys.RetryAfter);

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private sealed record Kept(Principal Principal, DateTimeOffset Until, long Generation);

    /// <summary>A SHA-256 as a key that is compared by value without allocating.</summary>
    private readonly record struct Digest(UInt128 High, UInt128 Low)
    {
        public static Digest Of(string token)
        {
            Span<byte> utf8 = stackalloc byte[2048];
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            if (Encoding.UTF8.TryGetBytes(token, utf8, out var length))
                SHA256.HashData(utf8[..length], hash);
            else
                SHA256.HashData(Encoding.UTF8.GetBytes(token), hash);
            return new(MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash[16..]));
        }
    }
}
