using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Groundwork.Ports.Messaging;
using TopicPartition = Confluent.Kafka.TopicPartition;

namespace Groundwork.Kafka;

/// <summary>Questions and changes of topics, over the producer's own connections, so that it knows at once what was changed here. Safe for concurrent callers.</summary>
internal sealed class KafkaTopics(IAdminClient admin, KafkaAddress address, TimeSpan timeout, TimeProvider time)
{
    private const short ReplicasAsTheBrokerHasIt = -1;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>A topic; null where there is none.</summary>
    public async Task<BrokerTopic?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await AskAsync(admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([name]), new DescribeTopicsOptions { RequestTimeout = timeout }), cancellationToken);
            return new BrokerTopic(name, found.TopicDescriptions[0].Partitions.Count);
        }
        catch (DescribeTopicsException e) when (e.Results.TopicDescriptions.FirstOrDefault()?.Error is { IsError: true } error)
        {
            // A name that cannot be is none that is there.
            return error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.TopicException
                ? null
                : throw KafkaFailures.Of(error, address, e);
        }
    }

    /// <summary>A topic that must be there.</summary>
    public async Task<BrokerTopic> GetAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) ?? throw KafkaFailures.NoSuchTopic(name);

    /// <summary>Makes a topic where there is none.</summary>
    public async Task<BrokerTopic> EnsureAsync(TopicSpec topic, CancellationToken cancellationToken)
    {
        if (await FindAsync(topic.Name, cancellationToken) is { } there)
            return there;
        var asked = new TopicSpecification
        {
            Name = topic.Name,
            NumPartitions = topic.Partitions,
            ReplicationFactor = ReplicasAsTheBrokerHasIt,
            Configs = topic.Settings().ToDictionary(StringComparer.Ordinal),
        };
        try
        {
            await AskAsync(admin.CreateTopicsAsync([asked], new CreateTopicsOptions { RequestTimeout = timeout, OperationTimeout = timeout }), cancellationToken);
        }
        catch (CreateTopicsException e) when (e.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
        {
            // Somebody made it in between.
            return await GetAsync(topic.Name, cancellationToken);
        }
        catch (CreateTopicsException e)
        {
            throw KafkaFailures.Of(e.Results[0].Error, address, e);
        }

        return await SeenAsync(new BrokerTopic(topic.Name, topic.Partitions), cancellationToken);
    }

    /// <summary>Adds partitions.</summary>
    /// <remarks>Kafka compares with nothing: somebody who adds some between the look and the change makes it fail, or has his own replaced by more.</remarks>
    public async Task<BrokerTopic> AddAsync(PartitionChange change, CancellationToken cancellationToken)
    {
        if ((await GetAsync(change.Topic, cancellationToken)).Partitions is var now && now != change.From)
            throw new BrokerException(BrokerFault.Refused, $"{change.Topic} has {now} partitions, and not {change.From} as when it was planned. Plan again.");
        try
        {
            await AskAsync(
                admin.CreatePartitionsAsync(
                    [new PartitionsSpecification { Topic = change.Topic, IncreaseTo = change.To }],
                    new CreatePartitionsOptions { RequestTimeout = timeout, OperationTimeout = timeout }),
                cancellationToken);
        }
        catch (CreatePartitionsException e)
        {
            throw KafkaFailures.Of(e.Results[0].Error, address, e);
        }

        return await SeenAsync(new BrokerTopic(change.Topic, change.To), cancellationToken);
    }

    /// <summary>The offsets that a partition has.</summary>
    public async Task<OffsetRange> RangeAsync(string topic, int partition, CancellationToken cancellationToken) => new(
        await OffsetAsync(topic, partition, OffsetSpec.Earliest(), cancellationToken), await OffsetAsync(topic, partition, OffsetSpec.Latest(), cancellationToken));

    /// <summary>The offset at which a reader begins; one of those of the driver that are no number where it is to find it itself.</summary>
    public async Task<Offset> OffsetAsync(string topic, int partition, ReadStart start, CancellationToken cancellationToken)
    {
        switch (start.Kind)
        {
            case ReadStartKind.Earliest:
                return Offset.Beginning;
            case ReadStartKind.Offset:
                return start.Value;
            case ReadStartKind.Time when await OffsetAsync(topic, partition, OffsetSpec.ForTimestamp(start.Value), cancellationToken) is >= 0 and var found:
                return found;
            default:
                return await OffsetAsync(topic, partition, OffsetSpec.Latest(), cancellationToken);
        }
    }

    /// <summary>How far a group is behind.</summary>
    public async Task<IReadOnlyList<PartitionLag>> LagAsync(string group, CancellationToken cancellationToken)
    {
        try
        {
            var groups = await AskAsync(
                admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, null)], new ListConsumerGroupOffsetsOptions { RequestTimeout = timeout }),
                cancellationToken);
            var committed = groups[0].Partitions.Where(one => !one.Error.IsError && one.Offset >= 0).ToDictionary(one => one.TopicPartition, one => one.Offset.Value);
            if (committed.Count == 0)
                return [];
            var ends = await AskAsync(
                admin.ListOffsetsAsync(
                    committed.Keys.Select(one => new TopicPartitionOffsetSpec { TopicPartition = one, OffsetSpec = OffsetSpec.Latest() }),
                    new ListOffsetsOptions { RequestTimeout = timeout }),
                cancellationToken);
            return [.. ends.ResultInfos.Select(end => end.TopicPartitionOffsetError).Where(end => !end.Error.IsError).Select(end =>
                new PartitionLag(end.Topic, end.Partition, committed[end.TopicPartition], end.Offset))];
        }
        catch (ListConsumerGroupOffsetsException e) when (e.Results.FirstOrDefault() is { Error.IsError: true } result)
        {
            return result.Error.Code == ErrorCode.GroupIdNotFound ? [] : throw KafkaFailures.Of(result.Error, address, e);
        }
    }

    /// <summary>Whether it answers.</summary>
    public Task CheckAsync(CancellationToken cancellationToken) =>
        AskAsync((Task)admin.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = timeout }), cancellationToken);

    private async Task<long> OffsetAsync(string topic, int partition, OffsetSpec spec, CancellationToken cancellationToken)
    {
        try
        {
            var found = await AskAsync(
                admin.ListOffsetsAsync(
                    [new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, partition), OffsetSpec = spec }],
                    new ListOffsetsOptions { RequestTimeout = timeout }),
                cancellationToken);
            return found.ResultInfos[0].TopicPartitionOffsetError.Offset;
        }
        catch (ListOffsetsException e) when (e.Result.ResultInfos.FirstOrDefault()?.TopicPartitionOffsetError.Error is { IsError: true } error)
        {
            throw KafkaFailures.Of(error, address, e);
        }
    }

    // Where there are several brokers, the one that is asked next may not know of a change yet.
    private async Task<BrokerTopic> SeenAsync(BrokerTopic changed, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while ((await FindAsync(changed.Name, cancellationToken))?.Partitions != changed.Partitions)
        {
            if (time.GetElapsedTime(began) > timeout)
                throw KafkaFailures.TimedOut(address, timeout);
            await Task.Delay(Look, time, cancellationToken);
        }

        // The producer's own knowledge, which it would otherwise look up in minutes: keys go where they are to from now on.
        await Task.Run(() => admin.GetMetadata(changed.Name, timeout), cancellationToken);
        return changed;
    }

    private async Task<T> AskAsync<T>(Task<T> asked, CancellationToken cancellationToken)
    {
        await AskAsync((Task)asked, cancellationToken);
        return await asked;
    }

    // The exceptions that derive from it say more, each of its own call.
    private async Task AskAsync(Task asked, CancellationToken cancellationToken)
    {
        try
        {
            await asked.WaitAsync(cancellationToken);
        }
        catch (KafkaException e) when (e.GetType() == typeof(KafkaException))
        {
            throw KafkaFailures.Of(e, address);
        }
    }
}
