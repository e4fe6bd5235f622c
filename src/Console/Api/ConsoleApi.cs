using Groundwork.Console.Shell;
using Groundwork.Platform.Access;
using Groundwork.Platform.Serving;
using Groundwork.Ports.Modules;

namespace Groundwork.Console.Api;

/// <summary>
/// How pages speak to modules: through their public HTTP API, as the viewer, in this process. So a page can do what any client
/// can, access is decided where it is decided for all, and what a page does can be shown as a command. Safe for concurrent use.
/// </summary>
internal sealed class ConsoleApi(InProcessRequests requests)
{
    /// <summary>Sends a request and waits for its answer.</summary>
    /// <exception cref="InvalidOperationException">Nobody was asked who looks: a page that is public has no business here.</exception>
    public async Task<ApiAnswer> SendAsync(Viewer viewer, ApiRequest request)
    {
        var principal = viewer.Principal ?? throw new InvalidOperationException("A public page cannot use the API.");
        return new ApiAnswer(request, await requests.SendAsync(principal, request.ToInProcess(viewer.Root), viewer.Http.RequestAborted));
    }

    /// <summary>Sends a live region's request, which has no viewer: with the scope that whoever looks at it has, and no other.</summary>
    public async Task<ApiAnswer> SendAsync(Scope scope, ApiRequest request, CancellationToken cancellationToken)
    {
        var principal = new Principal("console", PrincipalKind.Control, "console", ScopeSet.Of([scope.Name]));
        return new ApiAnswer(request, await requests.SendAsync(principal, request.ToInProcess(Anywhere), cancellationToken));
    }

    // The guard lets in whoever asks for this machine.
    private static readonly Uri Anywhere = new("http://localhost/");
}
