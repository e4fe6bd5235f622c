using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging.Drills;

/// <summary>
/// A broker to which one append in <see cref="OneIn"/> goes wrong, in one of four ways by turns of chance: it is refused; the broker is away and nothing was
/// done; it is away and a part was done; all was done and the answer is lost. Reading goes well. Safe for concurrent use.
/// </summary>
/// <param name="inner">Where the rest goes.</param>
/// <param name="random">Which appends go wrong, and how.</param>
/// <param name="output">Is told what became of each append, a line each.</param>
internal sealed class FaultyBroker(IBroker inner, Random random, TextWriter output) : IBroker
{
    /// <summary>What is written of an append that went well.</summary>
    public const string Told = "told";

    private const int OneIn = 10;

    private readonly Lock _gate = new();

    private enum Fault
    {
        None,
        Refusal,
        Absence,
        HalfDone,
        LostAnswer,
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<RecordPlace>> AppendAsync(
        string topic, IReadOnlyList<OutgoingRecord> records, CancellationToken cancellationToken = default)
    {
        var fault = Draw(records.Count, out var part);
        if (fault == Fault.Refusal)
            throw Fail(BrokerFault.Refused, "refused");
        if (fault == Fault.Absence)
            throw Fail(BrokerFault.Unavailable, "away");
        if (fault == Fault.HalfDone)
        {
            // The later ones: the worst that may be of an append.
            if (part > 0)
                await inner.AppendAsync(topic, [.. records.Skip(part)], cancellationToken);
            throw Fail(BrokerFault.Unavailable, "half done");
        }

        var places = await inner.AppendAsync(topic, records, cancellationToken);
        if (fault == Fault.LostAnswer)
            throw Fail(BrokerFault.Unavailable, "answer lost");
        Say(Told);
        return places;
    }

    /// <inheritdoc/>
    public ValueTask<BrokerTopic> EnsureTopicAsync(TopicSpec topic, CancellationToken cancellationToken = default) => inner.EnsureTopicAsync(topic, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BrokerTopic?> FindTopicAsync(string name, CancellationToken cancellationToken = default) => inner.FindTopicAsync(name, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<PartitionChange> PlanPartitionsAsync(string topic, int total, CancellationToken cancellationToken = default) =>
        inner.PlanPartitionsAsync(topic, total, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<BrokerTopic> AddPartitionsAsync(PartitionChange change, CancellationToken cancellationToken = default) =>
        inner.AddPartitionsAsync(change, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<OffsetRange> RangeAsync(string topic, int partition, CancellationToken cancellationToken = default) =>
        inner.RangeAsync(topic, partition, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<IncomingRecord> ReadAsync(
        string topic, int partition, ReadStart start, ReadOptions? options = null, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(topic, partition, start, options, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IGroupMember> JoinAsync(
        string group, IReadOnlyCollection<string> topics, MemberOptions? options = null, CancellationToken cancellationToken = default) =>
        inner.JoinAsync(group, topics, options, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<PartitionLag>> LagAsync(string group, CancellationToken cancellationToken = default) => inner.LagAsync(group, cancellationToken);

    private Fault Draw(int records, out int part)
    {
        lock (_gate)
        {
            part = random.Next(records);
            return random.Next(OneIn) == 0 ? (Fault)random.Next((int)Fault.Refusal, (int)Fault.LostAnswer + 1) : Fault.None;
        }
    }

    private BrokerException Fail(BrokerFault fault, string what)
    {
        Say(what);
        return new BrokerException(fault, $"For the drill: {what}.");
    }

    private void Say(string what)
    {
        lock (_gate)
        {
            output.WriteLine(what);
            output.Flush();
        }
    }
}
