using Groundwork.Platform.Access.Keys;
using Groundwork.Platform.Http;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Groundwork.Platform.Access.Sessions;

/// <summary>
/// Signing in and out with a browser. Whatever goes wrong leads back to the page to sign in on, which says what.
/// </summary>
/// <remarks>
/// <para>Every sign-in makes a new session under a new token, whatever the browser brought, and ends the one that it had: nobody can
/// put a session under somebody else. The forms carry ASP.NET's anti-forgery token, so that no other site signs a visitor in
/// as its own user, or out.</para>
/// <para>The way back from the authority (callback) is another site's doing to the browser, so a cookie that is strict does not come along,
/// nor would it with a redirect from there. So (1) the sign-in under way has a cookie of its own, lax, which holds nothing but that
/// sign-in; (2) the callback answers with a page that goes on by itself: that step is this site's own, and the session's
/// strict cookie comes along.</para>
/// </remarks>
internal sealed class SessionEndpoints(
    SettingValues settings,
    SessionRegistry sessions,
    KeyVerifier keys,
    AuthorityClient authority,
    AttemptLimiter attempts,
    IAntiforgery antiforgery,
    IDataProtectionProvider protection,
    TimeProvider time,
    ILogger<SessionEndpoints> logger)
{
    private const long MaxForm = 16 << 10;
    private const int MaxCode = 4096;

    private readonly SessionCookie _session = SessionCookie.OfSession(settings);
    private readonly SessionCookie _signIn = SessionCookie.OfSignIn(settings);

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").Public("Who signs in has no credential yet; who signs out gives one up.").ExcludeFromDescription();
        group.MapPost(SessionRoutes.Create, (HttpContext context, SessionEndpoints self) => self.CreateAsync(context));
        group.MapPost(SessionRoutes.End, (HttpContext context, SessionEndpoints self) => self.EndAsync(context));
        group.MapGet(SessionRoutes.Authorize, (HttpContext context, SessionEndpoints self) => self.AuthorizeAsync(context));
        group.MapGet(SessionRoutes.Callback, (HttpContext context, SessionEndpoints self) => self.CallbackAsync(context));
    }

    private async Task<IResult> CreateAsync(HttpContext context)
    {
        if (await FormAsync(context) is not { } form)
            return Failed(context, SignInProblem.Form, null);
        var back = form[SessionRoutes.ReturnParameter].ToString();
        var address = context.Connection.RemoteIpAddress;
        if (!attempts.May(address))
            return Failed(context, SignInProblem.TooMany, back);

        var verification = Parse(form[SessionRoutes.KeyField].ToString().Trim(), out var id, out var verifier)
            ? await keys.VerifyAsync(id, verifier, context.RequestAborted)
            : default;
        if (verification.RetryAfter is not null)
            return Failed(context, SignInProblem.Away, back);
        if (verification.Principal is not { } principal)
        {
            attempts.Failed(address);
            SessionLog.Refused(logger, address);
            return Failed(context, SignInProblem.Refused, back);
        }

        await BeginAsync(context, principal, verifier);
        return SeeOther(context, ReturnPath.Of(back));
    }

    private async Task<IResult> EndAsync(HttpContext context)
    {
        if (await FormAsync(context) is null)
            return Failed(context, SignInProblem.Form, null);
        if (_session.Read(context) is { } token)
            await sessions.EndAsync(token, context.RequestAborted);
        _session.Remove(context);
        return SeeOther(context, SessionRoutes.SignIn);
    }

    private async Task<IResult> AuthorizeAsync(HttpContext context)
    {
        var back = context.Request.Query[SessionRoutes.ReturnParameter].ToString();
        if (!authority.IsConfigured)
            return Problem.NotFound.With("Nobody signs in with an authority here, because Access:ClientId is not set.");
        var state = SignInState.Create(ReturnPath.Of(back), RedirectUri(context.Request), time.GetUtcNow());
        if (await authority.AddressAsync(state, context.RequestAborted) is not { } address)
            return Failed(context, SignInProblem.Away, back);
        _signIn.Write(context, state.Seal(protection));
        return SeeOther(context, address);
    }

    private async Task<IResult> CallbackAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var state = SignInState.Open(_signIn.Read(context), protection, time.GetUtcNow());
        _signIn.Remove(context);
        if (!authority.IsConfigured || state is null || !state.Is(query["state"]))
            return Failed(context, SignInProblem.State, null);
        if (query["code"].ToString() is not { Length: > 0 and <= MaxCode } code)
            return Failed(context, SignInProblem.Denied, state.Return);

        var (principal, problem) = await authority.ExchangeAsync(state, code, query["iss"], context.RequestAborted);
        if (principal is null)
            return Failed(context, problem, state.Return);

        await BeginAsync(context, principal, null);
        context.Response.Headers["Refresh"] = $"0; url={state.Return}";
        var page = HtmlPage.Of("Signed in", $"""<p>You are signed in. <a href="{HtmlPage.Text(state.Return)}">Go on</a></p>""");
        return new NotStored(page);
    }

    private async Task BeginAsync(HttpContext context, Principal principal, byte[]? verifier)
    {
        if (_session.Read(context) is { } before)
            await sessions.EndAsync(before, context.RequestAborted);
        _session.Write(context, await sessions.BeginAsync(principal, verifier, context.RequestAborted));
        SessionLog.Began(logger, principal.Name, principal.Kind);
    }

    // The token of the form is checked here, since the house has no middleware for it.
    private async Task<IFormCollection?> FormAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MaxForm;
        return await HttpForm.TryReadAsync(context.Request) is { } form && await antiforgery.IsRequestValidAsync(context) ? form : null;
    }

    private string RedirectUri(HttpRequest request)
    {
        var root = settings.Get(AccessOptions.ConsoleUrl) is { } own
            ? own.GetLeftPart(UriPartial.Authority)
            : $"{request.Scheme}://{request.Host.ToUriComponent()}";
        return root + SessionRoutes.Callback;
    }

    private static bool Parse(string key, out string id, out byte[] verifier)
    {
        verifier = new byte[ApiKey.VerifierLength];
        var isKey = ApiKey.TryParse(key, out var found, verifier);
        id = found.ToString();
        return isKey;
    }

    private static IResult Failed(HttpContext context, SignInProblem problem, string? back)
    {
        var query = QueryString.Create(SessionRoutes.ProblemParameter, SignInProblems.Name(problem));
        var path = ReturnPath.Of(back);
        if (path != SessionRoutes.Below)
            query = query.Add(SessionRoutes.ReturnParameter, path);
        return SeeOther(context, SessionRoutes.SignIn + query);
    }

    private static IResult SeeOther(HttpContext context, string address)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Location = address;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private sealed class NotStored(IResult page) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.OnStarting(() =>
            {
                httpContext.Response.Headers.CacheControl = "no-store";
                return Task.CompletedTask;
            });
            return page.ExecuteAsync(httpContext);
        }
    }
}

internal static partial class SessionLog
{
    [LoggerMessage(1, LogLevel.Information, "{Principal} signed in with a {Kind}.")]
    public static partial void Began(ILogger logger, string principal, PrincipalKind kind);

    [LoggerMessage(2, LogLevel.Information, "Somebody at {Address} tried to sign in with a key that does not hold.")]
    public static partial void Refused(ILogger logger, System.Net.IPAddress? address);
}
