using Groundwork.Platform.Access;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Console.Shell;

/// <summary>Who looks at a page, and what they asked for: what a page knows of its request. Of one request, used by one thread.</summary>
internal sealed class Viewer(HttpContext http, string title)
{
    private AntiforgeryTokenSet? _forgery;

    /// <summary>The request.</summary>
    public HttpContext Http => http;

    /// <summary>Who looks; null where nobody was asked (signing in, a problem on the way).</summary>
    public Principal? Principal { get; } = http.GetPrincipal();

    /// <summary>The page's title, which the page may make more exact.</summary>
    public string Title { get; set; } = title;

    /// <summary>The status with which the page is sent; 200 unless the page says otherwise.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>What became of the last action, shown once.</summary>
    public Notice? Notice { get; init; } = Notice.Take(http);

    /// <summary>The address of this page, without its query.</summary>
    public string Path => http.Request.Path.Value ?? "/";

    /// <summary>The address of this page with its query: where to come back to.</summary>
    public string Here => Path + http.Request.QueryString.Value;

    /// <summary>Under which address the server is reached, with a slash at its end.</summary>
    public Uri Root { get; } = new($"{http.Request.Scheme}://{http.Request.Host}/");

    /// <summary>Whether a program of theirs would be asked for a key.</summary>
    public bool NeedsKey => Principal is not { Kind: PrincipalKind.Local };

    /// <summary>Whether they may do what asks for a scope.</summary>
    public bool May(Scope scope) => Principal?.Scopes.Covers(scope.Name) == true;

    /// <summary>A value of the query; empty where it was not given.</summary>
    public string Query(string name) => http.Request.Query[name].ToString();

    /// <summary>A part of the address that the route names.</summary>
    public string Route(string name) => http.Request.RouteValues[name]?.ToString() ?? "";

    /// <summary>The token by which a form proves that it is this page's: one for all of them, since each that is made is signed.</summary>
    public AntiforgeryTokenSet ForgeryToken() => _forgery ??= http.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(http);
}
