namespace Groundwork.Ports.Messaging;

/// <summary>
/// One member of a consumer group. Disposing it leaves the group, so that the others go on with its partitions at once.
/// </summary>
/// <remarks>
/// <para>At least once: a record is delivered again to whoever reads its partition next, unless it or a later one of the partition was committed. Partitions go
/// from one member to another between two records: a caller who commits each record before it asks for the next one sees a record twice only where it
/// took longer than <see cref="MemberOptions.RebalanceTimeout"/>, or its process ended in between.</para>
/// <para>Read by one caller at a time; the rest is safe for concurrent callers.</para>
/// </remarks>
public interface IGroupMember : IAsyncDisposable
{
    /// <summary>What it reads now: changes as members come and go, and is empty while the group agrees anew.</summary>
    IReadOnlyList<TopicPartition> Assigned { get; }

    /// <summary>
    /// The records of its partitions, each partition in order, from behind what the group has committed on. Partitions that were given to others stop, new ones begin.
    /// It may be begun again after it has ended, and goes on where it was.
    /// </summary>
    /// <exception cref="ReadGapException">Records that the group has not committed are gone, and the member asked to stop there.</exception>
    IAsyncEnumerable<IncomingRecord> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Says that these records, and all before them in their partitions, need not come again; durable when it completes.</summary>
    /// <exception cref="BrokerException"><see cref="BrokerFault.Revoked"/>: a partition is another member's by now. The records will come to that one; what was done with
    /// them here is done twice, and the caller goes on reading.</exception>
    ValueTask CommitAsync(IReadOnlyCollection<IncomingRecord> records, CancellationToken cancellationToken = default);
}
