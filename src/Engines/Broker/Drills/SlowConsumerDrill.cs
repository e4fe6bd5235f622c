using System.Globalization;
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
/// Lets consumers ask for much and take nothing: first a few, beside which others read and write; then more than the memory for requests
/// holds. Puts the clock forward until they are closed, and lets retention take what a group has not read.
/// </summary>
internal sealed class SlowConsumerDrill : Drill
{
    private const string Topic = "slow";
    private const string Group = "late";
    private const int FetchBytes = 1 << 20;

    // What answers may take: half of what requests and answers may together.
    private const long Memory = 8 * FetchBytes;
    private const int Few = 4;
    private const int Many = 24;
    private const int Asked = 16;
    private const int Batches = 80;
    private const int BatchBytes = 100_000;

    // As many whole batches as fit into what is asked for.
    private const long AnswerBytes = FetchBytes / BatchBytes * (long)BatchBytes;
    private const int ReceiveBytes = 4096;

    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);

    // The server looks every 5 s.
    private static readonly TimeSpan UntilLook = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <inheritdoc/>
    public override string Name => "broker.slow-consumer";

    /// <inheritdoc/>
    public override string Claim =>
        $"{Many} consumers that ask for 1 MiB again and again and take nothing never hold more than answers may of Broker:RequestMemory; as long as they are fewer than fill it, others read and write on; "
        + "each is closed when it has taken nothing for a minute, and all is given back. One that fell behind retention is told OFFSET_OUT_OF_RANGE, and its lag says so.";

    /// <inheritdoc/>
    public override string Sabotage => "Answers have no bound of memory.";

    /// <inheritdoc/>
    public override int DefaultRounds => 5;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        var (rounds, closed, most) = (0, 0, 0L);
        while (rounds < context.Rounds && findings.IsClean)
        {
            var clock = new DrillClock();
            var folder = Path.Combine(context.Folder, string.Create(CultureInfo.InvariantCulture, $"round-{rounds}"));
            await using (var broker = await OpenAsync(folder, clock, context.Sabotage, cancellationToken))
            {
                var slow = await ReadBesideAsync(broker, context.Random, findings, cancellationToken);
                slow.AddRange(await HangAsync(broker, Many - Few, findings, cancellationToken));
                most = Math.Max(most, broker.Node.AnswerMemory.Taken);
                closed += await CloseAsync(broker, clock, slow, findings, cancellationToken);
                await FallBehindAsync(broker, findings, cancellationToken);
            }

            context.Progress(++rounds, context.Rounds, string.Create(CultureInfo.InvariantCulture, $"{closed} slow consumers closed"));
            if (findings.IsClean)
                Directory.Delete(folder, recursive: true);
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Rounds: {rounds}, each with {Few} and then {Many} consumers that took nothing, where answers may take {Memory >> 20} MiB."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"They held {most / 1048576.0:0.0} MiB at most; all {closed} were closed and gave back what they held.")
                : findings.ToString());
    }

    private static Task<DrillBroker> OpenAsync(string folder, DrillClock clock, bool sabotage, CancellationToken cancellationToken) => DrillBroker.OpenAsync(
        new SystemDisk(folder),
        new NodeOptions { RequestMemory = sabotage ? long.MaxValue / 2 : 2 * Memory, MaxFetchBytes = FetchBytes, Logs = new LogStoreOptions { JournalBytes = 16 << 20 } },
        clock, Stall, cancellationToken);

    // A few are slow; others write and read all there is.
    private static async Task<List<BrokerClient>> ReadBesideAsync(DrillBroker broker, Random random, Findings findings, CancellationToken cancellationToken)
    {
        using var client = await BrokerClient.ConnectAsync(broker.Port, cancellationToken);
        await DrillTopic.CreateAsync(client, Topic, 1, cancellationToken, ("segment.bytes", "1048576"), ("retention.bytes", "2097152"));
        await WriteAsync(client, Batches, random, findings, cancellationToken);
        var slow = await HangAsync(broker, Few, findings, cancellationToken);
        await WriteAsync(client, Batches / 4, random, findings, cancellationToken);
        var (records, error) = await DrillTopic.ReadAsync(client, Topic, 0, 0, cancellationToken);
        findings.Require(
            error == ErrorCode.None && records.Count == Batches + (Batches / 4), "others could not read beside slow consumers", $"{records.Count} records: {error}");
        return slow;
    }

    private static async Task WriteAsync(BrokerClient client, int batches, Random random, Findings findings, CancellationToken cancellationToken)
    {
        var value = new byte[BatchBytes];
        for (var i = 0; i < batches; i++)
        {
            random.NextBytes(value);
            var batch = new BatchBuilder();
            batch.Add(0, null, value);
            var answer = await DrillTopic.ProduceAsync(client, Topic, 0, batch.Build(), cancellationToken);
            findings.Require(answer.ErrorCode == ErrorCode.None, "others could not write beside slow consumers", $"{answer.ErrorCode}");
        }
    }

    // Consumers whose requests wait for them to take an answer, or for memory.
    private static async Task<List<BrokerClient>> HangAsync(DrillBroker broker, int count, Findings findings, CancellationToken cancellationToken)
    {
        var slow = new List<BrokerClient>();
        for (var i = 0; i < count; i++)
        {
            slow.Add(await BrokerClient.ConnectAsync(broker.Port, cancellationToken, ReceiveBytes));
            for (var n = 0; n < Asked; n++)
                await slow[^1].SendAsync(DrillTopic.Fetch(Topic, 0, 0, FetchBytes), cancellationToken);
        }

        // Each comes to hold an answer that is not taken; those for whom there is no memory wait for it.
        while (broker.Node.AnswerMemory.Taken < Math.Min(count * AnswerBytes, broker.Node.Options.RequestMemory / 2 - FetchBytes))
            await Task.Delay(Pause, cancellationToken);
        findings.Require(broker.Node.AnswerMemory.Taken <= Memory, "answers held more memory than is allowed", $"{broker.Node.AnswerMemory.Taken} bytes of {Memory}");
        return slow;
    }

    private static async Task<int> CloseAsync(DrillBroker broker, DrillClock clock, List<BrokerClient> slow, Findings findings, CancellationToken cancellationToken)
    {
        // Those that wait for memory get it when others are closed, and are closed in their turn.
        while (broker.Connected > 0)
        {
            clock.Advance(Stall + UntilLook);
            await Task.Delay(Pause, cancellationToken);
        }

        foreach (var client in slow)
        {
            await client.ReadToEndAsync(cancellationToken);
            client.Dispose();
        }

        findings.Require(
            broker.Reports.Any(report => report.StartsWith("It takes no answers", StringComparison.Ordinal)), "slow consumers were closed without a word", string.Join(' ', broker.Reports));
        while (broker.Node.AnswerMemory.Taken > 0)
            await Task.Delay(Pause, cancellationToken);
        return slow.Count;
    }

    private static async Task FallBehindAsync(DrillBroker broker, Findings findings, CancellationToken cancellationToken)
    {
        using var client = await BrokerClient.ConnectAsync(broker.Port, cancellationToken);
        var commit = await client.AskAsync(
            new OffsetCommitRequest { GroupId = Group, Topics = [new() { Name = Topic, Partitions = [new() { PartitionIndex = 0, CommittedOffset = 0 }] }] }, cancellationToken);
        findings.Require(commit.Topics[0].Partitions[0].ErrorCode == ErrorCode.None, "commits were refused while nothing was wrong", $"{commit.Topics[0].Partitions[0].ErrorCode}");
        var log = broker.Node.Topics.Find(Topic)!.Partitions[0];
        _ = log.Sweep(TimeSpan.FromDays(1));
        var answer = await DrillTopic.FetchAsync(client, Topic, 0, 0, cancellationToken);
        findings.Require(answer.ErrorCode == ErrorCode.OffsetOutOfRange, "consumers behind retention were not told so", $"{answer.ErrorCode}");
        findings.Require(
            ConsumerLag.Each(broker.Node).Any(lag => lag.Group == Group && lag.Records == log.HighWatermark && lag.UntilRetention < TimeSpan.Zero),
            "lags do not say that records are gone", string.Join(", ", ConsumerLag.Each(broker.Node)));
    }
}
