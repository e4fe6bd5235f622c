using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Access.Sessions;

/// <summary>
/// A cookie of ours: by which name, and with which flags. Safe for concurrent use.
/// </summary>
/// <remarks>
/// <para>Over HTTPS it is named <c>__Host-…</c>: the browser then takes it from this very host only, over HTTPS and for the path <c>/</c>, so
/// that no neighbour under the same domain, and nobody on the way, can put a session of theirs under a visitor. The price is that
/// it is sent to all paths; it is believed below <c>/_/</c> only. Over HTTP there is no such name, and the path keeps it.</para>
/// <para>It is HTTPS when the request is, when <c>Access:ConsoleUrl</c> says so, or when the browser says so of the page that it posts from
/// (a proxy in front may end TLS). Where this server itself knows that it is, the plain name is not believed.</para>
/// </remarks>
internal sealed class SessionCookie(string name, string path, SameSiteMode sameSite, TimeSpan life, SettingValues settings)
{
    /// <summary>Begins the names of cookies that only this host can have set.</summary>
    public const string HostPrefix = "__Host-";

    /// <summary>The name of a session's cookie.</summary>
    public const string SessionName = "groundwork-session";

    private readonly bool _isHttps = settings.Get(AccessOptions.ConsoleUrl)?.Scheme == Uri.UriSchemeHttps;

    /// <summary>A session's: sent only with requests that this site's own pages make.</summary>
    public static SessionCookie OfSession(SettingValues settings) => new(
        SessionName, SessionRoutes.Below, SameSiteMode.Strict, SessionRegistry.MaxLife, settings);

    /// <summary>That of a sign-in under way: it must come along when another site, the authority, leads back here.</summary>
    public static SessionCookie OfSignIn(SettingValues settings) => new(
        "groundwork-sign-in", SessionRoutes.Callback, SameSiteMode.Lax, SignInState.Life, settings);

    /// <summary>The value that a request brings; null where there is none.</summary>
    public string? Read(HttpContext context)
    {
        var cookies = context.Request.Cookies;
        if (cookies[HostPrefix + name] is { Length: > 0 } own)
            return own;
        return !_isHttps && !context.Request.IsHttps && cookies[name] is { Length: > 0 } plain ? plain : null;
    }

    /// <summary>Sets it.</summary>
    public void Write(HttpContext context, string value)
    {
        var isHttps = IsHttps(context);
        context.Response.Cookies.Append(isHttps ? HostPrefix + name : name, value, Flags(isHttps, life));
    }

    /// <summary>Removes it, by either name.</summary>
    public void Remove(HttpContext context)
    {
        context.Response.Cookies.Append(HostPrefix + name, "", Flags(isHttps: true, TimeSpan.Zero));
        context.Response.Cookies.Append(name, "", Flags(isHttps: false, TimeSpan.Zero));
    }

    private bool IsHttps(HttpContext context) =>
        _isHttps || context.Request.IsHttps || context.Request.Headers.Origin.ToString().StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private CookieOptions Flags(bool isHttps, TimeSpan maxAge) => new()
    {
        HttpOnly = true,
        Secure = isHttps,
        SameSite = sameSite,
        Path = isHttps ? "/" : path,
        MaxAge = maxAge,
        IsEssential = true,
    };
}
