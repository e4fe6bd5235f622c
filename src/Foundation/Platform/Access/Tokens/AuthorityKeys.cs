using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Groundwork.Platform.Access.Tokens;

/// <summary>What an authority says of itself.</summary>
/// <param name="Issuer">The name that it puts into its tokens.</param>
/// <param name="SigningKeys">The keys with which it signs.</param>
/// <param name="AuthorizationEndpoint">Where people sign in with a browser; null where it has none that can be trusted.</param>
/// <param name="TokenEndpoint">Where a code is given for tokens; null where it has none that can be trusted.</param>
/// <param name="Generation">Moves with every fetch.</param>
internal sealed record AuthorityMetadata(
    string Issuer, IReadOnlyList<SecurityKey> SigningKeys, Uri? AuthorizationEndpoint, Uri? TokenEndpoint, long Generation);

/// <summary>
/// The signing keys of the configured authority, by OpenID Connect Discovery 1.0: fetched when first needed, again every
/// hour, and when a token names a key that isn't among them.
/// </summary>
/// <remarks>
/// <para>Microsoft.IdentityModel's ConfigurationManager was rejected: while the authority is away each of its callers waits for
/// the full timeout, one after the other. Here one fetch is under way at a time and all wait for it; after a failure nobody
/// fetches for <see cref="RetryAfter"/>, and callers are told so at once.</para>
/// <para>While the authority is away, keys that are known go on being used up to <see cref="MaxAge"/>. Bounds: a fetch takes
/// 5 s and 1 MiB at most. Safe for concurrent use.</para>
/// </remarks>
internal sealed class AuthorityKeys(Uri authority, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>How long after a failure the next attempt is made.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>How old keys may be before they are fetched again.</summary>
    public static readonly TimeSpan RefreshAfter = TimeSpan.FromHours(1);

    /// <summary>How old keys may be and still be used.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    // Tokens that name keys which don't exist must not make us hammer the authority.
    private static readonly TimeSpan UnknownKeyPause = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = 1 << 20,
    };

    private AuthorityMetadata? _known;
    private Task<AuthorityMetadata?>? _fetching;
    private long _fetchedAt;
    private long _failedAt;
    private string? _problem;

    /// <summary>Why the last fetch failed; null where it didn't.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>The metadata, or null where the authority is away.</summary>
    public ValueTask<AuthorityMetadata?> GetAsync(CancellationToken cancellationToken)
    {
        Task<AuthorityMetadata?> fetch;
        lock (_gate)
        {
            var age = _known is null ? TimeSpan.MaxValue : time.GetElapsedTime(_fetchedAt);
            if (age < RefreshAfter)
                return new(_known);
            if (_problem is null || time.GetElapsedTime(_failedAt) >= RetryAfter)
                _fetching ??= FetchAsync();
            if (age < MaxAge)
                return new(_known);
            if (_fetching is null)
                return default;
            fetch = _fetching;
        }

        return new(fetch.WaitAsync(cancellationToken));
    }

    /// <summary>Newer metadata than <paramref name="seen"/>, in which a key was missing; the same where it is too early to ask again.</summary>
    public ValueTask<AuthorityMetadata?> GetNewerAsync(AuthorityMetadata seen, CancellationToken cancellationToken)
    {
        Task<AuthorityMetadata?> fetch;
        lock (_gate)
        {
            if (_known is not null && _known.Generation != seen.Generation)
                return new(_known);
            var last = _problem is null ? _fetchedAt : _failedAt;
            if (_fetching is null && time.GetElapsedTime(last) < UnknownKeyPause)
                return new(seen);
            fetch = _fetching ??= FetchAsync();
        }

        return new(fetch.WaitAsync(cancellationToken));
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _http.Dispose();
        _stopping.Dispose();
    }

    private async Task<AuthorityMetadata?> FetchAsync()
    {
        await Task.Yield(); // the caller holds the gate
        AuthorityMetadata? fetched = null;
        string? problem = null;
        try
        {
            fetched = await ReadAsync(_stopping.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or InvalidDataException or ArgumentException or ObjectDisposedException)
        {
            problem = e is OperationCanceledException ? "it does not answer within 5 seconds" : e.Message;
            if (!_stopping.IsCancellationRequested)
                TokenLog.AuthorityAway(logger, authority, problem);
        }

        lock (_gate)
        {
            _fetching = null;
            _problem = problem;
            if (fetched is null)
            {
                _failedAt = time.GetTimestamp();
                return _known is not null && time.GetElapsedTime(_fetchedAt) < MaxAge ? _known : null;
            }

            _fetchedAt = time.GetTimestamp();
            return _known = fetched with { Generation = (_known?.Generation ?? 0) + 1 };
        }
    }

    private async Task<AuthorityMetadata> ReadAsync(CancellationToken cancellationToken)
    {
        using var discovery = JsonDocument.Parse(await _http.GetStringAsync(
            new Uri($"{authority.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration"), cancellationToken));
        var issuer = Text(discovery, "issuer");
        if (issuer.TrimEnd('/') != authority.OriginalString.TrimEnd('/'))
            throw new InvalidDataException($"it names itself '{issuer}'; set Access:Authority to exactly that");

        if (Endpoint(Text(discovery, "jwks_uri")) is not { } jwks)
            throw new InvalidDataException("its jwks_uri is not an https URL");

        var keys = JsonWebKeySet.Create(await _http.GetStringAsync(jwks, cancellationToken)).GetSigningKeys();
        return keys.Count > 0
            ? new AuthorityMetadata(
                issuer, [.. keys], Endpoint(OptionalText(discovery, "authorization_endpoint")), Endpoint(OptionalText(discovery, "token_endpoint")), 0)
            : throw new InvalidDataException("it publishes no signing keys");
    }

    // By https, or http on this machine where the authority is.
    private Uri? Endpoint(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback && authority.IsLoopback))
            ? uri
            : null;

    private static string Text(JsonDocument document, string name) =>
        OptionalText(document, name) ?? throw new InvalidDataException($"its configuration has no {name}");

    private static string? OptionalText(JsonDocument document, string name) =>
        document.RootElement.ValueKind == JsonValueKind.Object
        && document.RootElement.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : null;
}

internal static partial class TokenLog
{
    [LoggerMessage(1, LogLevel.Error, "The keys of the authority {Authority} cannot be fetched: {Reason}. Tokens that need them get 503.")]
    public static partial void AuthorityAway(ILogger logger, Uri authority, string reason);
}
