using Microsoft.AspNetCore.Http;

namespace Groundwork.Platform.Http;

/// <summary>
/// Shows problems as pages to people who look at pages: asked before a problem is written as JSON. Registered by whoever owns
/// the pages; none has to.
/// </summary>
public interface IProblemPages
{
    /// <summary>Answers with a page where the request is for one of its own and a browser asks.</summary>
    /// <returns>False where it isn't; nothing was written then.</returns>
    Task<bool> TryShowAsync(HttpContext http, ProblemResult problem);
}
