using Groundwork.Broker.Embedded;
using Groundwork.Broker.Groups.Offsets;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;
using TopicPartition = Groundwork.Ports.Messaging.TopicPartition;

namespace Groundwork.Broker.Inspection;

/// <summary>
/// Moves groups to other places: planned first, then committed as by nobody in particular, which the group itself refuses as long as it has members. Safe for
/// concurrent callers.
/// </summary>
internal sealed class OffsetResets(BrokerNode node)
{
    /// <inheritdoc cref="IBrokerInspector.PlanReset"/>
    public OffsetPlan Plan(OffsetReset reset)
    {
        var code = node.Groups.Fetch(reset.Group, null, out var offsets);
        if (code != ErrorCode.None)
            throw Failures.Of(code, $"The offsets of group {reset.Group}");
        _ = node.Groups.Describe(reset.Group, out var group);
        var committed = offsets.Where(offset => offset.Offset is not null)
            .ToDictionary(offset => new TopicPartition(offset.Partition.Topic, offset.Partition.Partition), offset => offset.Offset!.Value.Offset);
        var moves = Partitions(reset, committed.Keys)
            .Select(each => Move(each.Partition, each.Log, committed.TryGetValue(each.Partition, out var offset) ? offset : null, reset.Target));
        return new OffsetPlan(reset.Group, group.Members.Count, [.. moves]);
    }

    /// <inheritdoc cref="IBrokerInspector.ResetAsync"/>
    public async Task DoAsync(OffsetPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Moves.Count == 0)
            return;
        var errors = await node.Groups.CommitAsync(new CommitCall
        {
            Group = plan.Group,
            Offsets = [.. plan.Moves.Select(move => new OffsetToCommit(new(move.Partition.Topic, move.Partition.Partition), move.To))],
        }).WaitAsync(cancellationToken);
        switch (errors.FirstOrDefault(error => error != ErrorCode.None))
        {
            case ErrorCode.None:
                break;
            case ErrorCode.UnknownMemberId or ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration:
                throw new BrokerException(
                    BrokerFault.Refused, $"Group {plan.Group} has members, whose places are theirs: end them first, or wait until their sessions are over. Nothing was reset.");
            case var code:
                throw Failures.Of(code, $"Resetting group {plan.Group}");
        }
    }

    private static OffsetMove Move(TopicPartition partition, PartitionLog log, long? committed, OffsetTarget target)
    {
        var offsets = new OffsetRange(log.StartOffset, log.HighWatermark);

        // Where nothing is committed a shift begins at the first record, as a reader would.
        var to = target.Start is { } start ? PartitionReader.Offset(log, start) : Shifted(committed ?? offsets.Start, target.Shift);
        return new OffsetMove(partition, committed, Math.Clamp(to, offsets.Start, offsets.End), offsets);
    }

    private static long Shifted(long from, long by) => by > 0 && from > long.MaxValue - by ? long.MaxValue : by < 0 && from < long.MinValue - by ? long.MinValue : from + by;

    private IEnumerable<(TopicPartition Partition, PartitionLog Log)> Partitions(OffsetReset reset, IEnumerable<TopicPartition> committed)
    {
        if (reset.Topic is not { } name)
        {
            foreach (var partition in committed.OrderBy(each => each.Topic, StringComparer.Ordinal).ThenBy(each => each.Partition))
            {
                if (node.Topics.Find(partition.Topic)?.Find(partition.Partition) is { } log)
                    yield return (partition, log);
            }

            yield break;
        }

        var topic = node.Topics.Find(name) ?? throw Failures.NoSuchTopic(name);
        foreach (var partition in reset.Partitions?.Distinct().Order() ?? Enumerable.Range(0, topic.Partitions.Length))
            yield return (new TopicPartition(name, partition), topic.Find(partition) ?? throw Failures.NoSuchPartition(name, partition));
    }
}
