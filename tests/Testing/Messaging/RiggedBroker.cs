using System.Collections.Concurrent;
using System.Text;
using Groundwork.Ports.Messaging;

namespace Groundwork.Testing.Messaging;

/// <summary>A broker that fails as a test wants it to: before an append is done, or after.</summary>
public sealed class RiggedBroker(IBroker inner) : IBroker
{
    private int _appends;

    /// <summary>What an append of some records fails with before anything is done; null for not at all.</summary>
    public Func<string, IReadOnlyList<OutgoingRecord>, Exception?> Before { get; set; } = (_, _) => null;

    /// <summary>What an append fails with after it was done.</summary>
    public Func<string, IReadOnlyList<OutgoingRecord>, Exception?> After { get; set; } = (_, _) => null;

    /// <summary>Which of an append's records are done before it fails as if the broker were away; null for that it does not.</summary>
    public Func<IReadOnlyList<OutgoingRecord>, IReadOnlyList<OutgoingRecord>?> Part { get; set; } = _ => null;

    /// <summary>What a commit fails with before it is done.</summary>
    public Func<Exception?> Commit { get; set; } = () => null;

    /// <summary>How many appends were asked for.</summary>
    public int Appends => Volatile.Read(ref _appends);

    /// <summary>How many records each append had.</summary>
    public ConcurrentQueue<int> Sizes { get; } = new();

    public static BrokerException Away() => new(BrokerFault.Unavailable, "The broker is away.");

    public static BrokerException Refusal(string reason = "It is refused.") => new(BrokerFault.Refused, reason);

    /// <summary>Refuses appends that have a record with a value that begins so.</summary>
    public void Refuse(string value) => Before = (_, records) => records.Any(record => TextOf(record).StartsWith(value, StringComparison.Ordinal)) ? Refusal($"{value} is refused.") : null;

    public static string TextOf(OutgoingRecord record) => record.Value is { } value ? Encoding.UTF8.GetString(value.Span) : "";

    public async ValueTask<IReadOnlyList<RecordPlace>> AppendAsync(string topic, IReadOnlyList<OutgoingRecord> records, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _appends);
        Sizes.Enqueue(records.Count);
        if (Before(topic, records) is { } before)
            throw before;
        if (Part(records) is { } part)
        {
            if (part.Count > 0)
                await inner.AppendAsync(topic, part, cancellationToken);
            throw Away();
        }

        var places = await inner.AppendAsync(topic, records, cancellationToken);
        return After(topic, records) is { } after ? throw after : places;
    }

    public ValueTask<BrokerTopic> EnsureTopicAsync(TopicSpec topic, CancellationToken cancellationToken = default) => inner.EnsureTopicAsync(topic, cancellationToken);

    public ValueTask<BrokerTopic?> FindTopicAsync(string name, CancellationToken cancellationToken = default) => inner.FindTopicAsync(name, cancellationToken);

    public ValueTask<PartitionChange> PlanPartitionsAsync(string topic, int total, CancellationToken cancellationToken = default) => inner.PlanPartitionsAsync(topic, total, cancellationToken);

    public ValueTask<BrokerTopic> AddPartitionsAsync(PartitionChange change, CancellationToken cancellationToken = default) => inner.AddPartitionsAsync(change, cancellationToken);

    public ValueTask<OffsetRange> RangeAsync(string topic, int partition, CancellationToken cancellationToken = default) => inner.RangeAsync(topic, partition, cancellationToken);

    public IAsyncEnumerable<IncomingRecord> ReadAsync(
        string topic, int partition, ReadStart start, ReadOptions? options = null, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(topic, partition, start, options, cancellationToken);

    public async ValueTask<IGroupMember> JoinAsync(
        string group, IReadOnlyCollection<string> topics, MemberOptions? options = null, CancellationToken cancellationToken = default) =>
        new Member(this, await inner.JoinAsync(group, topics, options, cancellationToken));

    public ValueTask<IReadOnlyList<PartitionLag>> LagAsync(string group, CancellationToken cancellationToken = default) => inner.LagAsync(group, cancellationToken);

    private sealed class Member(RiggedBroker broker, IGroupMember inner) : IGroupMember
    {
        public IReadOnlyList<TopicPartition> Assigned => inner.Assigned;

        public IAsyncEnumerable<IncomingRecord> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

        public ValueTask CommitAsync(IReadOnlyCollection<IncomingRecord> records, CancellationToken cancellationToken = default) =>
            broker.Commit() is { } failure ? throw failure : inner.CommitAsync(records, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
