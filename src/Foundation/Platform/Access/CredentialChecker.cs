using Groundwork.Platform.Access.Keys;
using Groundwork.Platform.Access.Tokens;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Groundwork.Platform.Access;

/// <summary>
/// Finds the credential of a request and has it checked: <c>Authorization: Bearer</c> with an API key or a token, or
/// <c>X-Api-Key</c> with an API key. Safe for concurrent use.
/// </summary>
internal sealed class CredentialChecker(KeyVerifier keys, TokenVerifier tokens)
{
    private const string ApiKeyHeader = "X-Api-Key";
    private const string Scheme = "Bearer ";

    /// <summary>Whether a request shows anything that is meant as a credential.</summary>
    public static bool IsPresented(IHeaderDictionary headers) => headers.Authorization.Count > 0 || headers.ContainsKey(ApiKeyHeader);

    /// <summary>Whose credential it is. Exactly one may be shown.</summary>
    public ValueTask<Verification> CheckAsync(IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        var authorization = headers.Authorization;
        var apiKey = headers[ApiKeyHeader];
        if (authorization.Count + apiKey.Count != 1)
            return new(Verification.Refused("Show one credential: either one Authorization header, or one X-Api-Key."));
        if (apiKey.Count == 1)
            return keys.VerifyAsync(Single(apiKey).Trim(), cancellationToken);

        var value = Single(authorization);
        if (!value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return new(Verification.Refused("The Authorization header has the form `Bearer CREDENTIAL`; other schemes are not taken."));

        var credential = value[Scheme.Length..].Trim();
        return credential.StartsWith(ApiKey.Prefix, StringComparison.Ordinal)
            ? keys.VerifyAsync(credential, cancellationToken)
            : tokens.VerifyAsync(credential, cancellationToken);
    }

    private static string Single(StringValues values) => values.ToString();
}
