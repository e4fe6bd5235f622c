using System.Globalization;
using System.Text;
using Groundwork.Broker.Drills.Clients;
using Groundwork.Broker.Drills.Nodes;
using Groundwork.Broker.Groups;
using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Broker.Storage;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Drills;

/// <summary>
/// Lets the members of one group come, leave, hang and die at random while they work, beside a group in which nothing happens; then
/// lets the storm end, and waits until all is processed.
/// </summary>
/// <remarks>Ownership is what a heartbeat confirms: whoever is confirmed after somebody has his share of a newer generation owns what is another's.</remarks>
internal sealed class RebalanceStormDrill : Drill
{
    private const string Topic = "storm";
    private const string Quiet = "quiet";
    private const int Members = 8;
    private const int Partitions = 6;
    private const int Records = 200;
    private const int Turns = 20;
    private const int RecordsABatch = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Far more than its timeouts: how busy a machine is must not decide.
    private static readonly TimeSpan RestsWithin = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public override string Name => "broker.rebalance-storm";

    /// <inheritdoc/>
    public override string Claim =>
        $"While {Members} members of a group join, leave, hang and die at random, nobody is confirmed to own a share of a generation after the next one was given out, no commit of such a one is taken, "
        + "and another group's heartbeats are answered as ever. When the storm ends the group comes to rest, and every record was processed before it was committed.";

    /// <inheritdoc/>
    public override string Sabotage => "A commit is taken whatever generation it is of.";

    /// <inheritdoc/>
    public override int DefaultRounds => 10;

    /// <inheritdoc/>
    public override async Task<DrillResult> RunAsync(IDrillContext context, CancellationToken cancellationToken)
    {
        var findings = new Findings();
        var (rounds, generations, actions, refused, heartbeats) = (0, 0, 0, 0, 0);
        while (rounds < context.Rounds && findings.IsClean)
        {
            var storm = new Storm(Partitions, Records, findings);
            var folder = Path.Combine(context.Folder, string.Create(CultureInfo.InvariantCulture, $"round-{rounds}"));
            await using (var broker = await OpenAsync(folder, context.Sabotage, cancellationToken))
                await RoundAsync(broker, storm, context.Random, findings, cancellationToken);
            generations += storm.Generation;
            actions += storm.Actions;
            refused += storm.Refused;
            heartbeats += storm.Heartbeats;
            context.Progress(++rounds, context.Rounds, string.Create(CultureInfo.InvariantCulture, $"{generations} generations, {refused} commits refused"));
        }

        return new DrillResult(
            findings.IsClean,
            string.Create(CultureInfo.InvariantCulture, $"Storms: {rounds}, of {Members} members who left, hung or died {actions} times, which made {generations} generations."),
            findings.IsClean
                ? string.Create(CultureInfo.InvariantCulture, $"{heartbeats:N0} heartbeats were confirmed, none of an older generation; {refused} late commits were refused; all {rounds * Partitions * Records:N0} records were processed.")
                : findings.ToString());
    }

    private static Task<DrillBroker> OpenAsync(string folder, bool sabotage, CancellationToken cancellationToken) => DrillBroker.OpenAsync(
        new SystemDisk(folder),
        new NodeOptions { Groups = new GroupLimits { MinSessionMs = 1, Rules = new GroupRules { InitialDelayMs = 0, TakesOldCommits = sabotage } } },
        TimeProvider.System, TimeSpan.FromMinutes(1), cancellationToken);

    private static async Task RoundAsync(DrillBroker broker, Storm storm, Random random, Findings findings, CancellationToken cancellationToken)
    {
        using var client = await BrokerClient.ConnectAsync(broker.Port, cancellationToken);
        await WriteAsync(client, cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(RestsWithin);
        var quiet = BeatAsync(broker.Port, findings, ending.Token);
        var members = Enumerable.Range(0, Members)
            .Select(_ => new StormMember(broker.Port, Topic, Topic, Partitions, storm, findings, new Random(random.Next())))
            .Select(member => Task.Run(() => member.RunAsync(Turns, ending.Token), cancellationToken))
            .Append(quiet)
            .ToList();
        try
        {
            while (findings.IsClean && !await IsAtRestAsync(broker, client, storm))
                await Task.Delay(Pause, ending.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            findings.Add("groups did not come to rest", string.Create(CultureInfo.InvariantCulture, $"within {RestsWithin.TotalSeconds:0} s"));
        }

        await ending.CancelAsync();
        await Task.WhenAll(members);
        if (findings.IsClean)
            storm.CheckAll();
    }

    private static async Task WriteAsync(BrokerClient client, CancellationToken cancellationToken)
    {
        await DrillTopic.CreateAsync(client, Topic, Partitions, cancellationToken);
        for (var i = 0; i < Partitions * Records / RecordsABatch; i++)
        {
            var batch = new BatchBuilder();
            for (var n = 0; n < RecordsABatch; n++)
                batch.Add(0, null, Encoding.UTF8.GetBytes(new string('x', 100)));
            var answer = await DrillTopic.ProduceAsync(client, Topic, i % Partitions, batch.Build(), cancellationToken);
            if (answer.ErrorCode != ErrorCode.None)
                throw new InvalidOperationException($"A batch was refused: {answer.ErrorCode}.");
        }
    }

    // All are members again, and all is committed.
    private static async Task<bool> IsAtRestAsync(DrillBroker broker, BrokerClient client, Storm storm)
    {
        _ = broker.Node.Groups.Describe(Topic, out var group);
        if (storm.Calm < Members || group.State != GroupState.Stable || group.Members.Count != Members)
            return false;
        for (var partition = 0; partition < Partitions; partition++)
        {
            if (await StormMember.CommittedAsync(client, Topic, Topic, partition) < Records)
                return false;
        }

        return true;
    }

    // The only member of a group of its own: nothing ever happens to it.
    private static async Task BeatAsync(int port, Findings findings, CancellationToken stopped)
    {
        using var client = await BrokerClient.ConnectAsync(port, CancellationToken.None);
        var request = new JoinGroupRequest
        {
            GroupId = Quiet,
            SessionTimeoutMs = (int)RestsWithin.TotalMilliseconds,
            RebalanceTimeoutMs = (int)RestsWithin.TotalMilliseconds,
            ProtocolType = "consumer",
            Protocols = [new() { Name = "share", Metadata = new byte[1] }],
        };
        request.MemberId = (await client.AskAsync(request, CancellationToken.None)).MemberId;
        var join = await client.AskAsync(request, CancellationToken.None);
        _ = await client.AskAsync(
            new SyncGroupRequest
            {
                GroupId = Quiet,
                MemberId = join.MemberId,
                GenerationId = join.GenerationId,
                ProtocolType = "consumer",
                ProtocolName = "share",
                Assignments = [new() { MemberId = join.MemberId, Assignment = new byte[1] }],
            },
            CancellationToken.None);
        while (!stopped.IsCancellationRequested)
        {
            var beat = await client.AskAsync(new HeartbeatRequest { GroupId = Quiet, MemberId = join.MemberId, GenerationId = join.GenerationId }, CancellationToken.None);
            findings.Require(beat.ErrorCode == ErrorCode.None, "another group was disturbed", $"{beat.ErrorCode}");
            try
            {
                await Task.Delay(Pause, stopped);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
