using Groundwork.Console.Live;
using Groundwork.Console.Shell;
using Groundwork.Platform.Access;
using Groundwork.Ports.Messaging.Inspection;
using Groundwork.Ports.Modules;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Console.Pages.Broker;

/// <summary>The pages of the embedded broker: its topics with what comes and goes and what they hold, and who reads them and how far behind they are.</summary>
internal sealed class BrokerArea : ConsoleArea
{
    public override string Title => "Broker";

    public override string Address => "/_/broker";

    public override Scope Scope => BrokerScopes.Read;

    public override string Module => "Broker";

    public override IEnumerable<PaletteEntry> PaletteOf(IServiceProvider services) =>
    [
        new("Topics of the broker", "page", "/_/broker", "kafka, records, partitions, hot partition"),
        new("Make a topic", "action", "/_/broker#make", "broker, kafka"),
        new("Consumer groups", "page", "/_/broker/groups", "broker, kafka, lag, offsets, reset"),
    ];

    public override IEnumerable<LiveRegion> Regions =>
    [
        new("broker", typeof(TopicsNow), BrokerScopes.Read, (_, argument) => BrokerNames.IsLike(argument)),
        new("broker-topic", typeof(TopicNow), BrokerScopes.Read, (_, topic) => BrokerNames.IsTopic(topic)),
        new("broker-partitions", typeof(PartitionsNow), BrokerScopes.Read, (_, topic) => BrokerNames.IsTopic(topic)),
        new("broker-groups", typeof(GroupsNow), BrokerScopes.Read, (_, argument) => BrokerNames.IsLike(argument)),
        new("broker-group", typeof(GroupNow), BrokerScopes.Read, (_, argument) => BrokerNames.Group(argument) is not null),
    ];

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage<BrokerPage>("/_/broker", "Broker").RequireScope(BrokerScopes.Read);
        routes.MapPage<TopicPage>("/_/broker/topics/{topic}", "Topic").RequireScope(BrokerScopes.Read);
        routes.MapPage<GroupsPage>("/_/broker/groups", "Groups").RequireScope(BrokerScopes.Read);
        routes.MapPage<GroupPage>("/_/broker/group", "Group").RequireScope(BrokerScopes.Read);
        routes.MapAction("/_/broker/topics", TopicActions.MakeAsync).RequireScope(BrokerScopes.Admin);
        routes.MapAction("/_/broker/topics/{topic}/produce", TopicActions.ProduceAsync).RequireScope(BrokerScopes.Write);
        routes.MapAction("/_/broker/topics/{topic}/partitions", TopicActions.AddPartitionsAsync).RequireScope(BrokerScopes.Admin);
        routes.MapAction("/_/broker/topics/{topic}", TopicActions.ChangeSettingsAsync).RequireScope(BrokerScopes.Admin);
        routes.MapAction("/_/broker/topics/{topic}/delete-records", TopicActions.DeleteRecordsAsync).RequireScope(BrokerScopes.Admin);
        routes.MapAction("/_/broker/topics/{topic}/delete", TopicActions.DeleteAsync).RequireScope(BrokerScopes.Admin);
        routes.MapAction("/_/broker/group/reset", GroupActions.ResetAsync).RequireScope(BrokerScopes.Admin);
        routes.MapAction("/_/broker/group/delete", GroupActions.DeleteAsync).RequireScope(BrokerScopes.Admin);
    }
}
