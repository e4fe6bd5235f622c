using System.Diagnostics.CodeAnalysis;
using Groundwork.Platform.Http;
using Groundwork.Ports.Messaging;
using Groundwork.Ports.Messaging.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Groundwork.Platform.Messaging.Api;

/// <summary><c>POST /v1/groups/{group}:plan-reset</c> and <c>:reset</c>.</summary>
internal static class ResetEndpoints
{
    public const string Description =
        "To earliest, latest, an offset or a time as RFC 3339 has it, in to; or by a number of records from what is committed, in shift, back where it is below zero. A place that a "
        + "partition does not have becomes the nearest that it has. Only while the group has no members: their places are theirs. A group that is not there is made by it, where a topic is named. "
        + "The ETag is that of the group: it changes with what is committed.";

    private const int MaxPartitions = 10_000;

    public static IResult Plan(string group, ResetRequest body, HttpContext http, [FromServices] IBrokerInspector broker) => BrokerProblems.Try(() =>
    {
        if (!GroupName.TryRead(http, ":plan-reset", out var name, out var problem) || !TryRead(name, body, out var reset, out problem))
            return problem;
        var found = broker.ReadGroup(name);
        if (found is null && reset.Topic is null)
            return BrokerProblems.NoGroup(name);
        http.Response.Headers.ETag = TagOf(found).ToString();
        return Results.Ok(ResetPlanView.Of(broker.PlanReset(reset)));
    });

    public static Task<IResult> ResetAsync(
        string group, ResetRequest body, HttpContext http, [FromServices] IBrokerInspector broker, CancellationToken cancellationToken) => BrokerProblems.TryAsync(async () =>
    {
        if (!GroupName.TryRead(http, ":reset", out var name, out var problem) || !TryRead(name, body, out var reset, out problem))
            return problem;
        var found = broker.ReadGroup(name);
        if (found is null && reset.Topic is null)
            return BrokerProblems.NoGroup(name);
        if (EntityTag.Refuse(http.Request, TagOf(found)) is { } refusal)
            return refusal;
        var plan = broker.PlanReset(reset);
        await broker.ResetAsync(plan, cancellationToken);
        http.Response.Headers.ETag = TagOf(broker.ReadGroup(name)).ToString();
        return Results.Ok(ResetPlanView.Of(plan));
    });

    private static EntityTag TagOf(GroupDetail? group) => group is null ? GroupItemView.TagOf([]) : GroupItemView.TagOf(group);

    private static bool TryRead(string group, ResetRequest body, [NotNullWhen(true)] out OffsetReset? reset, [NotNullWhen(false)] out ProblemResult? problem)
    {
        (reset, problem) = (null, null);
        var start = default(ReadStart);
        if ((body.To is null) == (body.Shift is null))
            problem = BrokerProblems.Invalid("to", "Either to or shift says where to go on: one of them.");
        else if (body.To is { } to && !PlaceText.TryRead(to, out start))
            problem = BrokerProblems.Invalid("to", $"to must be {PlaceText.Form}; not '{to}'.");
        else if (body.Partitions is not null && body.Topic is null)
            problem = BrokerProblems.Invalid("partitions", "partitions are those of a topic: name it too.");
        else if (body.Partitions is { Count: 0 or > MaxPartitions })
            problem = BrokerProblems.Invalid("partitions", $"partitions must be 1 to {MaxPartitions}, or be left out for all.");
        else
            reset = new OffsetReset(group, body.Topic, body.Partitions, body.Shift is { } shift ? OffsetTarget.By(shift) : OffsetTarget.At(start));
        return problem is null;
    }
}

/// <summary>Where a group is to go on.</summary>
/// <param name="Topic">Of which topic; absent for all of which it has committed something.</param>
/// <param name="Partitions">Of which of its partitions; absent for all.</param>
/// <param name="To">To where: earliest, latest, an offset or a time.</param>
/// <param name="Shift">By how many records from what is committed, back where it is below zero.</param>
internal sealed record ResetRequest(string? Topic = null, IReadOnlyList<int>? Partitions = null, string? To = null, long? Shift = null);

/// <summary>What a reset does, or did.</summary>
/// <param name="Group">Of which group.</param>
/// <param name="MemberCount">How many members it has: while there are any, it cannot be done.</param>
/// <param name="Moves">Each partition.</param>
internal sealed record ResetPlanView(string Group, int MemberCount, IReadOnlyList<OffsetMoveView> Moves)
{
    public static ResetPlanView Of(OffsetPlan plan) => new(plan.Group, plan.Members, [.. plan.Moves.Select(OffsetMoveView.Of)]);
}

/// <summary>Where a group goes on in a partition.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="FromOffset">What is committed; absent where nothing is.</param>
/// <param name="ToOffset">What will be, or is.</param>
/// <param name="StartOffset">The offset of the partition's first record.</param>
/// <param name="EndOffset">The offset behind its last one.</param>
/// <param name="Records">How many records come again where it is below zero, or are passed over; absent where nothing was committed.</param>
internal sealed record OffsetMoveView(string Topic, int Partition, long? FromOffset, long ToOffset, long StartOffset, long EndOffset, long? Records)
{
    public static OffsetMoveView Of(OffsetMove move) => new(
        move.Partition.Topic, move.Partition.Partition, move.From, move.To, move.Offsets.Start, move.Offsets.End, move.Records);
}
