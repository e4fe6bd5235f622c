using System.Globalization;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Topics;

namespace Groundwork.Broker.Operations;

/// <summary>DescribeConfigs, 0–4: what is set of topics, and what the broker was started with, which is changed by its own settings only.</summary>
internal sealed class DescribeConfigs() : Operation<DescribeConfigsRequest>(ApiKey.DescribeConfigs)
{
    // From then on a value's source says whether it is the default.
    private const short FirstWithSource = 1;

    protected override ValueTask<IResponse?> RunAsync(DescribeConfigsRequest request, Call call) => new(new DescribeConfigsResponse
    {
        Results = [.. request.Resources.Select(resource => Describe(resource, request, call))],
    });

    private static DescribeConfigsResponse.DescribeConfigsResult Describe(
        DescribeConfigsRequest.DescribeConfigsResource asked, DescribeConfigsRequest request, Call call)
    {
        var node = call.Node;
        var result = new DescribeConfigsResponse.DescribeConfigsResult { ResourceType = asked.ResourceType, ResourceName = asked.ResourceName, ErrorMessage = null };
        switch ((ConfigResource)asked.ResourceType)
        {
            case ConfigResource.Topic when node.Topics.Find(asked.ResourceName) is { } topic:
                result.Configs = [.. TopicSettings.All.Select(setting => Describe(setting, topic, request, call.Version))];
                break;
            case ConfigResource.Topic:
                (result.ErrorCode, result.ErrorMessage) = (ErrorCode.UnknownTopicOrPartition, $"There is no topic {asked.ResourceName}.");
                break;
            case ConfigResource.Broker when asked.ResourceName == node.Options.NodeId.ToString(CultureInfo.InvariantCulture):
                result.Configs = [.. OfBroker(node.Options)];
                break;
            case ConfigResource.Broker:
                (result.ErrorCode, result.ErrorMessage) = (ErrorCode.InvalidRequest, $"There is no node '{asked.ResourceName}' but {node.Options.NodeId}.");
                break;
            default:
                (result.ErrorCode, result.ErrorMessage) = (ErrorCode.InvalidRequest, $"Topics (2) and nodes (4) have settings, not kind {asked.ResourceType}.");
                break;
        }

        if (asked.ConfigurationKeys is { } keys)
            _ = result.Configs.RemoveAll(config => !keys.Contains(config.Name));
        return result;
    }

    private static DescribeConfigsResponse.DescribeConfigsResourceResult Describe(TopicSetting setting, Topic topic, DescribeConfigsRequest request, short version)
    {
        var isSet = topic.Settings.TryGetValue(setting.Name, out var value);
        var described = new DescribeConfigsResponse.DescribeConfigsResourceResult
        {
            Name = setting.Name,
            Value = value ?? setting.Default,
            IsDefault = !isSet && version < FirstWithSource,
            ConfigSource = (sbyte)(isSet ? ConfigSource.Topic : ConfigSource.Default),
            ConfigType = (sbyte)setting.Kind,
            Documentation = request.IncludeDocumentation ? setting.About : null,
        };
        if (request.IncludeSynonyms)
        {
            if (isSet)
                described.Synonyms.Add(new() { Name = setting.Name, Value = value, Source = (sbyte)ConfigSource.Topic });
            described.Synonyms.Add(new() { Name = setting.Name, Value = setting.Default, Source = (sbyte)ConfigSource.Default });
        }

        return described;
    }

    private static IEnumerable<DescribeConfigsResponse.DescribeConfigsResourceResult> OfBroker(NodeOptions options)
    {
        yield return OfBroker("auto.create.topics.enable", options.CreatesTopics ? "true" : "false", SettingKind.Boolean);
        yield return OfBroker("broker.id", options.NodeId.ToString(CultureInfo.InvariantCulture), SettingKind.Int);
        yield return OfBroker("default.replication.factor", "1", SettingKind.Int);
        yield return OfBroker("fetch.max.bytes", options.MaxFetchBytes.ToString(CultureInfo.InvariantCulture), SettingKind.Int);
        yield return OfBroker("num.partitions", options.DefaultPartitions.ToString(CultureInfo.InvariantCulture), SettingKind.Int);
        yield return OfBroker("queued.max.request.bytes", options.RequestMemory.ToString(CultureInfo.InvariantCulture), SettingKind.Long);
    }

    private static DescribeConfigsResponse.DescribeConfigsResourceResult OfBroker(string name, string value, SettingKind kind) => new()
    {
        Name = name,
        Value = value,
        ReadOnly = true,
        ConfigSource = (sbyte)ConfigSource.Broker,
        ConfigType = (sbyte)kind,
        Documentation = null,
    };
}
