using System.Globalization;
using Groundwork.Ports.Experiments;

namespace Groundwork.Links.Drills;

/// <summary>
/// Kills PostgreSQL's primary under the load and promotes its synchronous standby, over and over: the standby of a round is the
/// primary of the next.
/// </summary>
/// <remarks>
/// <para>The drill is what promotes, at once; whoever does it otherwise adds the time that he needs to notice. The program knows both
/// addresses and finds by itself which is the primary.</para>
/// <para>The promoted standby waits for no standby of its own: links are made again at once, by one server alone, until it gets one
/// (the next round's). The old primary stays dead: nothing in PostgreSQL keeps it from taking writes if it came back.</para>
/// </remarks>
internal sealed class LinksFailoverDrill : Drill
{
    private const int ShortestLoadMs = 300;
    private const int LongestLoadMs = 1000;

    private static readonly TimeSpan FollowWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RecoverWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterRecovery = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public override string Name => "links.failover";

    /// <inheritdoc/>
    public override string Claim => string.Create(
        CultureInfo.InvariantCulture,
        $"When PostgreSQL's primary is killed under load and its synchronous standby is promoted, no acknowledged link is lost, links are made again within {RecoverWithin.TotalSeconds:0} s of the kill, and links that were followed before are followed all the while (within {FollowWithin.TotalSeconds:0} s).");

    /// <inheritdoc/>
    public override string Sabotage => "Commits do not wait for the standby, and it is cut off while links are made.";

    /// <inheritdoc/>
    public override int DefaultRounds => 5;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        if (context.Services.MissingServers(out var servers) is { } missing)
            return DrillResult.NotHere(missing);

        var findings = new Findings();
        var acknowledged = new List<(string Code, string LongUrl)>();
        var (failovers, slowest, outages) = (0, TimeSpan.Zero, new OutagePhase("from the kill to the first new link"));
        var primary = await servers.StartAsync(Path.Combine(context.Folder, "postgres-0"), cancellationToken);
        try
        {
            while (failovers < context.Rounds && findings.IsClean)
            {
                var standby = await primary.StartStandbyAsync(
                    Path.Combine(context.Folder, string.Create(CultureInfo.InvariantCulture, $"postgres-{failovers + 1}")), !context.Sabotage, cancellationToken);
                var lost = primary;
                primary = standby;
                await using var ended = lost;
                var recovery = await FailOverAsync(context, lost, standby, findings, acknowledged, outages, cancellationToken);
                failovers++;
                slowest = recovery is { } took && took > slowest ? took : slowest;
                context.Progress(failovers, context.Rounds, string.Create(
                    CultureInfo.InvariantCulture, $"links were made again {recovery?.TotalMilliseconds:N0} ms after the kill, {acknowledged.Count:N0} acknowledged so far"));
            }
        }
        finally
        {
            await primary.DisposeAsync();
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Failovers: {failovers:N0}, each {ShortestLoadMs} to {LongestLoadMs} ms into the load; {acknowledged.Count:N0} links were acknowledged in all. {outages}."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"All acknowledged links are there; links were made again {slowest.TotalMilliseconds:N0} ms after the kill at the latest, the promotion included.")
                : findings.ToString());
    }

    private static async Task<TimeSpan?> FailOverAsync(
        IDrillContext context,
        ILocalDatabaseServer primary,
        ILocalDatabaseServer standby,
        Findings findings,
        List<(string Code, string LongUrl)> acknowledged,
        OutagePhase outages,
        CancellationToken cancellationToken)
    {
        await using var program = await context.StartProgramAsync(
            Path.Combine(context.Folder, "data"), [$"--Database:Connection={primary.ConnectionWith(standby)}"], cancellationToken);
        await using var load = await OutageLoad.StartAsync(
            program.Address, findings, string.Create(CultureInfo.InvariantCulture, $"failover-{acknowledged.Count}"));
        await Task.Delay(TimeSpan.FromMilliseconds(context.Random.Next(ShortestLoadMs, LongestLoadMs + 1)), cancellationToken);
        if (context.Sabotage)
        {
            await standby.CutOffAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(ShortestLoadMs), cancellationToken);
        }

        var outage = load.Begin("failover");
        var killing = primary.KillAsync();
        var recovering = load.RecoverAsync(RecoverWithin);
        await killing;
        await standby.PromoteAsync(cancellationToken);
        var recovery = await recovering;
        load.Begin("after");
        await Task.Delay(AfterRecovery, cancellationToken);
        await load.EndAsync();

        outages.Add(outage);
        findings.Require(recovery is not null, "failovers took longer than is claimed", outage.ToString());
        findings.Require(outage.SlowestFollow <= FollowWithin, "failovers kept followers of hot links waiting", outage.ToString());
        acknowledged.AddRange(load.Made);
        findings.Require(
            acknowledged.DistinctBy(link => link.Code).Count() == acknowledged.Count, "failovers made codes be handed out twice", outage.ToString());
        await load.CheckAsync(acknowledged, cancellationToken);
        return recovery;
    }
}
