using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Groundwork.Broker.Journals;
using Groundwork.Broker.Logs;
using Groundwork.Broker.Node;
using Groundwork.Broker.Node.Fetching;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Topics;
using Groundwork.Ports.Messaging;

namespace Groundwork.Broker.Embedded;

/// <summary>
/// The Broker port straight on the node: an append is a batch for each partition and the wait for the journal's sync, a read is a copy
/// of batches from the page cache.
/// </summary>
/// <remarks>
/// <para>What appends hold until they are durable counts in the node's memory for requests. Where that is taken, an append is refused as
/// <see cref="BrokerFault.Unavailable"/> and does not wait: appends that wait would not keep the order in which they were made.</para>
/// <para>Disposing it ends its readers and has its members leave; the node is its owner's to end afterwards.</para>
/// </remarks>
internal sealed class EmbeddedBroker(BrokerNode node) : IBroker, IAsyncDisposable
{
    private readonly ConcurrentDictionary<GroupMember, bool> _members = new();
    private readonly CancellationTokenSource _stop = new();
    private uint _keyless;

    /// <inheritdoc/>
    public ValueTask<BrokerTopic> EnsureTopicAsync(TopicSpec topic, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        topic.Check();
        if (node.Topics.Find(topic.Name) is { } there)
            return new(Told(there));
        CheckOwn(topic.Name);
        try
        {
            var settings = topic.Settings().ToImmutableSortedDictionary(StringComparer.Ordinal);
            var (made, fault) = node.Topics.Create(topic.Name, topic.Partitions, settings);

            // Somebody may have made it in between.
            made ??= fault!.Code == ErrorCode.TopicAlreadyExists ? node.Topics.Find(topic.Name) : null;
            return made is null ? throw Failures.Of(fault!) : new(Told(made));
        }
        catch (IOException e)
        {
            throw Failures.Of(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask<BrokerTopic?> FindTopicAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(node.Topics.Find(name) is { } topic ? Told(topic) : null);
    }

    /// <inheritdoc/>
    public ValueTask<PartitionChange> PlanPartitionsAsync(string topic, int total, CancellationToken cancellationToken = default) =>
        new(new PartitionChange(topic, Topic(topic).Partitions.Length, total));

    /// <inheritdoc/>
    public ValueTask<BrokerTopic> AddPartitionsAsync(PartitionChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        CheckOwn(change.Topic);
        if (Topic(change.Topic).Partitions.Length is var now && now != change.From)
            throw new BrokerException(BrokerFault.Refused, $"{change.Topic} has {now} partitions, and not {change.From} as when it was planned. Plan again.");
        try
        {
            return node.Topics.AddPartitions(change.Topic, change.To, validateOnly: false) is { } fault
                ? throw Failures.Of(fault)
                : new(Told(Topic(change.Topic)));
        }
        catch (IOException e)
        {
            throw Failures.Of(e);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RecordPlace>> AppendAsync(string topic, IReadOnlyList<OutgoingRecord> records, CancellationToken cancellationToken = default) =>
        AppendAsync(topic, null, records, null, cancellationToken);

    /// <summary>Appends to the partitions of keys, or to one partition; where the call has a producer of its own, a repetition of it appends nothing.</summary>
    public ValueTask<IReadOnlyList<RecordPlace>> AppendAsync(
        string topic, int? partition, IReadOnlyList<OutgoingRecord> records, long? producer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentOutOfRangeException.ThrowIfLessThan(records.Count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(records.Count, BrokerLimits.MaxAppendRecords);
        cancellationToken.ThrowIfCancellationRequested();
        CheckOwn(topic);
        var found = Topic(topic);
        if (partition is { } chosen && found.Find(chosen) is null)
            throw Failures.NoSuchPartition(topic, chosen);
        var keyless = (int)((producer ?? Interlocked.Increment(ref _keyless)) % found.Partitions.Length);
        var plan = new AppendPlan(found, records, keyless, node.Time.GetUtcNow().ToUnixTimeMilliseconds(), partition, producer ?? Records.RecordBatch.None);
        var share = node.Memory.TryTake(plan.Bytes) ?? throw new BrokerException(
            BrokerFault.Unavailable, "Appends and requests in flight take all that Broker:RequestMemory allows. Nothing was appended; wait for some of them.");
        var places = new RecordPlace[records.Count];
        Round? last;
        try
        {
            last = Append(plan, places);
        }
        catch
        {
            share.Dispose();
            throw;
        }

        // Rounds become durable in their order: with the last one all are.
        return last is null ? Done() : new(WaitAsync(last, places, share, cancellationToken));

        ValueTask<IReadOnlyList<RecordPlace>> Done()
        {
            share.Dispose();
            return new(places);
        }
    }

    /// <inheritdoc/>
    public ValueTask<OffsetRange> RangeAsync(string topic, int partition, CancellationToken cancellationToken = default)
    {
        var log = Log(topic, partition);
        return new(new OffsetRange(log.StartOffset, log.HighWatermark));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<IncomingRecord> ReadAsync(
        string topic, int partition, ReadStart start, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
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
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        var member = new GroupMember(node, group, [.. topics.Distinct(StringComparer.Ordinal)], options, gone => _members.TryRemove(gone, out _));
        _members[member] = true;
        try
        {
            await member.StartAsync(cancellationToken);
            return member;
        }
        catch
        {
            await member.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<PartitionLag>> LagAsync(string group, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        var code = node.Groups.Fetch(group, null, out var offsets);
        if (code != ErrorCode.None)
            throw Failures.Of(code, $"The offsets of group {group}");
        var lags = new List<PartitionLag>(offsets.Count);
        foreach (var (partition, committed) in offsets)
        {
            if (committed is { } offset && node.Topics.Find(partition.Topic)?.Find(partition.Partition) is { } log)
                lags.Add(new PartitionLag(partition.Topic, partition.Partition, offset.Offset, log.HighWatermark));
        }

        return new(lags);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        foreach (var member in _members.Keys)
            await member.DisposeAsync();
    }

    private static BrokerTopic Told(Topic topic) => new(topic.Name, topic.Partitions.Length);

    private static void CheckOwn(string topic)
    {
        if (TopicName.IsInternal(topic))
            throw new BrokerException(BrokerFault.Refused, $"{topic} is the broker's own: it is not written to by others.");
    }

    private static Round? Append(AppendPlan plan, RecordPlace[] places)
    {
        Round? last = null;
        foreach (var batch in plan.Batches)
        {
            var result = batch.Log.Append(batch.Bytes);
            if (result.Fault is { } fault)
                throw Failures.Of(fault);
            batch.Tell(places, result.BaseOffset);
            last = Round.Later(last, result.Round);
        }

        return last;
    }

    private static async Task<IReadOnlyList<RecordPlace>> WaitAsync(Round round, RecordPlace[] places, MemoryBudget.Share share, CancellationToken cancellationToken)
    {
        try
        {
            // The memory is taken until the journal has the bytes, also where the caller no longer waits.
            await HoldAsync(round, share).WaitAsync(cancellationToken);
            return places;
        }
        catch (JournalFailedException e)
        {
            throw Failures.Of(e);
        }
    }

    private static async Task HoldAsync(Round round, MemoryBudget.Share share)
    {
        using (share)
            await round.Durable;
    }

    private async IAsyncEnumerable<IncomingRecord> ReadEachAsync(
        string topic, int partition, ReadStart start, ReadOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new PartitionReader(node, topic, partition, PartitionReader.Offset(Log(topic, partition), start), options);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        using var wait = new FetchWait();
        PartitionLog? watched = null;
        while (true)
        {
            wait.Arm();
            if (reader.Next() is { } chunk)
            {
                foreach (var record in chunk.Records())
                {
                    ThrowIfEnded(cancellationToken);
                    reader.Passed(record.Offset + 1);
                    yield return record;
                }

                reader.Passed(chunk.NextOffset);
                continue;
            }

            // Between looking and watching it may have grown: so it is looked at once more after the first time.
            if (watched is null || watched != reader.Log)
            {
                watched = reader.Log;
                if (watched is not null)
                    wait.Watch(watched);
                continue;
            }

            try
            {
                await wait.WaitAsync(Timeout.InfiniteTimeSpan, node.Time, either.Token);
            }
            catch (OperationCanceledException)
            {
                ThrowIfEnded(cancellationToken);
                throw;
            }
        }
    }

    private void ThrowIfEnded(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_stop.IsCancellationRequested)
            throw Failures.Ended();
    }

    private Topic Topic(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return node.Topics.Find(name) ?? throw Failures.NoSuchTopic(name);
    }

    private PartitionLog Log(string topic, int partition) => Topic(topic).Find(partition) ?? throw Failures.NoSuchPartition(topic, partition);
}
