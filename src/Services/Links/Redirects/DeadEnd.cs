using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace Groundwork.Links;

/// <summary>What somebody gets who follows a link that leads nowhere: a small page for people, a problem for programs.</summary>
internal static class DeadEnd
{
    private const string AskForAnother = "Ask whoever gave it to you for another.";

    /// <summary>There is no such link.</summary>
    public static Task NotThereAsync(HttpContext http, string code) => AnswerAsync(
        http, LinksProblems.NotThere(code),
        "This link leads nowhere",
        "There is no link at this address: it was mistyped, or the link was deleted.",
        "Compare it with what you were given, letter by letter: capital and small letters are not the same here. If it is the same, ask whoever gave it to you.");

    /// <summary>It led somewhere once.</summary>
    /// <param name="http">The request.</param>
    /// <param name="code">Which link.</param>
    /// <param name="target">As it is now.</param>
    public static Task GoneAsync(HttpContext http, string code, RedirectTarget target) => target switch
    {
        { IsBlocked: true } => AnswerAsync(
            http, LinksProblems.LinkGone.Result($"The link '{code}' leads to a host that is blocked here."),
            "This link is blocked",
            "It leads to a site that is blocked here, as sites are that deceive or harm who visits them. You have not been taken there.",
            "If it came in a message that you did not expect, leave it alone."),
        { IsDisabled: true } => AnswerAsync(
            http, LinksProblems.LinkGone.Result($"The link '{code}' was switched off."),
            "This link is switched off", "Whoever made it has switched it off, for now or for good.", AskForAnother),
        _ => AnswerAsync(
            http, LinksProblems.LinkGone.Result($"The link '{code}' has expired."),
            "This link has expired", "It was made for a limited time, and that is over.", AskForAnother),
    };

    private static Task AnswerAsync(HttpContext http, ProblemResult problem, string title, string reason, string advice)
    {
        http.Response.Headers.Vary = "Accept";
        return HtmlPage.IsPreferred(http.Request)
            ? HtmlPage.Of(title, $"""
                <div class="notice">
                <h1>{title}</h1>
                <p>{reason}</p>
                <p>{advice}</p>
                <p class="status">Error {problem.Kind.Status}</p>
                </div>
                """, problem.Kind.Status).ExecuteAsync(http)
            : problem.ExecuteAsync(http);
    }
}
