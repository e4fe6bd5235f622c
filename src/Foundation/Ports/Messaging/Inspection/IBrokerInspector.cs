namespace Groundwork.Ports.Messaging.Inspection;

/// <summary>
/// Looks into the embedded broker without being one of its clients, and changes in it what operators change: what is there, how much comes and
/// goes, who reads it and how far behind they are.
/// </summary>
/// <remarks>
/// <para>Looking leaves no trace: it is in no group, commits nothing and counts in no rate. Each call does a bounded amount of work.</para>
/// <para>Safe for any number of concurrent callers. What fails is a <see cref="BrokerException"/>, as of <see cref="IBroker"/>; a change is
/// durable when its call completes.</para>
/// </remarks>
public interface IBrokerInspector
{
    /// <summary>How its server is.</summary>
    BrokerServerState ReadServer();

    /// <summary>The names of all topics, in their order.</summary>
    IReadOnlyList<string> ListTopics();

    /// <summary>A topic with its partitions; null where there is none of that name.</summary>
    TopicState? ReadTopic(string name);

    /// <summary>Some records of a partition, from a place on.</summary>
    RecordPage ReadRecords(string topic, int partition, RecordQuery query);

    /// <summary>The names of all groups, in their order.</summary>
    IReadOnlyList<string> ListGroups();

    /// <summary>A group with its members and how far it has read; null where there is none of that name.</summary>
    GroupDetail? ReadGroup(string name);

    /// <summary>Makes a topic.</summary>
    /// <param name="name">1 to 249 of letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</param>
    /// <param name="partitions">How many partitions it has; null for as many as the broker's setting says.</param>
    /// <param name="settings">By Kafka's names; what is not among them has its default.</param>
    /// <exception cref="BrokerException"><see cref="BrokerFault.Refused"/>: there is one of that name, or something asked for is not allowed.</exception>
    void CreateTopic(string name, int? partitions, IReadOnlyDictionary<string, string> settings);

    /// <summary>All that can be set of a topic, by the names; null where there is none of that name.</summary>
    IReadOnlyList<TopicSettingState>? ReadSettings(string topic);

    /// <summary>How many records of a topic a change of its settings would take away, by a shorter retention, beyond those that are outlived already; nothing is changed.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="changes">As <see cref="TryChangeTopic"/> has them.</param>
    /// <exception cref="BrokerException"><see cref="BrokerFault.Refused"/>: one of them is not allowed.</exception>
    long PlanSettings(string topic, IReadOnlyDictionary<string, string?> changes);

    /// <summary>Changes what is set of a topic: in force, and durable, when it returns.</summary>
    /// <param name="seen">The topic as it was when the change was decided.</param>
    /// <param name="changes">By Kafka's names; null gives a setting its default again. What is not among them stays as it is.</param>
    /// <returns>False where somebody else has changed its settings since it was seen: nothing is done.</returns>
    /// <exception cref="BrokerException"><see cref="BrokerFault.Refused"/>: one of them is not allowed, and nothing was changed.</exception>
    bool TryChangeTopic(TopicState seen, IReadOnlyDictionary<string, string?> changes);

    /// <summary>Deletes a topic with all its records, and what groups have committed of it.</summary>
    /// <param name="name">The topic's name.</param>
    /// <param name="id">The topic that is meant: another of the same name is left alone; null for whichever has the name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task DeleteTopicAsync(string name, Guid? id, CancellationToken cancellationToken = default);

    /// <summary>What deleting the records of a partition before a place would take; nothing is changed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The place is an offset behind the partition's end.</exception>
    Task<RecordDeletion> PlanDeletionAsync(string topic, int partition, ReadStart before, CancellationToken cancellationToken = default);

    /// <summary>Deletes the records of a partition that are before an offset.</summary>
    /// <returns>The offset at which the partition begins now.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The offset is below 0 or behind the partition's end.</exception>
    Task<long> DeleteRecordsAsync(string topic, int partition, long before, CancellationToken cancellationToken = default);

    /// <summary>Appends records as <see cref="IBroker.AppendAsync"/> does, or to a partition of the caller's choice.</summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="partition">The partition; null for those where keys belong.</param>
    /// <param name="records">What is appended.</param>
    /// <param name="once">By which a repetition is known for a day: <see cref="NewAppend"/>; null where none is expected. Where it is given, the topic's
    /// partitions must be as many as in the first call.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<IReadOnlyList<RecordPlace>> AppendAsync(
        string topic, int? partition, IReadOnlyList<OutgoingRecord> records, long? once = null, CancellationToken cancellationToken = default);

    /// <summary>A number by which an append is known: whoever repeats it with the same number and the same records appends nothing, and is told where they are.</summary>
    long NewAppend();

    /// <summary>What resetting a group would do; nothing is changed.</summary>
    OffsetPlan PlanReset(OffsetReset reset);

    /// <summary>Commits the offsets of a plan for its group.</summary>
    /// <exception cref="BrokerException"><see cref="BrokerFault.Refused"/>: the group has members, whose places are theirs.</exception>
    Task ResetAsync(OffsetPlan plan, CancellationToken cancellationToken = default);

    /// <summary>Deletes a group with what it has committed.</summary>
    /// <exception cref="BrokerException"><see cref="BrokerFault.Refused"/>: it has members, or there is none of that name.</exception>
    Task DeleteGroupAsync(string name, CancellationToken cancellationToken = default);
}
