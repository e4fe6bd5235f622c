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

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Require, Authority, Audience];

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
    }
}
