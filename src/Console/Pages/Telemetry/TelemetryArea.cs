using Groundwork.Console.Live;
using Groundwork.Console.Shell;
using Groundwork.Platform.Access;
using Groundwork.Platform.Telemetry;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Console.Pages.Telemetry;

/// <summary>The logs of the last minutes.</summary>
internal sealed class LogsArea : ConsoleArea
{
    public override string Title => "Logs";

    public override string Address => "/_/logs";

    public override Scope Scope => TelemetryScopes.Read;

    public override int? Order => 20;

    public override string Icon => Icons.Logs;

    public override IEnumerable<LiveRegion> Regions =>
        [new("logs", typeof(LogLines), TelemetryScopes.Read, (_, query) => query.Length <= Queries.MaxLength)];

    public override IEnumerable<PaletteEntry> PaletteOf(IServiceProvider services) => [new("Errors in the logs", "page", "/_/logs?level=error")];

    public override void Map(IEndpointRouteBuilder routes) =>
        routes.MapPage<LogsPage>("/_/logs", "Logs").RequireScope(TelemetryScopes.Read);
}

/// <summary>The traces of the last minutes.</summary>
internal sealed class TracesArea : ConsoleArea
{
    public override string Title => "Traces";

    public override string Address => "/_/traces";

    public override Scope Scope => TelemetryScopes.Read;

    public override int? Order => 10;

    public override string Icon => Icons.Traces;

    public override IEnumerable<LiveRegion> Regions =>
        [new("traces", typeof(TraceLines), TelemetryScopes.Read, (_, query) => query.Length <= Queries.MaxLength)];

    public override IEnumerable<PaletteEntry> PaletteOf(IServiceProvider services) =>
        [new("Requests that failed", "page", "/_/traces?status=500"), new("Slow requests", "page", "/_/traces?slower=100")];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage<TracesPage>("/_/traces", "Traces").RequireScope(TelemetryScopes.Read);
        routes.MapPage<TracePage>("/_/traces/{id}", "Trace").RequireScope(TelemetryScopes.Read);
    }
}
