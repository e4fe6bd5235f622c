using System.Diagnostics.CodeAnalysis;
using Groundwork.Platform.Http;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Messaging.Api;

/// <summary><c>POST /v1/topics/{topic}:plan-delete-records</c> and <c>:delete-records</c>.</summary>
internal static class DeletionEndpoints
{
    public static IResult Plan(string topic, DeleteRecords body, [FromServices] IBrokerInspector broker) => BrokerProblems.Try(() =>
        TryPlan(topic, body, broker, out var plan, out var problem) ? Results.Ok(DeletionPlanView.Of(plan)) : problem);

    public static Task<IResult> DeleteAsync(
        string topic, DeleteRecords body, [FromServices] IBrokerInspector broker, CancellationToken cancellationToken) => BrokerProblems.TryAsync(async () =>
    {
        if (!TryPlan(topic, body, broker, out var plan, out var problem))
            return problem;
        return Results.Ok(new DeletedRecordsView(topic, body.Partition, await broker.DeleteRecordsAsync(topic, body.Partition, plan.Before, cancellationToken)));
    });

    private static bool TryPlan(
        string topic, DeleteRecords body, IBrokerInspector broker, [NotNullWhen(true)] out RecordDeletion? plan, [NotNullWhen(false)] out ProblemResult? problem)
    {
        (plan, problem) = (null, null);
        if ((body.Before is null) == (body.BeforeTime is null))
        {
            problem = BrokerProblems.Invalid("before", "Either before, an offset, or before_time says which records are kept: one of them.");
            return false;
        }

        try
        {
            plan = broker.PlanDeletion(topic, body.Partition, body.BeforeTime is { } time ? ReadStart.Since(time) : ReadStart.At(body.Before!.Value));
        }
        catch (ArgumentOutOfRangeException)
        {
            problem = Outside(topic, body, broker);
        }

        return problem is null;
    }

    private static ProblemResult Outside(string topic, DeleteRecords body, IBrokerInspector broker) => BrokerProblems.Invalid(
        "before",
        $"before must be an offset from 0 to {broker.PlanDeletion(topic, body.Partition, ReadStart.Latest).Offsets.End}, where partition {body.Partition} ends, not {body.Before}.");
}

/// <summary>The body that deletes records: those before an offset, or before a time.</summary>
/// <param name="Partition">Of which partition.</param>
/// <param name="Before">The first offset that is kept.</param>
/// <param name="BeforeTime">Instead: the first record of this time or later is kept, with all behind it.</param>
internal sealed record DeleteRecords(int Partition, long? Before = null, DateTimeOffset? BeforeTime = null);

/// <summary>What deleting records would take.</summary>
/// <param name="Topic">Of which topic.</param>
/// <param name="Partition">Of which partition.</param>
/// <param name="BeforeOffset">The first offset that would be kept.</param>
/// <param name="StartOffset">The offset of the partition's first record.</param>
/// <param name="EndOffset">The offset behind its last one.</param>
/// <param name="Records">How many records would go.</param>
internal sealed record DeletionPlanView(string Topic, int Partition, long BeforeOffset, long StartOffset, long EndOffset, long Records)
{
    public static DeletionPlanView Of(RecordDeletion plan) => new(
        plan.Partition.Topic, plan.Partition.Partition, plan.Before, plan.Offsets.Start, plan.Offsets.End, plan.Records);
}

/// <summary>What is left of a partition.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its number.</param>
/// <param name="StartOffset">The offset at which it begins now.</param>
internal sealed record DeletedRecordsView(string Topic, int Partition, long StartOffset);
