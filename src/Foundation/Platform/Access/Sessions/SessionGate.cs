using Groundwork.Platform.Http;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Access.Sessions;

/// <summary>What the middleware asks about sessions. Safe for concurrent use.</summary>
internal sealed class SessionGate(SettingValues settings, SessionRegistry sessions)
{
    private readonly SessionCookie _cookie = SessionCookie.OfSession(settings);

    /// <summary>The token that a request brings to where sessions are believed; null elsewhere, and where there is none.</summary>
    public string? TokenOf(HttpContext context) =>
        IsBelow(context.Request) && context.Request.Headers.Cookie.Count > 0 ? _cookie.Read(context) : null;

    /// <summary>Whose session it is.</summary>
    public ValueTask<(ConsoleSession? Session, TimeSpan? RetryAfter)> FindAsync(string token, CancellationToken cancellationToken) =>
        sessions.FindAsync(token, cancellationToken);

    /// <summary>Leads somebody with a browser, who wants a page and may not see it yet, to where they sign in.</summary>
    /// <returns>False where it is somebody else: nothing was answered.</returns>
    public static bool TryLead(HttpContext context)
    {
        var request = context.Request;
        if (!IsBelow(request) || !HtmlPage.IsPreferred(request))
            return false;
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        var response = context.Response;
        response.StatusCode = reads ? StatusCodes.Status302Found : StatusCodes.Status303SeeOther;
        response.Headers.Location = SignInWays.SignInAddress(reads ? request.Path.ToUriComponent() + request.QueryString.ToUriComponent() : null);
        response.Headers.CacheControl = "no-store";
        return true;
    }

    private static bool IsBelow(HttpRequest request) => request.Path.Value?.StartsWith(SessionRoutes.Below, StringComparison.OrdinalIgnoreCase) == true;
}
