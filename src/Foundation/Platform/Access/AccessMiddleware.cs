using Groundwork.Platform.Access.Sessions;
using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;
using Groundwork.Ports.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Access;

/// <summary>
/// Lets a request through to its endpoint, or answers why not. Stands behind routing.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>Nothing was found, or routing itself answers (405, 415): there is nothing to protect.</item>
/// <item>What came through the control socket is this user's.</item>
/// <item>A public endpoint asks nobody: a credential that is shown is not even looked at.</item>
/// <item>An endpoint about which nobody decided is denied. The start refuses them; this is for those that appear later.</item>
/// <item>What this program asks of itself for somebody who was let in already is that somebody's.</item>
/// <item>A credential that is shown is checked, on loopback too; without one, whoever is on this machine is <c>local</c> as
/// long as only loopback is served and nothing else was asked for. A request that a proxy passed on, or that is for another
/// name than loopback's, comes from further away than its address says: it is not <c>local</c>.</item>
/// <item>On the console's routes a browser's session stands for its credential. One that has ended is as none; a browser with
/// none is led to where one signs in.</item>
/// <item>The principal must hold the endpoint's scope.</item>
/// </list>
/// <para>Without <see cref="AccessModule"/> no credential can be checked, so none is accepted, and only loopback is served.
/// Safe for concurrent use.</para>
/// </remarks>
internal sealed class AccessMiddleware(RequestDelegate next, SettingValues settings, HttpListeners listeners, IServiceProvider services)
{
    private readonly bool _always = settings.Get(AccessOptions.Require) == CredentialsRequired.Always;

    // Asked for by hand, since it is absent where the module is.
    private readonly CredentialChecker? _checker = (CredentialChecker?)services.GetService(typeof(CredentialChecker));

    private readonly SessionGate? _sessions = (SessionGate?)services.GetService(typeof(SessionGate));

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not RouteEndpoint endpoint) // 1
            return next(context);

        if (ControlConnection.Brought(context)) // 2
        {
            context.Features.Set(Principal.Control);
            return next(context);
        }

        var access = endpoint.Metadata.GetMetadata<EndpointAccess>();
        if (access is null) // 4
            return AccessProblems.Undecided.With("Nobody decided who may call it. Please report this as a bug.").ExecuteAsync(context);
        return access.Scope is { } scope ? AuthorizeAsync(context, scope) : next(context); // 3
    }

    private Task AuthorizeAsync(HttpContext context, Scope scope)
    {
        if (context.Features.Get<OnBehalfOf>() is { } asked) // 5
            return EnterAsync(context, asked.Principal, scope);
        if (CredentialChecker.IsPresented(context.Request.Headers)) // 6
            return CheckAsync(context, scope);
        return _sessions?.TokenOf(context) is { } token ? CheckSessionAsync(context, scope, _sessions, token) : AskAsync(context, scope);
    }

    // Without a credential, or with a session that has ended.
    private Task AskAsync(HttpContext context, Scope scope)
    {
        if (!_always && listeners.IsLoopbackOnly && IsFromHere(context.Request))
            return EnterAsync(context, Principal.Local, scope);
        if (_sessions is not null && SessionGate.TryLead(context))
            return Task.CompletedTask;

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return AccessProblems.Unauthenticated
            .With($"Send `Authorization: Bearer KEY` with a key that has the scope '{scope.Name}'. `groundwork keys create NAME --scope {scope.Name}` makes one.")
            .ExecuteAsync(context);
    }

    private static bool IsFromHere(HttpRequest request) =>
        HostName.IsLoopback(HostName.WithoutPort(request.Host.Value))
        && request.Headers["Forwarded"].Count == 0
        && request.Headers["X-Forwarded-For"].Count == 0;

    private async Task CheckSessionAsync(HttpContext context, Scope scope, SessionGate sessions, string token)
    {
        var (session, retryAfter) = await sessions.FindAsync(token, context.RequestAborted);
        if (session is not null)
        {
            context.Features.Set(session);
            await EnterAsync(context, session.Principal, scope);
        }
        else if (retryAfter is { } wait)
        {
            await (AccessProblems.CannotCheck.Result("The session cannot be checked, because the database does not answer.") with { RetryAfter = wait })
                .ExecuteAsync(context);
        }
        else
        {
            await AskAsync(context, scope);
        }
    }

    private async Task CheckAsync(HttpContext context, Scope scope)
    {
        var verification = _checker is null
            ? Verification.Refused("No credential can be checked here.")
            : await _checker.CheckAsync(context.Request.Headers, context.RequestAborted);

        if (verification.Principal is { } principal)
        {
            await EnterAsync(context, principal, scope);
        }
        else if (verification.RetryAfter is { } wait)
        {
            await (AccessProblems.CannotCheck.Result(verification.Detail) with { RetryAfter = wait }).ExecuteAsync(context);
        }
        else
        {
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            await AccessProblems.Unauthenticated.With(verification.Detail).ExecuteAsync(context);
        }
    }

    private Task EnterAsync(HttpContext context, Principal principal, Scope scope)
    {
        context.Features.Set(principal); // whoever is refused is known too: a page that says so shows what they may see
        if (principal.Scopes.Covers(scope.Name)) // 8
            return next(context);

        context.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{scope.Name}\"";
        return AccessProblems.MissingScope
            .With($"It needs the scope '{scope.Name}' ({scope.Description.TrimEnd('.')}), which '{principal.Name}' does not have.")
            .ExecuteAsync(context);
    }
}
