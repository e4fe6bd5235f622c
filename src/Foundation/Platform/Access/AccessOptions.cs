using Groundwork.Ports.Settings;

namespace Groundwork.Platform.Access;

/// <summary>When callers must show a credential.</summary>
public enum CredentialsRequired
{
    /// <summary>Unless every address that is listened on is loopback.</summary>
    Auto,

    /// <summary>On loopback too.</summary>
    Always,
}

/// <summary>What an operator sets of Access.</summary>
public static class AccessOptions
{
    /// <summary>When callers must show a credential.</summary>
    public static readonly Setting<CredentialsRequired> Require = Setting.Choice(
        "Access:Require", CredentialsRequired.Auto,
        "Whether callers need a credential on loopback too (always), or only once another address is listened on (auto). One that is shown is always checked.");

    /// <summary>Who signs the tokens that are taken.</summary>
    public static readonly Setting<Uri?> Authority = Setting.Url(
        "Access:Authority",
        "The OpenID Connect issuer whose tokens (JWT) are taken, exactly as it names itself; https, or http on loopback. Needs Access:Audience. Empty takes none.");

    /// <summary>For whom those tokens must have been made.</summary>
    public static readonly Setting<string> Audience = Setting.Text(
        "Access:Audience", "", "text",
        "The audience (`aud`) that a token must have been made for. Needs Access:Authority.");

    /// <summary>As whom this program signs people in.</summary>
    public static readonly Setting<string> ClientId = Setting.Text(
        "Access:ClientId", "", "text",
        "The name under which the authority knows this program as a client: people then sign in to the console with it (authorization code with PKCE). Needs Access:Authority. Empty: with a key only.");

    /// <summary>How this program proves that.</summary>
    public static readonly Setting<string> ClientSecret = Setting.Text(
        "Access:ClientSecret", "", "text",
        "The client's secret, where the authority gave one. Needs Access:ClientId.",
        secret: true);

    /// <summary>What is asked for when people sign in.</summary>
    public static readonly Setting<IReadOnlyList<string>> ClientScopes = Setting.List(
        "Access:ClientScopes", "", "names of scopes",
        "The scopes that the authority is asked for when people sign in, beside openid. What they may do is what its access token then says. Needs Access:ClientId.");

    /// <summary>Where the console is.</summary>
    public static readonly Setting<Uri?> ConsoleUrl = Setting.Url(
        "Access:ConsoleUrl",
        "The address under which browsers reach the console, such as https://groundwork.example.org, where a proxy in front ends TLS; empty for the one the request came to. "
        + "Its /_/session/callback is what the authority must be told to lead back to.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Require, Authority, Audience, ClientId, ClientSecret, ClientScopes, ConsoleUrl];

    internal static IEnumerable<SettingError> Validate(SettingValues settings)
    {
        var authority = settings.Get(Authority);
        var audience = settings.Get(Audience);
        if (authority is { Scheme: "http", IsLoopback: false })
            yield return new SettingError(Authority.Name, "is an http URL of another machine, where anyone on the way could replace its keys", "Use its https URL.");
        if (authority is { Query.Length: > 0 } or { Fragment.Length: > 0 })
            yield return new SettingError(Authority.Name, "has a query or a fragment", "Give the issuer alone, such as https://login.example.org/.");
        if (authority is not null && audience.Length == 0)
            yield return new SettingError(Audience.Name, "is missing while Access:Authority is set: tokens made for others would be taken", "Set it to the audience that the authority puts into tokens for this program.");
        if (authority is null && audience.Length > 0)
            yield return new SettingError(Audience.Name, "has no effect without Access:Authority", "Set Access:Authority, or leave both out.");
        foreach (var error in ValidateClient(settings))
            yield return error;
    }

    private static IEnumerable<SettingError> ValidateClient(SettingValues settings)
    {
        var isClient = settings.Get(ClientId).Length > 0;
        if (isClient && settings.Get(Authority) is null)
            yield return new SettingError(ClientId.Name, "has no effect without Access:Authority", "Set Access:Authority, or leave both out.");
        if (!isClient && settings.Get(ClientSecret).Length > 0)
            yield return new SettingError(ClientSecret.Name, "has no effect without Access:ClientId", "Set Access:ClientId, or leave both out.");
        if (!isClient && settings.Get(ClientScopes).Count > 0)
            yield return new SettingError(ClientScopes.Name, "has no effect without Access:ClientId", "Set Access:ClientId, or leave both out.");
        if (settings.Get(ConsoleUrl) is { } console && console.GetLeftPart(UriPartial.Authority) != console.AbsoluteUri.TrimEnd('/'))
            yield return new SettingError(ConsoleUrl.Name, "has a path, a query or a fragment", "Give scheme, host and port alone, such as https://groundwork.example.org.");
    }
}
