using Groundwork.Primitives.Hashing;

namespace Groundwork.Ports.Messaging;

/// <summary>
/// The Broker port: records in topics, each topic in partitions, each partition an ordered log that is appended to at its end and read
/// from any place on, by as many readers as there are.
/// </summary>
/// <remarks>
/// <para>What a caller may rely on: an append that has completed lasts, through a crash and a loss of power; records of one key lie in one
/// partition, in the order in which they were appended; a reader gets every record from its place on, in order, or is told what it missed; a
/// group reads each record at least once.</para>
/// <para>Keys find their partitions as Java's client has it (<see cref="KeyPartition"/>), so that other programs on the same topics agree.
/// More partitions move keys: <see cref="PlanPartitionsAsync"/> says how many before it is done.</para>
/// <para>Safe for any number of concurrent callers. What fails is a <see cref="BrokerException"/>, whose <see cref="BrokerException.Fault"/>
/// says whether trying again helps; arguments out of range throw <see cref="ArgumentException"/>.</para>
/// </remarks>
public interface IBroker
{
    /// <summary>Makes a topic where there is none of its name. One that is there is left as it is: what it has may differ from what was asked for.</summary>
    /// <exception cref="BrokerException"><see cref="BrokerFault.Refused"/>: the name is not allowed, or there would be too many partitions.</exception>
    ValueTask<BrokerTopic> EnsureTopicAsync(TopicSpec topic, CancellationToken cancellationToken = default);

    /// <summary>A topic; null where there is none of that name. None is made by asking.</summary>
    ValueTask<BrokerTopic?> FindTopicAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>What more partitions would do to a topic's keys; nothing is changed.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="total">How many partitions it would have: more than it has.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<PartitionChange> PlanPartitionsAsync(string topic, int total, CancellationToken cancellationToken = default);

    /// <summary>Adds the partitions of a plan. Records stay where they are; from then on keys go where the plan says.</summary>
    /// <exception cref="BrokerException"><see cref="BrokerFault.Refused"/>: the topic has another number of partitions than when it was planned.</exception>
    ValueTask<BrokerTopic> AddPartitionsAsync(PartitionChange change, CancellationToken cancellationToken = default);

    /// <summary>Appends records; they are durable when it completes.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="records">1 to <see cref="BrokerLimits.MaxAppendRecords"/> records; what they hold must not change before it completes.</param>
    /// <param name="cancellationToken">Ends the wait; what was begun may become durable all the same.</param>
    /// <returns>Where each of them is, in their order.</returns>
    /// <remarks>Calls append in the order in which they are made, also where none is awaited. It is no transaction: where it fails, any of them may be there,
    /// and where a caller then tries again, some may be there twice.</remarks>
    ValueTask<IReadOnlyList<RecordPlace>> AppendAsync(string topic, IReadOnlyList<OutgoingRecord> records, CancellationToken cancellationToken = default);

    /// <summary>The offsets that a partition has: a reader who wants what is there now reads up to the end of it.</summary>
    ValueTask<OffsetRange> RangeAsync(string topic, int partition, CancellationToken cancellationToken = default);

    /// <summary>Reads a partition from a place on, and waits for more at its end, until the token or the caller ends it.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="partition">The partition's number, from 0.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <remarks>Nothing is read further ahead of the caller than <see cref="ReadOptions.MaxBufferedBytes"/>.</remarks>
    /// <exception cref="ReadGapException">Records that the reader should have got are gone, and it asked to stop there.</exception>
    IAsyncEnumerable<IncomingRecord> ReadAsync(
        string topic, int partition, ReadStart start, ReadOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Comes into a consumer group: its members share the partitions of their topics, so that each record is read by one of them. The member takes part from now on,
    /// and gets records once it is read.
    /// </summary>
    /// <param name="group">The group's name: 1 to 255 characters.</param>
    /// <param name="topics">What to read; those that are not there yet are read once they are.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait to come in.</param>
    ValueTask<IGroupMember> JoinAsync(
        string group, IReadOnlyCollection<string> topics, MemberOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>How far a group is behind, in each partition in which it has committed something; empty for a group that nobody knows.</summary>
    ValueTask<IReadOnlyList<PartitionLag>> LagAsync(string group, CancellationToken cancellationToken = default);
}
