using System.Globalization;
using System.Text;
using Groundwork.Broker.Drills.Clients;
using Groundwork.Broker.Drills.Disks;
using Groundwork.Broker.Drills.Nodes;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Records;
using Groundwork.Broker.Storage;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Drills;

/// <summary>
/// Turns bits in the files of a broker that ended as by a crash: in batches of sealed segments, in lines of their indexes, in a frame of the
/// journal that has others behind it. Then reads everything, from the start and from any offset.
/// </summary>
/// <remarks>The four bytes of a batch's leader epoch are left alone: nothing covers them, and on one node nothing rests on them.</remarks>
internal sealed class BitRotDrill : Drill
{
    private const string Topic = "rot";
    private const int Bytes = 5 << 20;
    private const int MostFlips = 4;
    private const int Seeks = 100;
    private const int EpochAt = 12;
    private const int EpochBytes = 4;

    /// <inheritdoc/>
    public override string Name => "broker.bit-rot";

    /// <inheritdoc/>
    public override string Claim =>
        "With bits turned in sealed segments, in their indexes and in the journal, the broker starts; a damaged batch is answered with CORRUPT_MESSAGE, reported and never served, "
        + "every other record is served at its offset from wherever one begins to read, and damage to the journal is reported.";

    /// <inheritdoc/>
    public override string Sabotage => "Checksums are not looked at when the log is read.";

    /// <inheritdoc/>
    public override int DefaultRounds => 30;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        var (rounds, flips, lines, frames, served) = (0, 0, 0, 0, 0L);
        while (rounds < context.Rounds && findings.IsClean)
        {
            var folder = Path.Combine(context.Folder, string.Create(CultureInfo.InvariantCulture, $"round-{rounds}"));
            var written = await WriteAsync(folder, context.Random, cancellationToken);
            var image = new LogImage(folder);
            var sealedOnes = image.Segments(Topic, 0).SkipLast(2).ToList();
            var damaged = FlipBatches(sealedOnes, context.Random);
            lines += FlipIndexes(sealedOnes, context.Random);
            var journal = image.FlipJournal(context.Random);
            flips += damaged.Count;
            frames += journal ? 1 : 0;

            served += await ReadAsync(folder, written, damaged, journal, context, findings, cancellationToken);
            context.Progress(++rounds, context.Rounds, string.Create(CultureInfo.InvariantCulture, $"{flips} batches, {lines} lines of indexes and {frames} frames damaged"));
            if (findings.IsClean)
                Directory.Delete(folder, recursive: true);
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Logs: {rounds} of {Bytes >> 20} MiB, a bit turned in {flips} batches, {lines} lines of indexes and {frames} frames of the journal."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"Every damaged batch was refused and reported; the other {served:N0} records were served as they were written.")
                : findings.ToString());
    }

    private static async Task<long> ReadAsync(
        string folder, List<string> written, List<LogImage.Place> damaged, bool journal, IDrillContext context, Findings findings, CancellationToken cancellationToken)
    {
        await using var broker = await OpenAsync(folder, context.Sabotage ? Omissions.ReadChecksums : Omissions.None, cancellationToken);
        findings.Require(
            !journal || broker.Reports.Any(report => report.StartsWith("journal", StringComparison.Ordinal)), "damaged frames were not reported", "the journal's");
        using var client = await BrokerClient.ConnectAsync(broker.Port, cancellationToken);
        var reader = new RotReader(client, Topic, written, damaged, findings);
        var served = await reader.ReadAllAsync(cancellationToken);
        for (var i = 0; i < Seeks; i++)
            await reader.SeekAsync(context.Random.Next(written.Count), cancellationToken);
        var reports = broker.Reports.Count(report => report.StartsWith($"{Topic}-0", StringComparison.Ordinal));
        findings.Require(reports >= damaged.Count, "damaged batches were not reported", $"{damaged.Count} are damaged, {reports} reports");
        return served;
    }

    private static Task<DrillBroker> OpenAsync(string folder, Omissions omits, CancellationToken cancellationToken) => DrillBroker.OpenAsync(
        new SystemDisk(folder), new NodeOptions { Logs = new LogStoreOptions { JournalBytes = 2 << 20, Omits = omits } }, TimeProvider.System,
        TimeSpan.FromMinutes(1), cancellationToken);

    // The folder as it is while the broker runs is what a kill leaves.
    private static async Task<List<string>> WriteAsync(string folder, Random random, CancellationToken cancellationToken)
    {
        var running = folder + "-running";
        var values = new List<string>();
        await using (var broker = await OpenAsync(running, Omissions.None, cancellationToken))
        {
            using var client = await BrokerClient.ConnectAsync(broker.Port, cancellationToken);
            await DrillTopic.CreateAsync(client, Topic, 1, cancellationToken, ("segment.bytes", "1048576"));
            var log = broker.Node.Topics.Find(Topic)!.Partitions[0];
            AppendResult last = default;
            for (var bytes = 0; bytes < Bytes;)
            {
                var batch = new BatchBuilder();
                for (var i = random.Next(1, 5); i > 0; i--)
                {
                    values.Add(string.Create(CultureInfo.InvariantCulture, $"{values.Count}/{new string((char)random.Next('a', 'z'), random.Next(100, 900))}"));
                    batch.Add(0, null, Encoding.UTF8.GetBytes(values[^1]));
                }

                bytes += batch.Bytes;
                await broker.Node.Logs.Committer.RoomAsync(cancellationToken);
                last = log.Append(batch.Build());
                if (random.Next(10) == 0)
                    await last.Round!.Durable;
            }

            await last.Round!.Durable;
            Copy(running, folder);
        }

        Directory.Delete(running, recursive: true);
        return values;
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static List<LogImage.Place> FlipBatches(List<string> segments, Random random)
    {
        var all = segments.SelectMany(LogImage.Batches).ToArray();
        random.Shuffle(all);
        var damaged = all.Take(random.Next(1, MostFlips + 1)).ToList();
        foreach (var batch in damaged)
        {
            var at = random.Next(batch.Length - EpochBytes);
            LogImage.Flip(batch.File, batch.At + (at < EpochAt ? at : at + EpochBytes), random.Next(8));
        }

        return damaged;
    }

    private static int FlipIndexes(List<string> segments, Random random)
    {
        var flipped = 0;
        foreach (var index in segments.Select(segment => Path.ChangeExtension(segment, ".index")).Where(File.Exists))
        {
            LogImage.Flip(index, random.NextInt64(new FileInfo(index).Length), random.Next(8));
            flipped++;
        }

        return flipped;
    }
}
