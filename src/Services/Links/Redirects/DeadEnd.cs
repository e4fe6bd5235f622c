using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Links;

/// <summary>What somebody gets who follows a link that leads nowhere: a small page for people, a problem for programs.</summary>
internal static class DeadEnd
{
    /// <summary>There is no such link.</summary>
    public static Task NotThereAsync(HttpContext http, string code) => AnswerAsync(
        http, LinksProblems.NotThere(code), "This link leads nowhere", "There is no link with this address. It may have been mistyped, or deleted.");

    /// <summary>It led somewhere once.</summary>
    /// <param name="http">The request.</param>
    /// <param name="code">Which link.</param>
    /// <param name="target">As it is now.</param>
    public static Task GoneAsync(HttpContext http, string code, RedirectTarget target)
    {
        var (detail, sentence) = target switch
        {
            { IsBlocked: true } => ($"The link '{code}' leads to a host that is blocked here.", "The address behind this link is blocked here."),
            { IsDisabled: true } => ($"The link '{code}' was switched off.", "Whoever made this link has switched it off."),
            _ => ($"The link '{code}' has expired.", "The time of this link is over."),
        };
        return AnswerAsync(http, LinksProblems.LinkGone.Result(detail), "This link leads nowhere any more", sentence);
    }

    private static Task AnswerAsync(HttpContext http, ProblemResult problem, string title, string sentence)
    {
        http.Response.Headers.Vary = "Accept";
        return HtmlPage.IsPreferred(http.Request)
            ? HtmlPage.Of(title, $"<h1>{title}</h1>\n<p>{sentence}</p>", problem.Kind.Status).ExecuteAsync(http)
            : problem.ExecuteAsync(http);
    }
}
