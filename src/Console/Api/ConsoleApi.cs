using Groundwork.Console.Shell;
using Groundwork.Platform.Serving;

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
}
