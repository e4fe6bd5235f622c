using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Access;

/// <summary>Who is calling, as far as it was checked. Immutable; shared by the requests of one credential.</summary>
/// <param name="Id">Unique among principals of every kind and the same from request to request, so that state may be kept by it.</param>
/// <param name="Kind">How the caller proved who it is.</param>
/// <param name="Name">For people: logs and listings. Not unique.</param>
/// <param name="Scopes">What it may do.</param>
public sealed record Principal(string Id, PrincipalKind Kind, string Name, ScopeSet Scopes)
{
    /// <summary>Whoever calls without a credential while only loopback is served.</summary>
    public static readonly Principal Local = new("local", PrincipalKind.Local, "local", ScopeSet.Everything);

    /// <summary>Whoever calls through the control socket: the operating system let only this user through.</summary>
    public static readonly Principal Control = new("control", PrincipalKind.Control, "control", ScopeSet.Everything);
}

/// <summary>How a caller proved who it is.</summary>
public enum PrincipalKind
{
    /// <summary>Not at all: it is on this machine, where nothing more is asked for.</summary>
    Local,

    /// <summary>By reaching the control socket.</summary>
    Control,

    /// <summary>By an API key.</summary>
    Key,

    /// <summary>By a token that the configured authority signed.</summary>
    Token,
}

/// <summary>How endpoints learn who is calling.</summary>
public static class PrincipalExtensions
{
    /// <summary>Who is calling; null on a public endpoint, where nobody is asked.</summary>
    public static Principal? GetPrincipal(this HttpContext http) => http.Features.Get<Principal>();
}
