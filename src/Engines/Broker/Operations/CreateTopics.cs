using System.Collections.Immutable;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;
using Groundwork.Broker.Topics;

namespace Groundwork.Broker.Operations;

/// <summary>CreateTopics, 0–7: makes topics; -1 for the number of partitions takes the broker's own. There is one node, so there is one replica.</summary>
internal sealed class CreateTopics() : Operation<CreateTopicsRequest>(ApiKey.CreateTopics)
{
    protected override ValueTask<IResponse?> RunAsync(CreateTopicsRequest request, Call call)
    {
        var response = new CreateTopicsResponse();
        foreach (var group in request.Topics.GroupBy(topic => topic.Name, StringComparer.Ordinal))
        {
            response.Topics.Add(group.Count() == 1
                ? Make(group.First(), request.ValidateOnly, call.Node)
                : Refusal(group.Key, new(ErrorCode.InvalidRequest, $"The request names {group.Key} twice.")));
        }

        return new(response);
    }

    private static CreateTopicsResponse.CreatableTopicResult Make(CreateTopicsRequest.CreatableTopic asked, bool validateOnly, BrokerNode node)
    {
        var (partitions, fault) = Partitions(asked, node);
        var settings = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var config in asked.Configs)
        {
            // Null is the default.
            if (config.Value is not null)
                settings[config.Name] = config.Value;
        }

        if (TopicName.IsInternal(asked.Name))
            fault ??= new(ErrorCode.InvalidTopicException, $"{asked.Name} is the broker's own.");
        fault ??= node.Topics.CheckNew(asked.Name, partitions, settings);
        if (fault is not null)
            return Refusal(asked.Name, fault);
        var made = new CreateTopicsResponse.CreatableTopicResult
        {
            Name = asked.Name,
            NumPartitions = partitions,
            ReplicationFactor = 1,
            ErrorMessage = null,
            Configs = [.. TopicSettings.All.Select(setting => new CreateTopicsResponse.CreatableTopicConfigs
            {
                Name = setting.Name,
                Value = settings.GetValueOrDefault(setting.Name) ?? setting.Default,
                ConfigSource = (sbyte)(settings.ContainsKey(setting.Name) ? ConfigSource.Topic : ConfigSource.Default),
            })],
        };
        if (validateOnly)
            return made;
        try
        {
            var (topic, refused) = node.Topics.Create(asked.Name, partitions, settings.ToImmutable());
            if (topic is null)
                return Refusal(asked.Name, refused!);
            made.TopicId = topic.Id;
            return made;
        }
        catch (IOException e)
        {
            return Refusal(asked.Name, new(ErrorCode.KafkaStorageError, e.Message));
        }
    }

    private static (int Partitions, BatchFault? Fault) Partitions(CreateTopicsRequest.CreatableTopic asked, BrokerNode node)
    {
        if (asked.Assignments.Count > 0)
        {
            if (asked.NumPartitions != -1 || asked.ReplicationFactor != -1)
                return (0, new(ErrorCode.InvalidRequest, "A topic has an assignment, or a number of partitions and replicas."));
            var numbers = asked.Assignments.Select(a => a.PartitionIndex).Order();
            var isWhole = numbers.SequenceEqual(Enumerable.Range(0, asked.Assignments.Count));
            var isHere = asked.Assignments.All(a => a.BrokerIds is [var one] && one == node.Options.NodeId);
            return isWhole && isHere
                ? (asked.Assignments.Count, null)
                : (0, new(ErrorCode.InvalidReplicaAssignment, $"An assignment names the partitions from 0 on, and node {node.Options.NodeId} for each: there is no other."));
        }

        if (asked.ReplicationFactor is not (-1 or 1))
            return (0, new(ErrorCode.InvalidReplicationFactor, $"There is one node, and so one replica, not {asked.ReplicationFactor}."));
        return (asked.NumPartitions == -1 ? node.Options.DefaultPartitions : asked.NumPartitions, null);
    }

    private static CreateTopicsResponse.CreatableTopicResult Refusal(string name, BatchFault fault) => new()
    {
        Name = name,
        ErrorCode = fault.Code,
        ErrorMessage = fault.Message,
        Configs = null,
    };
}
