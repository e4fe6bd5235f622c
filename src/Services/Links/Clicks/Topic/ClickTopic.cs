using Groundwork.Ports.Messaging;

namespace Groundwork.Links.Clicks;

/// <summary>The topic of clicks, and the group that counts them.</summary>
internal static class ClickTopic
{
    /// <summary>Its name.</summary>
    public const string Name = "links.clicks";

    /// <summary>The name of the group whose members count.</summary>
    public const string Group = "links.clicks";

    // As many copies share the counting; with more partitions, each link's clicks of some seconds would make as many parts as before.
    private static readonly TopicSpec Spec = new(Name, Partitions: 8);

    /// <summary>Makes it where it is not there.</summary>
    public static async ValueTask EnsureAsync(IBroker broker, CancellationToken cancellationToken)
    {
        var topic = await broker.EnsureTopicAsync(Spec, cancellationToken);
        if (topic.Partitions > PartName.MaxPartitions)
            throw new BrokerException(BrokerFault.Refused, $"{Name} has {topic.Partitions} partitions; more than {PartName.MaxPartitions} cannot be counted.");
    }
}
