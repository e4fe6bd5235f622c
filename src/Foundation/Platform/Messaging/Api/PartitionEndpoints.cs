using Groundwork.Platform.Http;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Groundwork.Platform.Messaging.Api;

/// <summary><c>POST /v1/topics/{topic}:plan-partitions</c> and <c>:add-partitions</c>.</summary>
internal static class PartitionEndpoints
{
    public static Task<IResult> PlanAsync(
        string topic, PartitionsRequest body, HttpContext http, [FromServices] IBrokerInspector broker,
        [FromKeyedServices(BrokerSettings.Embedded)] IBroker port, CancellationToken cancellationToken) =>
        AnswerAsync(topic, body, http, broker, async () => await port.PlanPartitionsAsync(topic, body.Partitions, cancellationToken));

    public static Task<IResult> AddAsync(
        string topic, PartitionsRequest body, HttpContext http, [FromServices] IBrokerInspector broker,
        [FromKeyedServices(BrokerSettings.Embedded)] IBroker port, CancellationToken cancellationToken) =>
        AnswerAsync(topic, body, http, broker, async () =>
        {
            var plan = await port.PlanPartitionsAsync(topic, body.Partitions, cancellationToken);
            await port.AddPartitionsAsync(plan, cancellationToken);
            return plan;
        });

    private static Task<IResult> AnswerAsync(string topic, PartitionsRequest body, HttpContext http, IBrokerInspector broker, Func<Task<PartitionChange>> act) =>
        BrokerProblems.TryAsync(async () =>
        {
            var found = broker.ReadTopic(topic);
            if (EntityTag.Refuse(http.Request, found is null ? null : TopicItemView.TagOf(found)) is { } refusal)
                return refusal;
            if (found is null)
                return BrokerProblems.NoTopic(topic);
            if (body.Partitions <= found.Partitions.Count)
                return BrokerProblems.Invalid("partitions", $"'{topic}' has {found.Partitions.Count} partitions, and can only get more, not {body.Partitions}.");
            var plan = await act();
            return TopicItemView.TagOf(broker.ReadTopic(topic) ?? found).On(Results.Ok(new PartitionPlanView(topic, plan.From, plan.To, plan.MovedShare)));
        });
}

/// <summary>How many partitions a topic is to have.</summary>
/// <param name="Partitions">The total: more than it has.</param>
internal sealed record PartitionsRequest(int Partitions);

/// <summary>What more partitions do to a topic.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="From">How many partitions it has, or had.</param>
/// <param name="To">How many it would have, or has.</param>
/// <param name="MovedShare">The share of keys whose next records go to another partition than those before, 0 to 1: between them order is lost.</param>
internal sealed record PartitionPlanView(string Topic, int From, int To, double MovedShare);
