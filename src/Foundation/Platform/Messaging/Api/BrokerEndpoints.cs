using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Groundwork.Ports.Messaging.Inspection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Groundwork.Platform.Messaging.Api;

/// <summary>The HTTP contract of the embedded broker, in one table.</summary>
internal static class BrokerEndpoints
{
    private const string Tag = "Broker";

    // What the command line sends is bounded by itself: a batch of lines, or one line that is longer.
    private const long ControlBodyBytes = 64 << 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/broker", ServerEndpoint.Read)
            .WithTags(Tag)
            .WithSummary("See how the embedded broker's server is, and which broker the program's modules use.")
            .Produces<ServerView>()
            .RequireScope(BrokerScopes.Read);
        MapTopics(routes.MapGroup("/v1/topics").WithTags(Tag));
        MapTopicActions(routes);
        MapGroups(routes);
    }

    /// <summary>The same, for the command line, which needs no scope.</summary>
    public static void MapControl(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/topics", TopicEndpoints.List);
        routes.MapPost("/topics", TopicEndpoints.CreateAsync);
        routes.MapGet("/topics/{topic}", TopicEndpoints.Read);
        routes.MapPatch("/topics/{topic}", TopicSettingEndpoints.Change);
        routes.MapDelete("/topics/{topic}", TopicEndpoints.DeleteAsync);
        routes.MapGet("/topics/{topic}/settings", TopicSettingEndpoints.Read);
        routes.MapPost("/topics/{topic}/records", AppendEndpoint.AppendAsync).WithMetadata(new RequestSizeLimitAttribute(ControlBodyBytes));
        routes.MapPost("/topics/{topic}:plan-settings", TopicSettingEndpoints.Plan);
        routes.MapPost("/topics/{topic}:plan-partitions", PartitionEndpoints.PlanAsync);
        routes.MapPost("/topics/{topic}:add-partitions", PartitionEndpoints.AddAsync);
        routes.MapPost("/topics/{topic}:plan-delete-records", DeletionEndpoints.PlanAsync);
        routes.MapPost("/topics/{topic}:delete-records", DeletionEndpoints.DeleteAsync);
        routes.MapGet("/groups", GroupEndpoints.List);
        routes.MapGet("/groups/{group}", GroupEndpoints.Read);
        routes.MapDelete("/groups/{group}", GroupEndpoints.DeleteAsync);
        routes.MapPost("/groups/{group}:plan-reset", ResetEndpoints.Plan);
        routes.MapPost("/groups/{group}:reset", ResetEndpoints.ResetAsync);
        routes.MapPost("/readers", ReaderEndpoints.OpenAsync);
        routes.MapPost("/readers/{reader}:take", ReaderEndpoints.TakeAsync);
        routes.MapDelete("/readers/{reader}", ReaderEndpoints.CloseAsync);
    }

    private static void MapTopics(RouteGroupBuilder topics)
    {
        topics.MapGet("/", TopicEndpoints.List)
            .WithSummary("List the topics of the embedded broker, by their names.")
            .Produces<Page<TopicItemView>>()
            .RequireScope(BrokerScopes.Read);
        topics.MapPost("/", TopicEndpoints.CreateAsync)
            .WithSummary("Make a topic.")
            .Produces<TopicItemView>(StatusCodes.Status201Created)
            .RequireScope(BrokerScopes.Admin);
        topics.MapGet("/{topic}", TopicEndpoints.Read)
            .WithSummary("See a topic with its partitions, what comes and goes, and which of them are hot.")
            .WithDescription(TopicEndpoints.Description)
            .Produces<TopicView>()
            .RequireScope(BrokerScopes.Read);
        topics.MapPatch("/{topic}", TopicSettingEndpoints.Change)
            .WithSummary("Change what is set of a topic, by a JSON merge patch. If-Match makes it conditional.")
            .WithDescription(TopicSettingEndpoints.Description)
            .Accepts<TopicPatch>("application/merge-patch+json", "application/json")
            .Produces<TopicView>()
            .RequireScope(BrokerScopes.Admin);
        topics.MapGet("/{topic}/settings", TopicSettingEndpoints.Read)
            .WithSummary("See all that can be set of a topic: what holds, its default, what it takes and what it does.")
            .Produces<TopicSettingsView>()
            .RequireScope(BrokerScopes.Read);
        topics.MapDelete("/{topic}", TopicEndpoints.DeleteAsync)
            .WithSummary("Delete a topic with all its records. If-Match makes it conditional.")
            .Produces(StatusCodes.Status204NoContent)
            .RequireScope(BrokerScopes.Admin);
        topics.MapGet("/{topic}/records", RecordEndpoints.Read)
            .WithSummary("Read records of a partition, without being in a group.")
            .WithDescription(RecordEndpoints.Description)
            .Produces<RecordPageView>()
            .RequireScope(BrokerScopes.Read);
        topics.MapPost("/{topic}/records", AppendEndpoint.AppendAsync)
            .WithSummary("Append records; they are durable when this is answered. With an Idempotency-Key, sending it again appends nothing.")
            .WithDescription(AppendEndpoint.Description)
            .Produces<AppendedView>(StatusCodes.Status201Created)
            .RequireScope(BrokerScopes.Write);
    }

    private static void MapTopicActions(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/topics/{topic}:plan-settings", TopicSettingEndpoints.Plan)
            .WithTags(Tag)
            .WithSummary("See how many records a change of a topic's settings would take away, by a shorter retention. Nothing is changed.")
            .Produces<TopicSettingsPlanView>()
            .RequireScope(BrokerScopes.Read);
        routes.MapPost("/v1/topics/{topic}:plan-partitions", PartitionEndpoints.PlanAsync)
            .WithTags(Tag)
            .WithSummary("See which share of a topic's keys more partitions would move. Nothing is changed.")
            .Produces<PartitionPlanView>()
            .RequireScope(BrokerScopes.Read);
        routes.MapPost("/v1/topics/{topic}:add-partitions", PartitionEndpoints.AddAsync)
            .WithTags(Tag)
            .WithSummary("Add partitions to a topic. If-Match makes it conditional on what was planned.")
            .Produces<PartitionPlanView>()
            .RequireScope(BrokerScopes.Admin);
        routes.MapPost("/v1/topics/{topic}:plan-delete-records", DeletionEndpoints.PlanAsync)
            .WithTags(Tag)
            .WithSummary("See how many records of a partition deleting those before a place would take. Nothing is changed.")
            .WithDescription(DeletionEndpoints.Description)
            .Produces<DeletionPlanView>()
            .RequireScope(BrokerScopes.Read);
        routes.MapPost("/v1/topics/{topic}:delete-records", DeletionEndpoints.DeleteAsync)
            .WithTags(Tag)
            .WithSummary("Delete the records of a partition that are before a place.")
            .WithDescription(DeletionEndpoints.Description)
            .Produces<DeletedRecordsView>()
            .RequireScope(BrokerScopes.Admin);
    }

    private static void MapGroups(IEndpointRouteBuilder routes)
    {
        var groups = routes.MapGroup("/v1/groups").WithTags(Tag);
        groups.MapGet("/", GroupEndpoints.List)
            .WithSummary("List the consumer groups of the embedded broker, by their names.")
            .Produces<Page<GroupItemView>>()
            .RequireScope(BrokerScopes.Read);
        groups.MapGet("/{group}", GroupEndpoints.Read)
            .WithSummary("See a group: its members, and how far it is behind in each partition.")
            .WithDescription(GroupEndpoints.Description)
            .Produces<GroupView>()
            .RequireScope(BrokerScopes.Read);
        groups.MapDelete("/{group}", GroupEndpoints.DeleteAsync)
            .WithSummary("Delete a group that has no members, with what it has committed.")
            .Produces(StatusCodes.Status204NoContent)
            .RequireScope(BrokerScopes.Admin);
        routes.MapPost("/v1/groups/{group}:plan-reset", ResetEndpoints.Plan)
            .WithTags(Tag)
            .WithSummary("See where a reset would have a group go on. Nothing is changed.")
            .WithDescription(ResetEndpoints.Description)
            .Produces<ResetPlanView>()
            .RequireScope(BrokerScopes.Read);
        routes.MapPost("/v1/groups/{group}:reset", ResetEndpoints.ResetAsync)
            .WithTags(Tag)
            .WithSummary("Have a group without members go on elsewhere. If-Match, with the ETag of the plan, makes it conditional.")
            .WithDescription(ResetEndpoints.Description)
            .Produces<ResetPlanView>()
            .RequireScope(BrokerScopes.Admin);
    }
}
