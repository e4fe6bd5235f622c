using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Groups.Storage;

/// <summary>The groups' log, in partitions: Kafka's <c>__consumer_offsets</c>.</summary>
/// <remarks>A partition may be compacted: of the records of one key the last one is enough. Thread-safe.</remarks>
internal interface IGroupStore
{
    /// <summary>How many partitions there are; it never changes.</summary>
    int Partitions { get; }

    /// <summary>Appends records to a partition, all of them or none.</summary>
    /// <remarks>Called under a group's lock: it must return promptly, with the work under way. Records come into the log in the order of
    /// the calls. Many calls may be under way at once, and share what makes them durable. What completes the task of an earlier call does
    /// so outside of this one: it goes on in another group's turn.</remarks>
    /// <param name="partition">From 0 on.</param>
    /// <param name="records">They do not change after.</param>
    /// <returns>When the records are durable: None, or why they are not.</returns>
    ValueTask<ErrorCode> AppendAsync(int partition, ReadOnlyMemory<GroupRecord> records);

    /// <summary>All records of a partition, in their order; before anything is appended.</summary>
    IAsyncEnumerable<GroupRecord> ReadAsync(int partition, CancellationToken cancellationToken);
}
