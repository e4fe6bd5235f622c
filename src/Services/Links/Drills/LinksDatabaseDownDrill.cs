using System.Globalization;
using Groundwork.Ports.Experiments;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Links.Drills;

/// <summary>
/// Takes PostgreSQL away from under the load, by turns by killing it (rounds 1, 3, …) and by hanging it (2, 4, …), and gives it back.
/// </summary>
/// <remarks>
/// The server hangs for longer than anybody may be kept waiting.
/// </remarks>
internal sealed class LinksDatabaseDownDrill : Drill
{
    private static readonly TimeSpan Load = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Killed = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Hung = TimeSpan.FromSeconds(16);

    // What is promised; what is measured is far below, on a machine with nothing else to do.
    private static readonly TimeSpan FollowWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RefuseWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RefuseHungWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RecoverWithin = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override string Name => "links.database-down";

    /// <inheritdoc/>
    public override string Claim => string.Create(
        CultureInfo.InvariantCulture,
        $"While PostgreSQL is away, links that were followed before go on being followed (within {FollowWithin.TotalSeconds:0} s), and all else is refused with 503 and Retry-After: within {RefuseWithin.TotalSeconds:0} s where PostgreSQL was killed, within {RefuseHungWithin.TotalSeconds:0} s where it hangs. Once it is back, links are made again within {RecoverWithin.TotalSeconds:0} s, and none that was acknowledged is lost.");

    /// <inheritdoc/>
    public override string Sabotage => "Redirects are not cached.";

    /// <inheritdoc/>
    public override int DefaultRounds => 6;

    /// <inheritdoc/>
    public override void Rig(IServiceCollection services, bool sabotage)
    {
        if (sabotage)
            services.ForgetRedirects();
    }

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        if (context.Services.MissingServers(out var servers) is { } missing)
            return DrillResult.NotHere(missing);

        await using var server = await servers.StartAsync(Path.Combine(context.Folder, "postgres"), cancellationToken);
        await using var program = await context.StartProgramAsync(
            Path.Combine(context.Folder, "data"),
            [$"--Database:Connection={server.Connection}"], cancellationToken);
        var findings = new Findings();
        await using var load = await OutageLoad.StartAsync(program.Address, findings, "down");
        var (killed, hung) = (new OutagePhase("killed"), new OutagePhase("hung"));
        var (rounds, slowest) = (0, TimeSpan.Zero);
        while (rounds < context.Rounds && findings.IsClean)
        {
            load.Begin("up");
            await Task.Delay(Load, cancellationToken);
            var (outage, recovery) = rounds % 2 == 0
                ? await KillAsync(server, load, cancellationToken)
                : await HangAsync(server, load, cancellationToken);
            rounds++;
            (rounds % 2 == 1 ? killed : hung).Add(outage);
            Judge(outage, rounds % 2 == 1 ? RefuseWithin : RefuseHungWithin, recovery, findings);
            slowest = recovery is { } took && took > slowest ? took : slowest;
            context.Progress(rounds, context.Rounds, string.Create(CultureInfo.InvariantCulture, $"{outage}; back after {recovery?.TotalMilliseconds:N0} ms"));
        }

        await load.EndAsync();
        if (slowest > TimeSpan.Zero)
            await load.CheckAsync(load.Made, cancellationToken);
        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Outages: {rounds:N0}; {load.Made.Count:N0} links were acknowledged in all. {killed}. {hung}."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"All acknowledged links are there; links were made again {slowest.TotalMilliseconds:N0} ms after PostgreSQL was back at the latest.")
                : findings.ToString());
    }

    private static async Task<(OutagePhase Outage, TimeSpan? Recovery)> KillAsync(
        ILocalDatabaseServer server, OutageLoad load, CancellationToken cancellationToken)
    {
        await server.KillAsync();
        var outage = load.Begin("killed");
        await Task.Delay(Killed, cancellationToken);
        await server.StartAgainAsync(cancellationToken);
        return (outage, await load.RecoverAsync(RecoverWithin));
    }

    private static async Task<(OutagePhase Outage, TimeSpan? Recovery)> HangAsync(
        ILocalDatabaseServer server, OutageLoad load, CancellationToken cancellationToken)
    {
        OutagePhase outage;
        server.Hang();
        try
        {
            outage = load.Begin("hung");
            await Task.Delay(Hung, cancellationToken);
        }
        finally
        {
            server.GoOn();
        }

        return (outage, await load.RecoverAsync(RecoverWithin));
    }

    private static void Judge(OutagePhase outage, TimeSpan refuseWithin, TimeSpan? recovery, Findings findings)
    {
        findings.Require(outage.Followed > 0 && outage.Refused > 0, "outages were not noticed", outage.ToString());
        findings.Require(outage.SlowestFollow <= FollowWithin, "outages kept followers of hot links waiting", outage.ToString());
        findings.Require(outage.SlowestOther <= refuseWithin, "outages kept others waiting", outage.ToString());
        findings.Require(recovery is not null, "outages did not end with PostgreSQL's", outage.Name);
    }
}
