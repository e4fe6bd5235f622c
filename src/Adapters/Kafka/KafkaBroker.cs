using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Groundwork.Ports.Messaging;
using Partition = Confluent.Kafka.TopicPartition;

namespace Groundwork.Kafka;

/// <summary>
/// The Broker port on a Kafka: one producer and its connections for appends and questions, a consumer with a thread for each reader and each member.
/// </summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class KafkaBroker : ISharedBroker
{
    // Readers of a partition are in no group; the driver wants the name of one all the same.
    private const string NoGroup = "groundwork-readers";

    private readonly KafkaClients _clients;
    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly IAdminClient _admin;
    private readonly KafkaTopics _topics;
    private readonly KafkaAppends _appends;
    private int _disposed;

    /// <summary>Makes the producer; it connects by itself.</summary>
    public KafkaBroker(KafkaAddress address, BrokerContext context)
    {
        _clients = new KafkaClients(address, context.Settings.Get(BrokerSettings.Timeout), context.Loggers.CreateLogger("Groundwork.Broker"));
        _producer = _clients.Producer();
        _admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        _topics = new KafkaTopics(_admin, address, _clients.Timeout, context.Time);
        _appends = new KafkaAppends(_producer, _topics, address);
    }

    /// <inheritdoc/>
    public async ValueTask<BrokerTopic> EnsureTopicAsync(TopicSpec topic, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        topic.Check();
        var there = await _topics.EnsureAsync(topic, cancellationToken);
        _appends.Know(there.Name);
        return there;
    }

    /// <inheritdoc/>
    public async ValueTask<BrokerTopic?> FindTopicAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return await _topics.FindAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<PartitionChange> PlanPartitionsAsync(string topic, int total, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return new PartitionChange(topic, (await _topics.GetAsync(topic, cancellationToken)).Partitions, total);
    }

    /// <inheritdoc/>
    public async ValueTask<BrokerTopic> AddPartitionsAsync(PartitionChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return await _topics.AddAsync(change, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RecordPlace>> AppendAsync(string topic, IReadOnlyList<OutgoingRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(records);
        ArgumentOutOfRangeException.ThrowIfLessThan(records.Count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(records.Count, BrokerLimits.MaxAppendRecords);
        cancellationToken.ThrowIfCancellationRequested();
        return new(_appends.AppendAsync(topic, records).WaitAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<OffsetRange> RangeAsync(string topic, int partition, CancellationToken cancellationToken = default)
    {
        await CheckAsync(topic, partition, cancellationToken);
        return await _topics.RangeAsync(topic, partition, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<IncomingRecord> ReadAsync(
        string topic, int partition, ReadStart start, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        options ??= ReadOptions.Default;
        options.Check();
        return ReadEachAsync(topic, partition, start, options, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IGroupMember> JoinAsync(
        string group, IReadOnlyCollection<string> topics, MemberOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentNullException.ThrowIfNull(topics);
        ArgumentOutOfRangeException.ThrowIfZero(topics.Count);
        options ??= MemberOptions.Default;
        options.Check();

        // The driver would try for ever. How long a group takes to agree is its members' to say; that it is not there is told at once.
        await _topics.CheckAsync(cancellationToken);
        var member = new KafkaMember(_clients, group, [.. topics.Distinct(StringComparer.Ordinal)], options);
        try
        {
            await member.JoinedAsync(cancellationToken);
            return member;
        }
        catch
        {
            await member.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<PartitionLag>> LagAsync(string group, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        return await _topics.LagAsync(group, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(CancellationToken cancellationToken = default) => await _topics.CheckAsync(cancellationToken);

    /// <summary>Sends what is still to be sent, within the time of a call, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await Task.Run(() => _producer.Flush(_clients.Timeout));
        _admin.Dispose();
        _producer.Dispose();
    }

    private async IAsyncEnumerable<IncomingRecord> ReadEachAsync(
        string topic, int partition, ReadStart start, ReadOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CheckAsync(topic, partition, cancellationToken);
        var place = new TopicPartitionOffset(new Partition(topic, partition), await _topics.OffsetAsync(topic, partition, start, cancellationToken));
        await using var thread = new ConsumerThread(
            _ => _clients.Consumer(ConsumerThread.Config(_clients.Address, NoGroup, options)).Build(),
            begun =>
            {
                begun.Begin([place]);
                begun.Consumer.Assign(place);
            },
            options, _clients.Address, _clients.Timeout);
        while (true)
        {
            var record = await thread.Ahead.TakeAsync(cancellationToken);
            yield return record;
        }
    }

    private async Task CheckAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        if ((uint)partition >= (uint)(await _topics.GetAsync(topic, cancellationToken)).Partitions)
            throw KafkaFailures.NoSuchPartition(topic, partition);
    }
}
