using Groundwork.Broker.Groups.Membership;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Ports.Messaging;
using GroupPartition = Groundwork.Broker.Groups.Offsets.TopicPartition;
using TopicPartition = Groundwork.Ports.Messaging.TopicPartition;

namespace Groundwork.Broker.Embedded;

/// <summary>
/// A member's side of Kafka's classic group protocol, as a client has it: join, sync, heartbeats, and again whenever the group agrees anew.
/// </summary>
/// <remarks>
/// <para>1. It joins; as the leader it shares the partitions out. 2. It has its own until the group asks to join again, which a heartbeat tells; or until, as the
/// leader, it sees that a topic has come or has more partitions. 3. It waits until the record in hand is done, no longer than the time to rebalance, and gives up
/// all it has.</para>
/// <para>A partition that it has in two generations that follow one another goes on where it was; any other begins at what was committed, since somebody else may have
/// read it meanwhile. Used by one task.</para>
/// </remarks>
internal sealed class GroupSession(BrokerNode node, string group, IReadOnlyList<string> topics, MemberOptions options)
{
    private const string ClientId = "groundwork";

    // In the process a heartbeat is a lock and a deadline put off: so often costs nothing, and partitions change hands as fast.
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);

    private MemberIdentity _identity = new("");
    private Dictionary<string, int> _shared = [];
    private (int Generation, IReadOnlyDictionary<TopicPartition, PartitionReader> Readers)? _last;

    /// <summary>Joins until it has a share.</summary>
    /// <exception cref="BrokerException">The group does not take it.</exception>
    public async Task<Tenure> JoinAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var joined = await node.Groups.JoinAsync(Call(), cancellationToken);
            if (joined.Error != ErrorCode.None)
            {
                await SettleAsync(joined.Error, joined.MemberId, cancellationToken);
                continue;
            }

            _identity = new MemberIdentity(joined.MemberId);
            _shared = [];
            IReadOnlyList<MemberAssignment> assignments = [];
            if (joined.Leader == joined.MemberId && !joined.SkipAssignment)
            {
                _shared = RangeAssignor.Topics(joined.Members).ToDictionary(topic => topic, PartitionCount, StringComparer.Ordinal);
                assignments = RangeAssignor.Assign(joined.Members, topic => _shared[topic]);
            }

            var synced = await node.Groups.SyncAsync(
                new SyncCall
                {
                    Group = group,
                    Identity = _identity,
                    Generation = joined.Generation,
                    ProtocolType = joined.ProtocolType,
                    Protocol = joined.Protocol,
                    Assignments = assignments,
                },
                cancellationToken);
            if (synced.Error == ErrorCode.None)
            {
                var places = Places(RangeAssignor.Read(synced.Assignment), joined.Generation);
                _last = (joined.Generation, places);
                return new Tenure(_identity, joined.Generation, places);
            }

            await SettleAsync(synced.Error, _identity.MemberId, cancellationToken);
        }
    }

    /// <summary>Stays until the group agrees anew, and until what is in hand is done; then the tenure is over.</summary>
    public async Task StayAsync(Tenure tenure, CancellationToken cancellationToken)
    {
        var said = ErrorCode.None;
        while (!HasChanged() && (said = Heartbeat(tenure)) == ErrorCode.None)
            await Task.Delay(Beat, node.Time, cancellationToken);
        var done = tenure.End();
        var deadline = node.Time.GetTimestamp() + (long)(options.RebalanceTimeout.TotalSeconds * node.Time.TimestampFrequency);

        // Whom the group does not know any more has nothing to hold on to.
        while (!done.IsCompleted && said is (ErrorCode.None or ErrorCode.RebalanceInProgress) && node.Time.GetTimestamp() < deadline)
        {
            said = Heartbeat(tenure);
            try
            {
                await done.WaitAsync(Beat, node.Time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Once more.
            }
        }
    }

    /// <summary>Leaves the group, if it is in it.</summary>
    public void Leave()
    {
        if (_identity.MemberId.Length == 0)
            return;
        Span<ErrorCode> errors = [ErrorCode.None];
        _ = node.Groups.Leave(group, [_identity], errors);
    }

    private ErrorCode Heartbeat(Tenure tenure) => node.Groups.Heartbeat(group, tenure.Identity, tenure.Generation);

    private JoinCall Call() => new()
    {
        Group = group,
        Identity = _identity,
        ClientId = ClientId,
        ClientHost = "in-process",
        SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds,
        RebalanceTimeoutMs = (int)options.RebalanceTimeout.TotalMilliseconds,
        ProtocolType = Subscription.ProtocolType,
        Protocols = [new MemberProtocol(RangeAssignor.Name, RangeAssignor.Subscribe(topics))],
    };

    // What is to be done about an error before the next try; those that trying does not help are thrown.
    private async Task SettleAsync(ErrorCode error, string memberId, CancellationToken cancellationToken)
    {
        switch (error)
        {
            case ErrorCode.MemberIdRequired:
                _identity = new MemberIdentity(memberId);
                break;
            case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration:
                (_identity, _last) = (new MemberIdentity(""), null);
                break;
            case ErrorCode.RebalanceInProgress:
                break;
            case ErrorCode.CoordinatorLoadInProgress or ErrorCode.CoordinatorNotAvailable or ErrorCode.KafkaStorageError:
                await Task.Delay(Retry, node.Time, cancellationToken);
                break;
            default:
                throw Failures.Of(error, $"To join group {group}");
        }
    }

    private int PartitionCount(string topic) => node.Topics.Find(topic)?.Partitions.Length ?? 0;

    private bool HasChanged()
    {
        foreach (var (topic, partitions) in _shared)
        {
            if (PartitionCount(topic) != partitions)
                return true;
        }

        return false;
    }

    private Dictionary<TopicPartition, PartitionReader> Places(IReadOnlyList<TopicPartition> partitions, int generation)
    {
        var code = node.Groups.Fetch(group, [.. partitions.Select(partition => new GroupPartition(partition.Topic, partition.Partition))], out var committed);
        if (code != ErrorCode.None)
            throw Failures.Of(code, $"The offsets of group {group}");
        var goesOn = _last is { } last && last.Generation + 1 == generation ? last.Readers : null;
        var places = new Dictionary<TopicPartition, PartitionReader>();
        foreach (var (partition, offset) in partitions.Zip(committed))
        {
            // What was deleted since it was shared out is nobody's.
            if (node.Topics.Find(partition.Topic)?.Find(partition.Partition) is not { } log)
                continue;
            places[partition] = goesOn?.GetValueOrDefault(partition) ?? new PartitionReader(
                node, partition.Topic, partition.Partition,
                offset.Offset?.Offset ?? (options.Start == ReadStartKind.Latest ? log.HighWatermark : log.StartOffset), options.Read);
        }

        return places;
    }
}
