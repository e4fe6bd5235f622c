using System.Text;
using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Serving;

/// <summary>The first page that somebody sees: what runs, how it is, and commands that show it.</summary>
internal static class HomePage
{
    public const string Path = "/_/";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => Results.LocalRedirect(Path)).Public("It leads to the first page.").ExcludeFromDescription();
        routes.MapGet(Path, ShowAsync).Public("The first page; it shows names and commands, no data.").ExcludeFromDescription();
    }

    private static async Task<IResult> ShowAsync(HttpContext context, HealthReports reports, CancellationToken cancellationToken)
    {
        var report = await reports.LatestAsync(cancellationToken);
        var root = $"{context.Request.Scheme}://{context.Request.Host}/";
        var body = new StringBuilder("""
            <h1>Groundwork</h1>
            <p>The back end that every product ends up building, in one program.</p>
            <nav><a href="/docs">API</a><a href="/docs/problems">Problems</a><a href="/metrics">Metrics</a><a href="/health/ready">Health</a></nav>

            """);

        // What is wrong comes first, then what one came for, then what it stands on.
        foreach (var (module, health) in report.Modules.OrderByDescending(m => m.Health.State).ThenBy(m => m.Module.IsFoundation))
            AppendModule(body, module, health, root);
        return HtmlPage.Of("Groundwork", body.ToString());
    }

    private static void AppendModule(StringBuilder body, Module module, ModuleHealth health, string root)
    {
        var state = health.State.ToString().ToLowerInvariant();
        body.Append($"""<section><h2>{HtmlPage.Text(module.Page?.Title ?? module.Name)}<span class="state {state}">{state}</span></h2>""");
        body.Append($"<p>{HtmlPage.Text(module.Summary)}</p>");
        if (health.Detail.Length > 0)
            body.Append($"<p>{HtmlPage.Text(health.Detail)}</p>");
        foreach (var example in module.Page?.Examples ?? [])
        {
            var command = example.CommandLine.Replace("{base}", root, StringComparison.Ordinal);
            body.Append($"<p>{HtmlPage.Text(example.Purpose)}</p><pre><code>{HtmlPage.Text(command)}</code></pre>");
        }

        body.Append("</section>\n");
    }
}
