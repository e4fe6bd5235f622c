using System.Text;
using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Serving;

/// <summary>Every kind of problem there is, explained where its type points.</summary>
internal static class ProblemPages
{
    /// <exception cref="InvalidOperationException">Two kinds share a slug: a bug of the module that came second.</exception>
    public static void Map(IEndpointRouteBuilder routes, IEnumerable<IRoutedModule> modules)
    {
        var kinds = new SortedDictionary<string, Problem>(StringComparer.Ordinal);
        foreach (var kind in Problem.All.Concat(AccessProblems.All).Concat(modules.SelectMany(m => m.Problems)))
        {
            if (!kinds.TryAdd(kind.Slug, kind))
                throw new InvalidOperationException($"There are two kinds of problems '{kind.Slug}'.");
        }

        var pages = routes.MapGroup("/docs/problems").Public("Explanations; they hold no data.").ExcludeFromDescription();
        pages.MapGet("/", () => List(kinds.Values));
        pages.MapGet("/{slug}", (string slug) => kinds.TryGetValue(slug, out var kind)
            ? Explain(kind)
            : Problem.NotFound.Result("There is no such kind of problem; /docs/problems lists them."));
    }

    private static IResult List(IEnumerable<Problem> kinds)
    {
        var body = new StringBuilder("<h1>Problems</h1>\n<p>What an answer of the type <code>application/problem+json</code> can say.</p>\n<table><tr><th>Type</th><th>Status</th><th>Meaning</th></tr>");
        foreach (var kind in kinds)
            body.Append($"""<tr><td><a href="{HtmlPage.Text(kind.Type)}">{HtmlPage.Text(kind.Slug)}</a></td><td>{kind.Status}</td><td>{HtmlPage.Text(kind.Title)}</td></tr>""");
        return HtmlPage.Of("Problems", body.Append("</table>").ToString());
    }

    private static IResult Explain(Problem kind) => HtmlPage.Of(kind.Title, $"""
        <h1>{HtmlPage.Text(kind.Title)}</h1>
        <p><code>{HtmlPage.Text(kind.Type)}</code>, status {kind.Status}</p>
        <p>{HtmlPage.Text(kind.Explanation)}</p>
        <p><a href="/docs/problems">All problems</a></p>
        """);
}
