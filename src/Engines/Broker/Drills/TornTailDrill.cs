using System.Globalization;
using Groundwork.Broker.Drills.Clients;
using Groundwork.Broker.Drills.Disks;
using Groundwork.Broker.Drills.Nodes;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Storage;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Drills;

/// <summary>
/// Kills a broker, leaves torn writes behind what its files hold (half a batch at a segment's end, half a frame at the journal's, or all
/// of one with sectors that never came), and starts it again, over and over on one folder.
/// </summary>
internal sealed class TornTailDrill : Drill
{
    private const int Producers = 4;
    private const int Partitions = 4;
    private const int MostBatches = 200;

    /// <inheritdoc/>
    public override string Name => "broker.torn-tail";

    /// <inheritdoc/>
    public override string Claim =>
        "With any torn write behind the last whole batch of each segment and behind the journal's last frame, the broker starts, reports each tail that it cuts off, "
        + "has every acknowledged record, serves nothing of what was torn, and takes more where the log ends.";

    /// <inheritdoc/>
    public override string Sabotage => "At start a batch is taken for whole if the file is long enough for it.";

    /// <inheritdoc/>
    public override int DefaultRounds => 30;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        var load = new CrashLoad(Producers, Partitions, findings);
        var image = new LogImage(BrokerProcess.Folder(context));
        var torn = new List<int>();
        var (rounds, tails) = (0, 0);
        while (true)
        {
            await using var broker = await BrokerProcess.StartAsync(context, "", cancellationToken);
            await load.PrepareAsync(broker.Port, cancellationToken);
            foreach (var partition in torn)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{CrashLoad.Topic}-{partition}: A torn tail");
                findings.Require(broker.Reports.Exists(report => report.StartsWith(name, StringComparison.Ordinal)), "torn tails were not reported", $"partition {partition}");
            }

            await load.ResolveAsync(broker.Port, cancellationToken);
            await load.CheckAsync(broker.Port, cancellationToken);
            if (rounds == context.Rounds || !findings.IsClean)
                break;
            await load.RunAsync(broker.Port, context.Random, context.Random.Next(1, MostBatches + 1), broker.KillAsync, cancellationToken);
            torn = [.. Enumerable.Range(0, Partitions).Where(_ => context.Random.Next(4) > 0).Where(partition => image.Segments(CrashLoad.Topic, partition).Count > 0)];
            foreach (var partition in torn)
                LogImage.TearSegment(image.Segments(CrashLoad.Topic, partition)[^1], context.Random);
            image.TearJournal(context.Random);
            tails += torn.Count;
            context.Progress(++rounds, context.Rounds, string.Create(CultureInfo.InvariantCulture, $"{tails} torn tails; {load}"));
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Kills: {rounds}, with {tails} torn segments and as many torn frames as kills; {load}."),
            findings.IsClean ? "Each start cut the torn tails off and said so; all acknowledged records are there, and nothing else." : findings.ToString());
    }

    /// <inheritdoc/>
    public override Task WorkAsync(IDrillContext context, TextWriter output, CancellationToken cancellationToken) => BrokerProcess.ServeAsync(
        new SystemDisk(BrokerProcess.Folder(context)),
        new LogStoreOptions { Omits = context.Sabotage ? Omissions.TailChecksums : Omissions.None }, output, cancellationToken);
}
