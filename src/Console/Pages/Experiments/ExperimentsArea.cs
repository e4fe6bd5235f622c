using System.Globalization;
using Groundwork.Console.Live;
using Groundwork.Console.Shell;
using Groundwork.Platform.Access;
using Groundwork.Platform.Experiments.Runs;
using Groundwork.Ports.Database;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Console.Pages.Experiments;

/// <summary>Drills and benchmarks, run from the page with their output live.</summary>
internal sealed class ExperimentsArea : ConsoleArea
{
    public override string Title => "Experiments";

    public override string Address => "/_/experiments";

    public override Scope Scope => ExperimentScopes.Read;

    public override string Module => "Experiments";

    public override int? Order => 30;

    public override string Icon => Icons.Experiments;

    public override IEnumerable<LiveRegion> Regions =>
    [
        new("runs", typeof(RunList), ExperimentScopes.Read),
        new("run", typeof(RunNow), ExperimentScopes.Read, (services, id) => services.GetRequiredService<ExperimentRuns>().Find(Number(id)) is not null),
    ];

    public override IEnumerable<PaletteEntry> PaletteOf(IServiceProvider services) =>
    [
        new("Run a drill", "action", "/_/experiments#drills"),
        new("Run a benchmark", "action", "/_/experiments#benchmarks"),
        .. services.GetRequiredService<ExperimentRuns>().Available
            .Select(e => new PaletteEntry(e.Name, e.Kind == ExperimentKind.Drill ? "drill" : "benchmark", $"/_/experiments?q={e.Name}", e.Summary)),
    ];

    public override IEnumerable<FirstStep> FirstSteps(IServiceProvider services) =>
    [
        Step("Prove a claim", "Millions of guesses at codes of short links, which find no more than chance would. The drill runs in a folder of its own.", "Run the drill", "drill", "links.enumeration", "Links"),
        services.GetRequiredService<IDatabaseServer>().Engine == "SQLite"
            ? Step("Measure this machine", "How many rows a second the embedded database takes, each durable when it is acknowledged.", "Run the benchmark", "benchmark", "database.sqlite.inserts", "Database")
            : Step("Measure this machine", "How many rows a second a PostgreSQL on this machine takes, many callers to a commit; your own is left alone.", "Run the benchmark", "benchmark", "database.postgres.inserts", "Database"),
    ];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage<ExperimentsPage>("/_/experiments", "Experiments").RequireScope(ExperimentScopes.Read);
        routes.MapPage<RunPage>("/_/experiments/{id:long}", "Run").RequireScope(ExperimentScopes.Read);
        routes.MapAction("/_/experiments/run", StartAsync).RequireScope(ExperimentScopes.Run);
        routes.MapAction("/_/experiments/{id:long}/cancel", CancelAsync).RequireScope(ExperimentScopes.Run);
    }

    /// <summary>What runs an experiment from a terminal, shortly.</summary>
    public static string CommandOf(ExperimentKind kind, string name) => $"groundwork {(kind == ExperimentKind.Drill ? "drill" : "bench")} {name} --smoke";

    private static FirstStep Step(string title, string text, string action, string kind, string name, string module) => new(
        title, text, action, $"/_/experiments/run?name={name}&kind={kind}&smoke=on", module, ExperimentScopes.Run,
        _ => CommandOf(kind == "drill" ? ExperimentKind.Drill : ExperimentKind.Benchmark, name));

    /// <summary>The number that an address names; 0, which no run has, where it names none.</summary>
    public static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    private static Task<IResult> StartAsync(HttpContext http, IFormCollection form)
    {
        // First steps name what they run in the address, for their form is a button alone.
        string Given(string name) => form[name].FirstOrDefault() ?? http.Request.Query[name].ToString();

        var kind = Given("kind") == "drill" ? ExperimentKind.Drill : ExperimentKind.Benchmark;
        var order = new RunOrder(kind, Given("name"))
        {
            Smoke = Given("smoke") == "on",
            Rounds = Whole(Given("rounds")),
            Seed = kind == ExperimentKind.Drill ? Whole(Given("seed")) : null,
        };
        var (run, refusal) = http.RequestServices.GetRequiredService<ExperimentRuns>().Start(order, http.GetPrincipal()!.Name);
        return Task.FromResult(run is null
            ? http.GoOn("/_/experiments", Notice.Failed(refusal))
            : http.GoOn(string.Create(CultureInfo.InvariantCulture, $"/_/experiments/{run.Id}")));
    }

    private static async Task<IResult> CancelAsync(HttpContext http, IFormCollection form)
    {
        var id = http.Request.RouteValues["id"]!.ToString()!;
        var ended = await http.RequestServices.GetRequiredService<ExperimentRuns>().CancelAsync(Number(id));
        return http.GoOn($"/_/experiments/{id}", ended ? Notice.Done("The run was ended.") : Notice.Failed("It had ended by itself."));
    }

    private static int? Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
