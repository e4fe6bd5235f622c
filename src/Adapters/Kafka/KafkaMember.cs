using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Groundwork.Ports.Messaging;
using Partition = Confluent.Kafka.TopicPartition;
using TopicPartition = Groundwork.Ports.Messaging.TopicPartition;

namespace Groundwork.Kafka;

/// <summary>A member of a group at Kafka. Partitions are shared out by <c>range</c>, as all clients know it, and given up between two records.</summary>
internal sealed class KafkaMember : IGroupMember
{
    // How fast a member hears that the group agrees anew.
    private const int HeartbeatMs = 500;

    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConsumerThread _thread;
    private readonly MemberOptions _options;
    private readonly KafkaAddress _address;
    private readonly TimeSpan _timeout;
    private readonly string _group;
    private ImmutableHashSet<Partition> _own = [];

    public KafkaMember(KafkaClients clients, string group, IReadOnlyCollection<string> topics, MemberOptions options)
    {
        (_group, _options, _address, _timeout) = (group, options, clients.Address, clients.Timeout);
        var config = ConsumerThread.Config(_address, group, options.Read);
        config.SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds;
        config.MaxPollIntervalMs = (int)options.RebalanceTimeout.TotalMilliseconds;
        config.HeartbeatIntervalMs = HeartbeatMs;
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range;
        _thread = new ConsumerThread(
            thread => clients.Consumer(config)
                .SetPartitionsAssignedHandler((_, partitions) => Take(thread, partitions))
                .SetPartitionsRevokedHandler((_, _) => GiveUp(thread, _options.RebalanceTimeout))
                .SetPartitionsLostHandler((_, _) => GiveUp(thread, TimeSpan.Zero))
                .Build(),
            thread => thread.Consumer.Subscribe(topics), options.Read, _address, _timeout);
    }

    /// <inheritdoc/>
    public IReadOnlyList<TopicPartition> Assigned => [.. _own.Select(one => new TopicPartition(one.Topic, one.Partition))];

    /// <summary>Completes when it has come into the group.</summary>
    public async Task JoinedAsync(CancellationToken cancellationToken)
    {
        if (await Task.WhenAny(_joined.Task, _thread.Ahead.Failed).WaitAsync(cancellationToken) == _thread.Ahead.Failed)
            throw await _thread.Ahead.Failed;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IncomingRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var record = await _thread.Ahead.TakeAsync(cancellationToken);
            try
            {
                yield return record;
            }
            finally
            {
                _thread.Ahead.Release();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(IReadOnlyCollection<IncomingRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        var next = new Dictionary<Partition, long>();
        foreach (var record in records)
        {
            var partition = new Partition(record.Topic, record.Partition);
            next[partition] = Math.Max(record.Offset + 1, next.GetValueOrDefault(partition));
        }

        if (next.Count == 0)
            return;

        // Kafka takes a commit of any partition from any member: whose it is, is known here.
        var own = _own;
        if (next.Keys.FirstOrDefault(partition => !own.Contains(partition)) is { } foreign)
            throw new BrokerException(BrokerFault.Revoked, $"Partition {foreign.Partition.Value} of {foreign.Topic} is another member's of group {_group} by now: the records come to that one again.");
        try
        {
            await Task.Run(() => _thread.Consumer.Commit(next.Select(one => new TopicPartitionOffset(one.Key, one.Value))), CancellationToken.None).WaitAsync(cancellationToken);
        }
        catch (KafkaException e)
        {
            throw KafkaFailures.Of(e, _address);
        }
        catch (ObjectDisposedException e)
        {
            throw new BrokerException(BrokerFault.Unavailable, $"The member has left group {_group}.", e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _thread.DisposeAsync();

    private List<TopicPartitionOffset> Take(ConsumerThread thread, List<Partition> partitions)
    {
        var first = _options.Start == ReadStartKind.Latest ? Offset.End : Offset.Beginning;
        var committed = partitions.Count == 0 ? [] : thread.Consumer.Committed(partitions, _timeout);
        var places = committed.ConvertAll(one => new TopicPartitionOffset(one.TopicPartition, one.Offset.Value >= 0 ? one.Offset : first));
        thread.Begin(places);
        _own = [.. partitions];
        _joined.TrySetResult();
        return places;
    }

    private void GiveUp(ConsumerThread thread, TimeSpan patience)
    {
        thread.Ahead.Clear();
        thread.Ahead.WaitForHand(patience);
        _own = [];
        thread.Begin([]);
    }
}
