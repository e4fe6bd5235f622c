using System.Globalization;
using System.Text;
using Groundwork.Broker.Drills.Clients;
using Groundwork.Broker.Drills.Nodes;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Broker.Storage;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Drills;

/// <summary>
/// Lets a producer hang with a batch on its way while a successor (the same id, the next epoch) takes its place, deletes in every other
/// round the segments in which both have written, starts the broker again, and then lets the late batch come.
/// </summary>
internal sealed class ZombieProducerDrill : Drill
{
    private const string Topic = "zombies";
    private const int Producers = 4;

    /// <inheritdoc/>
    public override string Name => "broker.zombie-producer";

    /// <inheritdoc/>
    public override string Claim =>
        "A batch of a producer whose place was taken is refused with INVALID_PRODUCER_EPOCH, also after a restart and after the segments were deleted that tell of both; "
        + "a batch of the successor that comes twice is answered with its first offset, and is there once.";

    /// <inheritdoc/>
    public override string Sabotage => "Checkpoints do not keep idempotent producers.";

    /// <inheritdoc/>
    public override int DefaultRounds => 50;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        var (rounds, refused, repeated, deleted) = (0, 0, 0, 0);
        while (rounds < context.Rounds && findings.IsClean)
        {
            var cases = new List<Succession>();
            await using (var broker = await OpenAsync(context, cancellationToken))
            {
                using var client = await BrokerClient.ConnectAsync(broker.Port, cancellationToken);
                await DrillTopic.CreateAsync(client, Topic, 1, cancellationToken);
                for (var i = 0; i < Producers; i++)
                    cases.Add(await SucceedAsync(client, context.Random, findings, cancellationToken));
                await LateAsync(client, broker, cases, findings, cancellationToken);
                if (context.Random.Next(2) == 0)
                {
                    var log = broker.Node.Topics.Find(Topic)!.Partitions[0];
                    await log.DeleteBeforeAsync(RecordBatch.None, cancellationToken);
                    deleted += log.Sweep(TimeSpan.FromDays(1));
                }
            }

            await using (var broker = await OpenAsync(context, cancellationToken))
            {
                using var client = await BrokerClient.ConnectAsync(broker.Port, cancellationToken);
                await LateAsync(client, broker, cases, findings, cancellationToken);
                foreach (var one in cases)
                {
                    var next = await DrillTopic.ProduceAsync(client, Topic, 0, Batch(one.Producer, 1, one.NextSequence), cancellationToken);
                    findings.Require(next.ErrorCode == ErrorCode.None, "successors could not go on", $"producer {one.Producer}: {next.ErrorCode}");
                }
            }

            refused += 2 * cases.Count;
            repeated += 2 * cases.Count;
            context.Progress(++rounds, context.Rounds, string.Create(CultureInfo.InvariantCulture, $"{refused} late batches refused"));
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Restarts: {rounds}, with {Producers} producers and their successors each, {deleted} segments deleted between."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"All {refused} late batches were refused; all {repeated} repetitions were answered with their first offset, and appended nothing.")
                : findings.ToString());
    }

    private static Task<DrillBroker> OpenAsync(IDrillContext context, CancellationToken cancellationToken) => DrillBroker.OpenAsync(
        new SystemDisk(Path.Combine(context.Folder, "broker")),
        new NodeOptions { Logs = new LogStoreOptions { JournalBytes = 1 << 20, Omits = context.Sabotage ? Omissions.CheckpointedProducers : Omissions.None } },
        TimeProvider.System, TimeSpan.FromMinutes(1), cancellationToken);

    // A producer writes some, and hangs before its next batch; its successor writes some.
    private static async Task<Succession> SucceedAsync(BrokerClient client, Random random, Findings findings, CancellationToken cancellationToken)
    {
        var producer = await DrillTopic.NewProducerAsync(client, cancellationToken);
        var count = random.Next(1, 8);
        for (var sequence = 0; sequence < count; sequence++)
            await SendAsync(epoch: 0, sequence);
        var late = Batch(producer, 0, count);
        count = random.Next(1, 8);
        long offset = 0;
        for (var sequence = 0; sequence < count; sequence++)
            offset = await SendAsync(epoch: 1, sequence);
        return new Succession(producer, late, Batch(producer, 1, count - 1), offset, count);

        async Task<long> SendAsync(short epoch, int sequence)
        {
            var answer = await DrillTopic.ProduceAsync(client, Topic, 0, Batch(producer, epoch, sequence), cancellationToken);
            findings.Require(answer.ErrorCode == ErrorCode.None, "batches were refused while nothing was wrong", $"producer {producer}, epoch {epoch}, {sequence}: {answer.ErrorCode}");
            return answer.BaseOffset;
        }
    }

    // The late batch comes, and the successor's last one once more.
    private static async Task LateAsync(BrokerClient client, DrillBroker broker, List<Succession> cases, Findings findings, CancellationToken cancellationToken)
    {
        var log = broker.Node.Topics.Find(Topic)!.Partitions[0];
        var end = log.EndOffset;
        foreach (var one in cases)
        {
            var late = await DrillTopic.ProduceAsync(client, Topic, 0, one.Late.ToArray(), cancellationToken);
            findings.Require(late.ErrorCode == ErrorCode.InvalidProducerEpoch, "batches of producers whose place was taken were not refused", $"producer {one.Producer}: {late.ErrorCode}");
            var again = await DrillTopic.ProduceAsync(client, Topic, 0, one.Last.ToArray(), cancellationToken);
            findings.Require(
                again.ErrorCode == ErrorCode.None && again.BaseOffset == one.LastOffset, "repetitions were not answered with their first offset",
                $"producer {one.Producer}: {again.ErrorCode}, {again.BaseOffset} instead of {one.LastOffset}");
        }

        findings.Require(log.EndOffset == end, "late and repeated batches were appended", $"{end} to {log.EndOffset}");
    }

    private static byte[] Batch(long producer, short epoch, int sequence)
    {
        var batch = new BatchBuilder();
        batch.Add(0, null, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{producer}/{epoch}/{sequence}")));
        return batch.Build(producerId: producer, producerEpoch: epoch, baseSequence: sequence);
    }

    private sealed record Succession(long Producer, byte[] Late, byte[] Last, long LastOffset, int NextSequence);
}
