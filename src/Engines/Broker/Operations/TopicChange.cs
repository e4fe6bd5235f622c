using System.Collections.Immutable;
using System.Globalization;
using Groundwork.Broker.Node;
using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;

namespace Groundwork.Broker.Operations;

/// <summary>What both ways to change settings have in common.</summary>
internal static class TopicChange
{
    /// <summary>Changes what is set of a topic; returns why it was not.</summary>
    public static BatchFault? Apply(
        BrokerNode node, sbyte resourceType, string name, bool validateOnly,
        Func<ImmutableSortedDictionary<string, string>, (ImmutableSortedDictionary<string, string> Settings, string? Fault)> change)
    {
        if ((ConfigResource)resourceType != ConfigResource.Topic)
        {
            return new(ErrorCode.InvalidRequest, string.Create(
                CultureInfo.InvariantCulture, $"Topics (2) can be changed here, not kind {resourceType}; the broker's own settings are changed where it is started."));
        }

        try
        {
            return node.Topics.Alter(name, change, validateOnly);
        }
        catch (IOException e)
        {
            return new(ErrorCode.KafkaStorageError, e.Message);
        }
    }
}
