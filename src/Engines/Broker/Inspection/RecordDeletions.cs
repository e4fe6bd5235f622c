using Groundwork.Broker.Embedded;
using Groundwork.Broker.Journals;
using Groundwork.Broker.Logs;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;

namespace Groundwork.Broker.Inspection;

/// <summary>Takes away the first records of partitions: shown first, then done. Stateless.</summary>
internal static class RecordDeletions
{
    /// <inheritdoc cref="IBrokerInspector.PlanDeletionAsync"/>
    public static async Task<RecordDeletion> PlanAsync(TopicPartition partition, PartitionLog log, ReadStart before, CancellationToken cancellationToken)
    {
        // What was acknowledged counts, also what is not durable yet (acks=1).
        if (log.Pending is { } pending)
            await pending.SettledAsync(cancellationToken);
        var place = PartitionReader.Offset(log, before);

        // Read after the place was found: it is never behind an end that came before it.
        var offsets = new OffsetRange(log.StartOffset, log.HighWatermark);
        ArgumentOutOfRangeException.ThrowIfNegative(place, nameof(before));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(place, offsets.End, nameof(before));
        return new RecordDeletion(partition, Math.Max(place, offsets.Start), offsets);
    }

    /// <inheritdoc cref="IBrokerInspector.DeleteRecordsAsync"/>
    public static async Task<long> DoAsync(PartitionLog log, long before, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(before);
        try
        {
            return await log.DeleteBeforeAsync(before, cancellationToken);
        }
        catch (JournalFailedException e)
        {
            throw Failures.Of(e);
        }
    }
}
