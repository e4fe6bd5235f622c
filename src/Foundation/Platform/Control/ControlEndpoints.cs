using Groundwork.Platform.Data.Backup;
using Groundwork.Platform.Hosting;
using Groundwork.Platform.Http;
using Groundwork.Platform.Serving;
using Groundwork.Ports.Database;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Control;

/// <summary>The control socket's own routes. Modules add theirs (<see cref="IControlledModule"/>).</summary>
internal static class ControlEndpoints
{
    private static readonly Problem BackupFailed = new("backup-failed", 409, "The backup was not taken");
    private static readonly Problem BackupElsewhere = new("backup-not-supported", 501, "The engine has its own backups");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/status", StatusAsync);
        routes.MapPost("/backup", BackupAsync);
    }

    private static async Task<IResult> StatusAsync(Instance instance, IDatabaseServer server, TimeProvider time, CancellationToken cancellationToken)
    {
        var health = await instance.CheckHealthAsync(cancellationToken);
        return Results.Ok(new ControlStatus(
            ProgramVersion.Number,
            Environment.ProcessId,
            instance.State,
            instance.Address,
            instance.ReadyAt is { } ready ? Math.Round((time.GetUtcNow() - ready).TotalSeconds, 3) : 0,
            server.Engine,
            [.. health.Select(h => new ModuleStatus(h.Module.Name, h.Health.State, h.Health.Detail))]));
    }

    private static async Task<IResult> BackupAsync(BackupRequest body, BackupWriter writer, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(body.Folder) || !Path.IsPathFullyQualified(body.Folder))
            return Problem.InvalidRequest.With("folder is required: the full path of a new folder.");
        try
        {
            return Results.Ok(await writer.WriteAsync(body.Folder, cancellationToken));
        }
        catch (Exception e) when (e is BackupException or DatabaseException)
        {
            return BackupFailed.With(e.Message);
        }
        catch (NotSupportedException e)
        {
            return BackupElsewhere.With(e.Message);
        }
    }
}

/// <summary>The body that asks for a backup.</summary>
/// <param name="Folder">The full path of a new or empty folder.</param>
public sealed record BackupRequest(string? Folder);

/// <summary>How a running instance is.</summary>
/// <param name="Version">The program's version.</param>
/// <param name="Pid">Its process.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Address">Where HTTP is served; absent where only the control socket is.</param>
/// <param name="Uptime">Seconds since it was ready.</param>
/// <param name="Engine">What serves the database.</param>
/// <param name="Modules">Each module that runs, in start order.</param>
public sealed record ControlStatus(
    string Version, int Pid, InstanceState State, Uri? Address, double Uptime, string Engine, IReadOnlyList<ModuleStatus> Modules);

/// <summary>How one module is.</summary>
public sealed record ModuleStatus(string Name, HealthState State, string Detail);
