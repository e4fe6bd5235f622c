using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Groundwork.Platform.Access.Tokens;
using Groundwork.Ports.Settings;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Access.Sessions;

/// <summary>
/// Signing in with the authority: OpenID Connect's authorization code flow, with PKCE (RFC 7636), state and nonce.
/// </summary>
/// <remarks>
/// <para>Two tokens come back. The ID token says who signed in, and that it was for this sign-in: its audience is this client, its
/// nonce ours. The access token says what they may do, and is checked exactly as one that an API caller shows: its audience
/// is <c>Access:Audience</c>. Both must name the same subject.</para>
/// <para>ASP.NET's OpenID Connect handler was rejected for what <see cref="TokenVerifier"/> says of its stack.</para>
/// <para>Bounds: an exchange takes 5 s and 1 MiB at most. Safe for concurrent use.</para>
/// </remarks>
internal sealed partial class AuthorityClient(SettingValues settings, TokenVerifier tokens, ILogger<AuthorityClient> logger) : IDisposable
{
    private readonly string _clientId = settings.Get(AccessOptions.ClientId);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = 1 << 20,
    };

    /// <summary>Whether anyone can sign in so.</summary>
    public bool IsConfigured => _clientId.Length > 0 && tokens.IsConfigured;

    /// <summary>Where to lead the browser; null where the authority is away, or does not sign people in.</summary>
    public async Task<string?> AddressAsync(SignInState state, CancellationToken cancellationToken)
    {
        if (await tokens.GetAuthorityAsync(cancellationToken) is not { AuthorizationEndpoint: { } endpoint, TokenEndpoint: not null })
            return null;
        var query = new Dictionary<string, string>
        {
            ["response_type"] = "code",
            ["client_id"] = _clientId,
            ["redirect_uri"] = state.RedirectUri,
            ["scope"] = Scopes(),
            ["state"] = state.State,
            ["nonce"] = state.Nonce,
            ["code_challenge"] = state.Challenge,
            ["code_challenge_method"] = "S256",
        };
        var separator = endpoint.Query.Length > 0 ? '&' : '?';
        return $"{endpoint.AbsoluteUri}{separator}{string.Join('&', query.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"))}";
    }

    /// <summary>Gives the code and takes the tokens; says whose they are.</summary>
    /// <param name="state">The sign-in as it began.</param>
    /// <param name="code">As it came back.</param>
    /// <param name="issuer">Who says to have sent it (RFC 9207); null where it was not said.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<(Principal? Principal, SignInProblem Problem)> ExchangeAsync(
        SignInState state, string code, string? issuer, CancellationToken cancellationToken)
    {
        if (await tokens.GetAuthorityAsync(cancellationToken) is not { TokenEndpoint: { } endpoint } authority)
            return (null, SignInProblem.Away);
        if (issuer is not null && issuer != authority.Issuer)
            return (null, SignInProblem.State);

        var (answer, problem) = await RedeemAsync(endpoint, state, code, cancellationToken);
        if (answer is null)
            return (null, problem);

        var identity = await tokens.VerifyIdTokenAsync(answer.IdToken, _clientId, state.Nonce, cancellationToken);
        if (identity.Subject is not { } subject)
            return Refuse($"the ID token: {identity.Detail}");
        var verification = await tokens.VerifyAsync(answer.AccessToken, cancellationToken);
        if (verification.RetryAfter is not null)
            return (null, SignInProblem.Away);
        if (verification.Principal is not { } principal)
            return Refuse($"the access token: {verification.Detail}");
        return principal.Name == subject ? (principal, default) : Refuse("the two tokens name different subjects");
    }

    public void Dispose() => _http.Dispose();

    private async Task<(TokenAnswer? Answer, SignInProblem Problem)> RedeemAsync(
        Uri endpoint, SignInState state, string code, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = state.RedirectUri,
            ["client_id"] = _clientId,
            ["code_verifier"] = state.Verifier,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Accept.ParseAdd("application/json");
        if (settings.Get(AccessOptions.ClientSecret) is { Length: > 0 } secret)
        {
            // RFC 6749, 2.3.1: both are encoded as a form's values first.
            var pair = $"{Uri.EscapeDataString(_clientId)}:{Uri.EscapeDataString(secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                Log.Refused(logger, (int)response.StatusCode);
                return (null, (int)response.StatusCode >= 500 ? SignInProblem.Away : SignInProblem.Denied);
            }

            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return Text(json, "id_token") is { } id && Text(json, "access_token") is { } access
                ? (new TokenAnswer(id, access), default)
                : (null, Refuse("the answer: it has no id_token or no access_token").Problem);
        }
        catch (JsonException)
        {
            return (null, Refuse("the answer: it is not JSON").Problem);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Log.Away(logger, e is OperationCanceledException ? "it does not answer within 5 seconds" : e.Message);
            return (null, SignInProblem.Away);
        }
    }

    private (Principal? Principal, SignInProblem Problem) Refuse(string reason)
    {
        Log.NotBelieved(logger, reason);
        return (null, SignInProblem.Token);
    }

    private string Scopes()
    {
        var asked = settings.Get(AccessOptions.ClientScopes);
        return string.Join(' ', asked.Prepend("openid").Distinct(StringComparer.Ordinal));
    }

    private static string? Text(JsonDocument json, string name) =>
        json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private sealed record TokenAnswer(string IdToken, string AccessToken);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The authority took no code: its token endpoint answered {Status}.")]
        public static partial void Refused(ILogger logger, int status);

        [LoggerMessage(2, LogLevel.Error, "The authority's token endpoint cannot be reached: {Reason}.")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(3, LogLevel.Warning, "A sign-in was refused because of {Reason}")]
        public static partial void NotBelieved(ILogger logger, string reason);
    }
}
