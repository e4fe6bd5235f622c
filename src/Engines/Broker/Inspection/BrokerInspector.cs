using Groundwork.Broker.Embedded;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Serving;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;

namespace Groundwork.Broker.Inspection;

/// <summary>Looks into the node itself. What is read of groups and records, and what is changed, is in types of its own.</summary>
/// <param name="node">The broker.</param>
/// <param name="broker">By which records are appended.</param>
/// <param name="server">Its sockets; null where it has none.</param>
internal sealed class BrokerInspector(BrokerNode node, EmbeddedBroker broker, KafkaServer? server) : IBrokerInspector
{
    private readonly GroupViews _groups = new(node);
    private readonly OffsetResets _resets = new(node);
    private readonly TopicChanges _changes = new(node);

    /// <inheritdoc/>
    public BrokerServerState ReadServer() => new(
        server?.Address?.ToString(), node.ClusterId, server?.Connected ?? 0, node.Topics.All.Count(), node.Topics.PartitionCount, node.Topics.MaxPartitions,
        node.Options.DefaultPartitions, ListGroups().Count);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListTopics() => [.. node.Topics.All.Select(topic => topic.Name).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public TopicState? ReadTopic(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return node.Topics.Find(name) is { } topic
            ? new TopicState(topic.Name, topic.Id, topic.IsInternal, topic.Settings, [.. topic.Partitions.Select(Describe)])
            : null;
    }

    /// <inheritdoc/>
    public RecordPage ReadRecords(string topic, int partition, RecordQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return RecordPages.Read(topic, partition, Log(topic, partition), query);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListGroups() => _groups.Names();

    /// <inheritdoc/>
    public GroupDetail? ReadGroup(string name) => _groups.Find(name);

    /// <inheritdoc/>
    public IReadOnlyList<TopicSettingState>? ReadSettings(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return _changes.Settings(topic);
    }

    /// <inheritdoc/>
    public void CreateTopic(string name, int? partitions, IReadOnlyDictionary<string, string> settings)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(settings);
        _changes.Create(name, partitions ?? node.Options.DefaultPartitions, settings);
    }

    /// <inheritdoc/>
    public long PlanSettings(string topic, IReadOnlyDictionary<string, string?> changes)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(changes);
        return _changes.Plan(topic, changes);
    }

    /// <inheritdoc/>
    public bool TryChangeTopic(TopicState seen, IReadOnlyDictionary<string, string?> changes)
    {
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentNullException.ThrowIfNull(changes);
        return _changes.TryChange(seen, changes);
    }

    /// <inheritdoc/>
    public Task DeleteTopicAsync(string name, Guid? id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _changes.DeleteAsync(name, id, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RecordDeletion> PlanDeletionAsync(string topic, int partition, ReadStart before, CancellationToken cancellationToken = default)
    {
        TopicChanges.CheckOwn(topic);
        return RecordDeletions.PlanAsync(new TopicPartition(topic, partition), Log(topic, partition), before, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> DeleteRecordsAsync(string topic, int partition, long before, CancellationToken cancellationToken = default)
    {
        TopicChanges.CheckOwn(topic);
        return RecordDeletions.DoAsync(Log(topic, partition), before, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RecordPlace>> AppendAsync(
        string topic, int? partition, IReadOnlyList<OutgoingRecord> records, long? once = null, CancellationToken cancellationToken = default) =>
        broker.AppendAsync(topic, partition, records, once, cancellationToken);

    // As an idempotent producer that sends this one append: what it has in a partition is known by its sequence.
    /// <inheritdoc/>
    public long NewAppend()
    {
        try
        {
            return node.ProducerIds.Next();
        }
        catch (IOException e)
        {
            throw Failures.Of(e);
        }
    }

    /// <inheritdoc/>
    public OffsetPlan PlanReset(OffsetReset reset)
    {
        ArgumentNullException.ThrowIfNull(reset);
        return _resets.Plan(reset);
    }

    /// <inheritdoc/>
    public Task ResetAsync(OffsetPlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return _resets.DoAsync(plan, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteGroupAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        switch (await node.Groups.DeleteAsync(name).WaitAsync(cancellationToken))
        {
            case ErrorCode.None:
                break;
            case ErrorCode.NonEmptyGroup:
                throw new BrokerException(BrokerFault.Refused, $"Group {name} has members: end them first, or wait until their sessions are over.");
            case ErrorCode.GroupIdNotFound:
                throw new BrokerException(BrokerFault.Refused, $"There is no group {name}.");
            case var code:
                throw Failures.Of(code, $"Deleting group {name}");
        }
    }

    private PartitionState Describe(PartitionLog log, int number) => new(
        number,
        new OffsetRange(log.StartOffset, log.HighWatermark),
        log.Size,
        log.LatestTimestamp is >= 0 and var latest ? IncomingRecord.TimeOf(latest) : null,
        log.Traffic.Load,
        node.Loads.Find(log),
        log.Stopped?.Message);

    private PartitionLog Log(string topic, int partition)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return (node.Topics.Find(topic) ?? throw Failures.NoSuchTopic(topic)).Find(partition) ?? throw Failures.NoSuchPartition(topic, partition);
    }
}
