using System.Collections.Immutable;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Topics;

namespace Groundwork.Broker.Operations;

/// <summary>
/// Metadata, 0–13: the nodes, the topics and who leads their partitions. Version 0 means all topics by an empty list, later ones by
/// none at all; topics can be asked for by id from 12 on. A topic that is named for the first time is made, where client and broker both allow it.
/// </summary>
internal sealed class Metadata() : Operation<MetadataRequest>(ApiKey.Metadata)
{
    // Before that an answer has no room for a topic without a name.
    private const short FirstWithIds = 12;

    protected override ValueTask<IResponse?> RunAsync(MetadataRequest request, Call call)
    {
        var node = call.Node;
        var wantsAll = request.Topics is null || (call.Version == 0 && request.Topics.Count == 0);
        return new(new MetadataResponse
        {
            Brokers = [new() { NodeId = node.Options.NodeId, Host = call.Local.Address.ToString(), Port = call.Local.Port }],
            ClusterId = node.ClusterId,
            ControllerId = node.Options.NodeId,
            Topics = wantsAll
                ? [.. node.Topics.All.Select(topic => Describe(topic, request, call))]
                : [.. request.Topics!.Select(asked => Describe(asked, request, call))],
            ClusterAuthorizedOperations = request.IncludeClusterAuthorizedOperations ? Permissions.OnCluster : Permissions.NotAsked,
        });
    }

    private static MetadataResponse.MetadataResponseTopic Describe(MetadataRequest.MetadataRequestTopic asked, MetadataRequest request, Call call)
    {
        if (asked.Name is null)
        {
            return call.Node.Topics.Find(asked.TopicId) is { } known
                ? Describe(known, request, call)
                : new() { ErrorCode = ErrorCode.UnknownTopicId, TopicId = asked.TopicId, Name = call.Version < FirstWithIds ? "" : null };
        }

        var (topic, code) = FindOrMake(asked.Name, request.AllowAutoTopicCreation, call);
        return topic is null ? new() { ErrorCode = code, Name = asked.Name } : Describe(topic, request, call);
    }

    private static (Topic? Topic, ErrorCode Code) FindOrMake(string name, bool allowed, Call call)
    {
        var topics = call.Node.Topics;
        if (topics.Find(name) is { } known)
            return (known, ErrorCode.None);
        if (TopicName.Fault(name) is not null)
            return (null, ErrorCode.InvalidTopicException);
        if (!allowed || !call.Node.Options.CreatesTopics || TopicName.IsInternal(name))
            return (null, ErrorCode.UnknownTopicOrPartition);
        try
        {
            var (made, fault) = topics.Create(name, call.Node.Options.DefaultPartitions, ImmutableSortedDictionary<string, string>.Empty);

            // Somebody else may have made it just now.
            return (made ?? topics.Find(name)) is { } topic ? (topic, ErrorCode.None) : (null, fault!.Code);
        }
        catch (IOException)
        {
            return (null, ErrorCode.KafkaStorageError);
        }
    }

    private static MetadataResponse.MetadataResponseTopic Describe(Topic topic, MetadataRequest request, Call call)
    {
        var id = call.Node.Options.NodeId;
        var described = new MetadataResponse.MetadataResponseTopic
        {
            Name = topic.Name,
            TopicId = topic.Id,
            IsInternal = topic.IsInternal,
            TopicAuthorizedOperations = request.IncludeTopicAuthorizedOperations ? Permissions.OnTopic : Permissions.NotAsked,
        };
        for (var i = 0; i < topic.Partitions.Length; i++)
        {
            described.Partitions.Add(new()
            {
                PartitionIndex = i,
                LeaderId = id,
                LeaderEpoch = topic.Partitions[i].LeaderEpoch,
                ReplicaNodes = [id],
                IsrNodes = [id],
            });
        }

        return described;
    }
}
