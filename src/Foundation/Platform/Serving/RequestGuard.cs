using System.Net;
using Groundwork.Platform.Http;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Serving;

/// <summary>
/// Keeps web pages from using a browser on this machine against this server. Stands in front of everything but the control
/// socket.
/// </summary>
/// <remarks>
/// <para>Rebinding: a page of evil.example whose name suddenly resolves to 127.0.0.1 may read what it fetches, for to the
/// browser it is still one origin. Its requests say <c>Host: evil.example</c>. So while only loopback is served, the host must be
/// loopback's (<c>localhost</c>, <c>*.localhost</c>, a loopback address) or in <c>Http:AllowedHosts</c>. Once
/// another address is served any host will do unless <c>Http:AllowedHosts</c> is set: what is not public then wants a credential, and a browser
/// attaches none by itself.</para>
/// <para>Cross-site requests: a page may send without being able to read. So a request that can change something, or that
/// opens a WebSocket, must not carry the <c>Origin</c> of another host or port, nor call itself cross-site, unless the
/// origin is in <c>Http:AllowedOrigins</c>. What isn't a browser sends neither header and is not concerned. This is not
/// CORS: no page of another origin is ever allowed to read.</para>
/// <para>Safe for concurrent use; allocates only where it refuses.</para>
/// </remarks>
internal sealed class RequestGuard(RequestDelegate next, SettingValues settings, HttpListeners listeners)
{
    private readonly IReadOnlyList<string> _hosts = settings.Get(HttpOptions.AllowedHosts);
    private readonly IReadOnlyList<string> _origins = settings.Get(HttpOptions.AllowedOrigins);
    private volatile string? _lastAllowed;

    public Task InvokeAsync(HttpContext context)
    {
        if (ControlConnection.Brought(context))
            return next(context);

        var request = context.Request;
        if (!IsAllowedHost(request.Host.Value))
        {
            return Problem.UnknownHost
                .With($"The request is for the host '{request.Host.Value}'. If people reach this server by that name, add it to Http:AllowedHosts.")
                .ExecuteAsync(context);
        }

        if (CanChange(request) && Foreign(request) is { } origin)
        {
            return Problem.CrossOrigin
                .With($"The request comes from a page of {origin}, and this server is {request.Host.Value}. If that page may, add its origin to Http:AllowedOrigins.")
                .ExecuteAsync(context);
        }

        return next(context);
    }

    private static bool CanChange(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        || request.Headers.Upgrade.Count > 0;

    // Nearly all requests are for the host that the last one was for. The listeners change once, before anything is served.
    private bool IsAllowedHost(string? authority)
    {
        if (_lastAllowed is { } last && string.Equals(last, authority, StringComparison.Ordinal))
            return true;
        if (!Allows(authority))
            return false;
        _lastAllowed = authority;
        return true;
    }

    private bool Allows(ReadOnlySpan<char> authority)
    {
        if (!listeners.IsLoopbackOnly && _hosts.Count == 0)
            return true;

        var host = HostName.WithoutPort(authority);
        if (HostName.IsLoopback(host) || (IPAddress.TryParse(host, out var ip) && IsBound(ip)))
            return true;

        foreach (var allowed in _hosts)
        {
            if (allowed.StartsWith("*.", StringComparison.Ordinal)
                    ? host.EndsWith(allowed.AsSpan(1), StringComparison.OrdinalIgnoreCase)
                    : host.Equals(allowed, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private bool IsBound(IPAddress ip)
    {
        foreach (var endpoint in listeners.Endpoints)
        {
            if (endpoint.Address.Equals(ip))
                return true;
        }

        return false;
    }

    /// <summary>The page's origin, where it is another's than this server's and not allowed; else null.</summary>
    private string? Foreign(HttpRequest request)
    {
        if (request.Headers.Origin.Count == 0)
            return request.Headers["Sec-Fetch-Site"] == "cross-site" ? "another site" : null;

        var origin = request.Headers.Origin.ToString();
        foreach (var allowed in _origins)
        {
            if (string.Equals(origin, allowed, StringComparison.OrdinalIgnoreCase))
                return null;
        }

        // A browser leaves the default port out of both headers; the scheme differs where a proxy in front ends TLS.
        var at = origin.IndexOf("://", StringComparison.Ordinal);
        var isOwn = at > 0
            && origin.AsSpan(at + 3).Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)
            && request.Headers["Sec-Fetch-Site"] != "cross-site";
        return isOwn ? null : origin;
    }
}
