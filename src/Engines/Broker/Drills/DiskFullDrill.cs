using System.Globalization;
using System.Text;
using Groundwork.Broker.Drills.Clients;
using Groundwork.Broker.Drills.Disks;
using Groundwork.Broker.Drills.Nodes;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Drills;

/// <summary>
/// Takes the room from under a broker's segments while it is written to, reads, starts it again in every other round while there is
/// none, gives room back, and writes on.
/// </summary>
internal sealed class DiskFullDrill : Drill
{
    private const string Topic = "full";
    private const int Partitions = 3;
    private const int MostRoom = 200_000;
    private const int MostFill = 8_000;
    private const int Refusals = 10;
    private const long RoomAgain = 100L << 20;

    /// <inheritdoc/>
    public override string Name => "broker.disk-full";

    /// <inheritdoc/>
    public override string Claim =>
        "When segments cannot grow, a batch is refused with KAFKA_STORAGE_ERROR and nothing of it is there; what was acknowledged is read as before, also after a start without room; "
        + "once there is room, the same broker takes batches again.";

    /// <inheritdoc/>
    public override string Sabotage => "The journal does not take its room beforehand.";

    /// <inheritdoc/>
    public override int DefaultRounds => 20;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        var disk = new BoundedDisk(Path.Combine(context.Folder, "broker"), reserves: !context.Sabotage);
        var written = Enumerable.Range(0, Partitions).Select(_ => new List<string>()).ToArray();
        var (rounds, refused, restarts) = (0, 0, 0);
        var broker = await OpenAsync(disk, cancellationToken);
        try
        {
            while (rounds < context.Rounds && findings.IsClean)
            {
                using (var client = await BrokerClient.ConnectAsync(broker.Port, cancellationToken))
                {
                    if (rounds == 0)
                        await DrillTopic.CreateAsync(client, Topic, Partitions, cancellationToken, ("segment.bytes", "1048576"));
                    disk.Room = context.Random.Next(MostRoom);
                    refused += await FillAsync(client, written, context.Random, findings, cancellationToken);
                    await CheckAsync(client, written, findings, cancellationToken);
                }

                if (context.Random.Next(2) == 0)
                {
                    restarts++;
                    await broker.DisposeAsync();
                    broker = await OpenAsync(disk, cancellationToken);
                }

                using var after = await BrokerClient.ConnectAsync(broker.Port, cancellationToken);
                await CheckAsync(after, written, findings, cancellationToken);
                disk.Room = RoomAgain;
                for (var partition = 0; partition < Partitions; partition++)
                {
                    var error = await SendAsync(after, written, partition, context.Random, findings, cancellationToken);
                    findings.Require(error == ErrorCode.None, "batches were refused although there was room again", $"partition {partition}: {error}");
                }

                await CheckAsync(after, written, findings, cancellationToken);
                context.Progress(++rounds, context.Rounds, string.Create(CultureInfo.InvariantCulture, $"{refused} batches refused"));
            }
        }
        finally
        {
            await broker.DisposeAsync();
        }

        var records = written.Sum(partition => partition.Count);
        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"The disk was full {rounds} times, {restarts} of them over a restart; {refused} batches were refused."),
            findings.IsClean ? string.Create(CultureInfo.InvariantCulture, $"All {records:N0} acknowledged records are there, and nothing that was refused.") : findings.ToString());
    }

    private static Task<DrillBroker> OpenAsync(BoundedDisk disk, CancellationToken cancellationToken) => DrillBroker.OpenAsync(
        disk, new NodeOptions { Logs = new LogStoreOptions { JournalBytes = 64L << 20 } }, TimeProvider.System, TimeSpan.FromMinutes(1), cancellationToken);

    // Writes until there is no room, and then a few times more.
    private static async Task<int> FillAsync(BrokerClient client, List<string>[] written, Random random, Findings findings, CancellationToken cancellationToken)
    {
        var refused = 0;
        while (refused < Refusals)
        {
            var error = await SendAsync(client, written, random.Next(Partitions), random, findings, cancellationToken);
            if (error != ErrorCode.None)
                refused++;
            findings.Require(error is ErrorCode.None or ErrorCode.KafkaStorageError, "batches were refused with another error", $"{error}");
        }

        return refused;
    }

    private static async Task<ErrorCode> SendAsync(
        BrokerClient client, List<string>[] written, int partition, Random random, Findings findings, CancellationToken cancellationToken)
    {
        var value = string.Create(CultureInfo.InvariantCulture, $"{random.NextInt64()}/{new string('x', random.Next(MostFill))}");
        var batch = new BatchBuilder();
        batch.Add(0, null, Encoding.UTF8.GetBytes(value));
        var answer = await DrillTopic.ProduceAsync(client, Topic, partition, batch.Build(), cancellationToken);
        if (answer.ErrorCode != ErrorCode.None)
            return answer.ErrorCode;
        findings.Require(answer.BaseOffset == written[partition].Count, "batches have not the next offset", $"{answer.BaseOffset} behind {written[partition].Count}");
        written[partition].Add(value);
        return ErrorCode.None;
    }

    private static async Task CheckAsync(BrokerClient client, List<string>[] written, Findings findings, CancellationToken cancellationToken)
    {
        for (var partition = 0; partition < Partitions; partition++)
        {
            var (records, error) = await DrillTopic.ReadAsync(client, Topic, partition, 0, cancellationToken);
            findings.Require(error == ErrorCode.None, "reads failed", $"partition {partition}: {error}");
            findings.Require(
                records.Select(record => record.Value).SequenceEqual(written[partition]), "partitions hold something else than was acknowledged",
                $"partition {partition}: {records.Count} records, {written[partition].Count} acknowledged");
        }
    }
}
