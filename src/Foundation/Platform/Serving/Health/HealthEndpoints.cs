using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Serving;

/// <summary>What balancers and supervisors ask.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").Public("Probes carry no credentials.").WithTags("Health");
        health.MapGet("/live", () => Results.Text("live\n")).WithSummary("Whether the process answers at all");
        health.MapGet("/ready", ReadyAsync).Produces<ReadyView>().WithSummary("Whether requests should be sent here");
    }

    private static async Task<IResult> ReadyAsync(IInstanceStatus instance, HealthReports reports, CancellationToken cancellationToken)
    {
        if (instance.Stopping.IsCancellationRequested)
            return NotReady("The instance is stopping.", []);
        if (instance.State != InstanceState.Ready)
            return NotReady("The instance is starting.", []);

        var report = await reports.LatestAsync(cancellationToken);
        var modules = report.Modules.Select(m => ModuleView.Of(m.Module, m.Health)).ToList();
        if (report.IsReady)
            return Results.Ok(new ReadyView(modules));

        var unwell = report.Modules.Where(m => m.Health.State == HealthState.Unhealthy).Select(m => $"{m.Module.Name}: {m.Health.Detail}");
        return NotReady(string.Join(" ", unwell), modules);
    }

    private static ProblemResult NotReady(string detail, IReadOnlyList<ModuleView> modules) => Problem.NotReady.Result(detail) with
    {
        RetryAfter = TimeSpan.FromSeconds(1),
        Extensions = [new("modules", modules)],
    };
}

/// <summary>An instance that serves.</summary>
internal sealed record ReadyView(IReadOnlyList<ModuleView> Modules);

/// <summary>How a module is.</summary>
/// <param name="Detail">What is wrong and what to do; left out when healthy.</param>
internal sealed record ModuleView(string Name, HealthState State, string? Detail)
{
    public static ModuleView Of(Module module, ModuleHealth health) =>
        new(module.Name, health.State, health.Detail.Length == 0 ? null : health.Detail);
}
