using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Messaging.Api;

/// <summary><c>POST /v1/topics/{topic}:plan-delete-records</c> and <c>:delete-records</c>.</summary>
internal static class DeletionEndpoints
{
    public const string Description =
        "before is earliest, latest, an offset, or a time as RFC 3339 has it: what is kept begins there, of a time with the first record of then or later.";

    public static Task<IResult> PlanAsync(
        string topic, DeleteRecords body, [FromServices] IBrokerInspector broker, CancellationToken cancellationToken) => BrokerProblems.TryAsync(async () =>
    {
        var (plan, problem) = await ReadAsync(topic, body, broker, cancellationToken);
        return problem ?? Results.Ok(DeletionPlanView.Of(plan!));
    });

    public static Task<IResult> DeleteAsync(
        string topic, DeleteRecords body, [FromServices] IBrokerInspector broker, CancellationToken cancellationToken) => BrokerProblems.TryAsync(async () =>
    {
        var (plan, problem) = await ReadAsync(topic, body, broker, cancellationToken);
        return problem ?? Results.Ok(new DeletedRecordsView(topic, body.Partition, await broker.DeleteRecordsAsync(topic, body.Partition, plan!.Before, cancellationToken)));
    });

    // One of the two is there.
    private static async Task<(RecordDeletion? Plan, IResult? Problem)> ReadAsync(
        string topic, DeleteRecords body, IBrokerInspector broker, CancellationToken cancellationToken)
    {
        if (body.Before is not { } text || !PlaceText.TryRead(text, out var before))
            return (null, BrokerProblems.Invalid("before", $"before must be {PlaceText.Form}; not '{body.Before}'."));
        try
        {
            return (await broker.PlanDeletionAsync(topic, body.Partition, before, cancellationToken), null);
        }
        catch (ArgumentOutOfRangeException)
        {
            var end = (await broker.PlanDeletionAsync(topic, body.Partition, ReadStart.Latest, cancellationToken)).Offsets.End;
            return (null, BrokerProblems.Invalid("before", $"before must be an offset from 0 to {end}, where partition {body.Partition} ends, not {body.Before}."));
        }
    }
}

/// <summary>The body that deletes the first records of a partition.</summary>
/// <param name="Partition">Of which partition.</param>
/// <param name="Before">Where what is kept begins: earliest, latest, an offset or a time.</param>
internal sealed record DeleteRecords(int Partition, string? Before = null);

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
