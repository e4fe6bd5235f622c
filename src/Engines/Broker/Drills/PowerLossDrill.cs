using System.Globalization;
using Groundwork.Broker.Drills.Clients;
using Groundwork.Broker.Drills.Disks;
using Groundwork.Broker.Drills.Nodes;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Storage;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Drills;

/// <summary>
/// Kills a broker under idempotent producers and a group's commits, over and over on one folder, and compares what is there with what
/// was acknowledged.
/// </summary>
/// <remarks>
/// A life: 1. the broker starts, on a disk that forgets what was not synced (<see cref="LossyDisk"/>, so that the kill is a power cut) or
/// on the system's (<c>kill -9</c>), as chance has it; one in four is killed while it starts; 2. all that is there is compared; 3. producers send what
/// was not answered again, then more; 4. after so many answers as chance has it, it is killed in the middle of what it does.
/// </remarks>
internal sealed class PowerLossDrill : Drill
{
    private const int Producers = 6;
    private const int Partitions = 4;
    private const int MostBatches = 400;
    private const string Lossy = "lossy";
    private const string Plain = "plain";

    /// <inheritdoc/>
    public override string Name => "broker.power-loss";

    /// <inheritdoc/>
    public override string Claim =>
        "Killed at any moment, also while it starts, on a disk that loses what was not synced or on the system's own, the broker loses no acknowledged record and no committed offset; "
        + "no record is there twice after producers sent again what was not answered, and each producer's order in a partition is kept.";

    /// <inheritdoc/>
    public override string Sabotage => "The disk only says that it synced the journal.";

    /// <inheritdoc/>
    public override int DefaultRounds => 40;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        var load = new CrashLoad(Producers, Partitions, findings);
        var (cuts, kills, early) = (0, 0, 0);
        while (cuts + kills < context.Rounds && findings.IsClean)
        {
            // Without the journal's syncs only a power cut shows it.
            var disk = context.Sabotage || context.Random.Next(2) == 0 ? Lossy : Plain;
            if (context.Random.Next(4) == 0)
            {
                early++;
                await BrokerProcess.StartAndKillAsync(context, disk, cancellationToken);
            }

            await using var broker = await BrokerProcess.StartAsync(context, disk, cancellationToken);
            await load.PrepareAsync(broker.Port, cancellationToken);
            await load.CheckAsync(broker.Port, cancellationToken);
            CheckReports(broker, findings);
            var batches = context.Random.Next(1, MostBatches + 1);
            await load.RunAsync(broker.Port, context.Random, batches, broker.KillAsync, cancellationToken);
            _ = disk == Lossy ? cuts++ : kills++;
            context.Progress(cuts + kills, context.Rounds, $"{(disk == Lossy ? "power cut" : "killed")} after {batches} batches; {load}");
        }

        if (findings.IsClean)
        {
            await using var broker = await BrokerProcess.StartAsync(context, Plain, cancellationToken);
            await load.ResolveAsync(broker.Port, cancellationToken);
            await load.CheckAsync(broker.Port, cancellationToken);
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Power cuts: {cuts}, kills: {kills}, and {early} more while it started, each 1 to {MostBatches} batches into the load of {Producers} producers on {Partitions} partitions and one group; {load}."),
            findings.IsClean ? "All acknowledged records are there, each once, in their order and where it was said; so are the committed offsets." : findings.ToString());
    }

    /// <inheritdoc/>
    public override Task WorkAsync(IDrillContext context, TextWriter output, CancellationToken cancellationToken)
    {
        var folder = BrokerProcess.Folder(context);
        LossyDisk.Mend(folder);
        IDisk disk = context.Argument == Lossy
            ? new LossyDisk(folder, context.Random, path => context.Sabotage && path.StartsWith("journal/", StringComparison.Ordinal))
            : new SystemDisk(folder);
        return BrokerProcess.ServeAsync(disk, new LogStoreOptions(), output, cancellationToken);
    }

    private static void CheckReports(BrokerProcess broker, Findings findings)
    {
        foreach (var report in broker.Reports.Where(report => report.Contains("neither in the log nor in the journal", StringComparison.Ordinal)))
            findings.Add("records are said to be gone", report);
    }
}
