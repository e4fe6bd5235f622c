using Groundwork.Platform.Http;
using Groundwork.RateLimits.Policies;
using Groundwork.RateLimits.Traffic;
using Microsoft.AspNetCore.Http;

namespace Groundwork.RateLimits.Api;

/// <summary><c>GET /v1/limits/{policy}/traffic</c> and <c>POST /v1/limits/{policy}:whatif</c>.</summary>
internal static class TrafficEndpoints
{
    public const string Description =
        "Counts are of this copy alone, and of the last ten minutes at most. Keys that come most are found in a sample whose older half weighs half, so that "
        + "what was a quarter of an hour ago weighs nothing; rates are about so. step is how many seconds a point of the series is about: 1 to 60, 5 where "
        + "nothing is said.";

    public const string WhatIfDescription =
        "The limits are written as in the file of policies. The takes that this copy has recorded are replayed under them, and under the limits in force: each "
        + "key from nothing at the beginning of what is recorded, so that both can be compared. So a limit whose period is longer than that refuses less here "
        + "than it would; and callers that are refused may come back at other times, which nobody can know. Of busy policies only some of the keys are recorded, "
        + "each with all that it asked: key_share says which part. Limits of concurrency cannot be replayed, since how long permits are held is not recorded.";

    private const int DefaultStep = 5;
    private const int MaxStep = 60;

    public static IResult Read(string policy, PolicyBook book, int? step = null)
    {
        if (book.Set.Find(policy) is not { Traffic: { } traffic } found)
            return PolicyEndpoints.NotThere(policy);
        var seconds = step ?? DefaultStep;
        return seconds is >= 1 and <= MaxStep
            ? Results.Ok(TrafficView.Of(found, traffic, seconds))
            : Invalid("step", $"step must be 1 to {MaxStep} seconds, not {seconds}.");
    }

    public static IResult WhatIf(string policy, WhatIfRequest request, PolicyBook book, CancellationToken cancellationToken)
    {
        if (book.Set.Find(policy) is not { Traffic: { } traffic } found)
            return PolicyEndpoints.NotThere(policy);
        if (!PolicyReader.TryReadLimits(policy, request.Limits, out var limits, out var error))
            return Invalid("limits", $"These limits cannot be used: {error.TrimEnd('.')}.");
        if (!LimitReplay.Can(limits))
            return Invalid("limits", "A limit of concurrency cannot be replayed: how long permits are held is not recorded.");
        if (!LimitReplay.Can(found.Limits))
            return Invalid("limits", $"The policy '{policy}' has a limit of concurrency, which cannot be replayed: how long permits are held is not recorded.");
        return Results.Ok(WhatIfView.Of(traffic, Traffic.WhatIf.Of(traffic.Arrivals.Read(), found.Limits, limits, cancellationToken)));
    }

    private static ProblemResult Invalid(string member, string detail) => Problem.InvalidRequest.Result(detail) with { Member = member };
}

/// <summary>A what-if.</summary>
internal sealed record WhatIfRequest
{
    /// <summary>The limits, written as in the file of policies.</summary>
    public required IReadOnlyList<LimitText> Limits { get; init; }
}
