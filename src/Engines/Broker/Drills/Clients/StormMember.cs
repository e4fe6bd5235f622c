using Groundwork.Broker.Protocol;
using Groundwork.Ports.Experiments;

namespace Groundwork.Broker.Drills.Clients;

/// <summary>
/// A member of a group: joins, shares out the partitions where it leads, processes and commits what it owns; and leaves, hangs
/// and dies at random as long as the storm lasts. Not for concurrent use.
/// </summary>
internal sealed class StormMember(int port, string group, string topic, int partitions, Storm storm, Findings findings, Random random)
{
    /// <summary>How long a member may say nothing, and how long a rebalance may take.</summary>
    public const int TimeoutMs = 300;

    private const string Protocol = "share";
    private const string ProtocolType = "consumer";
    private const int FetchBytes = 4096;
    private const int OneActs = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private BrokerClient? _client;
    private string _memberId = "";
    private int _generation;
    private byte[] _owned = [];
    private int _turn;

    /// <summary>Storms for so many turns, then only works, until it is stopped; then leaves.</summary>
    public async Task RunAsync(int turns, CancellationToken stopped)
    {
        try
        {
            while (!stopped.IsCancellationRequested && findings.IsClean)
            {
                _client ??= await BrokerClient.ConnectAsync(port, CancellationToken.None);
                if (!await JoinAsync())
                    continue;
                while (!stopped.IsCancellationRequested && await WorkAsync())
                {
                    if (++_turn == turns)
                        storm.Calmed();
                    if (_turn < turns && random.Next(OneActs) == 0 && !await ActAsync())
                        break;
                    await Task.Delay(Pause, CancellationToken.None);
                }
            }

            if (_client is not null && _memberId.Length > 0)
                await LeaveAsync();
        }
        finally
        {
            _client?.Dispose();
        }
    }

    private async Task<bool> JoinAsync()
    {
        var before = _generation;
        var join = await _client!.AskAsync(
            new JoinGroupRequest
            {
                GroupId = group,
                MemberId = _memberId,
                SessionTimeoutMs = TimeoutMs,
                RebalanceTimeoutMs = TimeoutMs,
                ProtocolType = ProtocolType,
                Protocols = [new() { Name = Protocol, Metadata = new byte[1] }],
            },
            CancellationToken.None);
        if (join.MemberId.Length > 0)
            _memberId = join.MemberId;
        if (!Goes(join.ErrorCode))
            return false;
        _generation = join.GenerationId;
        var sync = await _client.AskAsync(
            new SyncGroupRequest
            {
                GroupId = group,
                MemberId = _memberId,
                GenerationId = _generation,
                ProtocolType = ProtocolType,
                ProtocolName = Protocol,
                Assignments = join.Leader == _memberId ? Share([.. join.Members.Select(member => member.MemberId)]) : [],
            },
            CancellationToken.None);
        if (!Goes(sync.ErrorCode))
            return false;
        _owned = sync.Assignment.ToArray();
        storm.Synced(_generation);

        // What was on its way when the generation ended comes only now.
        if (before > 0 && before < _generation && _turn > 0 && random.Next(2) == 0)
            await CommitAsync(random.Next(partitions), 0, before);
        return true;
    }

    private List<SyncGroupRequest.SyncGroupRequestAssignment> Share(List<string> members) =>
        [.. members.Select((member, i) => new SyncGroupRequest.SyncGroupRequestAssignment
        {
            MemberId = member, Assignment = Enumerable.Range(0, partitions).Where(partition => partition % members.Count == i).Select(partition => (byte)partition).ToArray(),
        })];

    // A heartbeat, and some of what it owns; false where it has to join again.
    private async Task<bool> WorkAsync()
    {
        var seen = storm.Generation;
        var beat = await _client!.AskAsync(new HeartbeatRequest { GroupId = group, MemberId = _memberId, GenerationId = _generation }, CancellationToken.None);
        if (!Goes(beat.ErrorCode))
            return false;
        storm.Confirmed(_generation, seen);
        if (_owned.Length == 0)
            return true;
        int partition = _owned[random.Next(_owned.Length)];
        var offset = await CommittedAsync(_client, group, topic, partition);
        var data = await DrillTopic.FetchAsync(_client, topic, partition, offset, CancellationToken.None, FetchBytes);
        var next = offset;
        foreach (var record in DrillTopic.Records(data.Records).Where(record => record.Offset >= offset))
        {
            storm.Processed(partition, record.Offset);
            next = record.Offset + 1;
        }

        if (next > offset)
            await CommitAsync(partition, next, _generation);
        return true;
    }

    // False where it is not a member any more.
    private async Task<bool> ActAsync()
    {
        storm.Acted();
        switch (random.Next(3))
        {
            case 0:
                await LeaveAsync();
                (_memberId, _generation) = ("", 0);
                return false;
            case 1:
                await Task.Delay(random.Next(2 * TimeoutMs), CancellationToken.None);
                return true;
            default:
                _client!.Dispose();
                (_client, _memberId, _generation) = (null, "", 0);
                return false;
        }
    }

    private Task<LeaveGroupResponse> LeaveAsync() => _client!.AskAsync(
        new LeaveGroupRequest { GroupId = group, Members = [new() { MemberId = _memberId }] }, CancellationToken.None);

    private async Task CommitAsync(int partition, long offset, int generation)
    {
        var seen = storm.Generation;
        var answer = await _client!.AskAsync(
            new OffsetCommitRequest
            {
                GroupId = group,
                MemberId = _memberId,
                GenerationIdOrMemberEpoch = generation,
                Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = partition, CommittedOffset = offset }] }],
            },
            CancellationToken.None);
        storm.Committed(answer.Topics[0].Partitions[0].ErrorCode, generation, seen);
    }

    private bool Goes(ErrorCode error)
    {
        if (error == ErrorCode.UnknownMemberId)
            (_memberId, _generation) = ("", 0);
        findings.Require(
            error is ErrorCode.None or ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress or ErrorCode.MemberIdRequired,
            "members were refused with another error", $"{error}");
        return error == ErrorCode.None;
    }

    /// <summary>How far a group has read a partition.</summary>
    public static async Task<long> CommittedAsync(BrokerClient client, string group, string topic, int partition)
    {
        var answer = await client.AskAsync(
            new OffsetFetchRequest { Groups = [new() { GroupId = group, Topics = [new() { Name = topic, PartitionIndexes = [partition] }] }] }, CancellationToken.None);
        return Math.Max(0, answer.Groups[0].Topics[0].Partitions[0].CommittedOffset);
    }
}
