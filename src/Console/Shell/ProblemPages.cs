using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Console.Shell;

/// <summary>Shows the problems of the console's own addresses in the console's layout, to browsers. Safe for concurrent use.</summary>
internal sealed class ProblemPages(PageRenderer pages) : IProblemPages
{
    public async Task<bool> TryShowAsync(HttpContext http, ProblemResult problem)
    {
        if (!http.Request.Path.StartsWithSegments("/_", StringComparison.Ordinal) || !HtmlPage.IsPreferred(http.Request))
            return false;

        if (problem.RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await pages.ShowAsync(
            http, typeof(ProblemPage), problem.Kind.Title, new Dictionary<string, object?> { ["Problem"] = problem }, problem.Kind.Status);
        return true;
    }
}
