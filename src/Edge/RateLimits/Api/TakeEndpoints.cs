using System.Globalization;
using Groundwork.Platform.Http;
using Groundwork.Ports.Limiting;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Policies;
using Groundwork.RateLimits.Requests;
using Microsoft.AspNetCore.Http;

namespace Groundwork.RateLimits.Api;

/// <summary><c>POST /v1/limits/{policy}:take</c>, <c>:peek</c>, <c>:release</c>, <c>:reset</c>.</summary>
internal static class TakeEndpoints
{
    public const string KeyDescription =
        "The key is whoever is limited. Requests of this server are counted under what the policy tells callers apart by: one part as it is "
        + "(an address of IPv6 as its /64), several with | between them (in a part, | is written %7C and % is %25), none as an empty key.";

    private const int MaxKeyLength = 4096;

    public static ValueTask<IResult> TakeAsync(
        string policy, TakeRequest request, PolicyBook book, PolicyTaker taker, LimitCounter counter, CancellationToken cancellationToken) =>
        AskAsync(policy, request, book, taker, counter, isPeek: false, cancellationToken);

    public static ValueTask<IResult> PeekAsync(
        string policy, TakeRequest request, PolicyBook book, PolicyTaker taker, LimitCounter counter, CancellationToken cancellationToken) =>
        AskAsync(policy, request, book, taker, counter, isPeek: true, cancellationToken);

    public static async ValueTask<IResult> ReleaseAsync(
        string policy, ReleaseRequest request, PolicyBook book, LimitCounter counter, CancellationToken cancellationToken)
    {
        if (book.Set.Find(policy) is not { } found)
            return PolicyEndpoints.NotThere(policy);
        if (WrongKey(request.Key) is { } wrong)
            return wrong;
        if (!ulong.TryParse(request.Holder, NumberStyles.None, CultureInfo.InvariantCulture, out var holder))
            return Invalid("holder", "holder must be what the take gave.");
        foreach (var limit in found.Limits.Where(l => l.Algorithm == LimitAlgorithm.Concurrency))
        {
            if (await counter.ExitAsync(new LimitTake(KeyReader.Of(found, request.Key), limit, 1, holder), cancellationToken) is null)
                return Down(counter);
        }

        return Results.NoContent();
    }

    public static async ValueTask<IResult> ResetAsync(
        string policy, ResetRequest request, PolicyBook book, LimitCounter counter, CancellationToken cancellationToken)
    {
        if (book.Set.Find(policy) is not { } found)
            return PolicyEndpoints.NotThere(policy);
        if (WrongKey(request.Key) is { } wrong)
            return wrong;
        foreach (var limit in found.Limits)
        {
            if (!await counter.ResetAsync(new LimitTake(KeyReader.Of(found, request.Key), limit, 0), cancellationToken))
                return Down(counter);
        }

        return Results.NoContent();
    }

    private static async ValueTask<IResult> AskAsync(
        string policy, TakeRequest request, PolicyBook book, PolicyTaker taker, LimitCounter counter, bool isPeek, CancellationToken cancellationToken)
    {
        if (book.Set.Find(policy) is not { } found)
            return PolicyEndpoints.NotThere(policy);
        if (WrongKey(request.Key) is { } wrong)
            return wrong;
        var cost = request.Cost ?? found.Cost;
        if (cost is < 0 or > Limit.MaxPermits)
            return Invalid("cost", $"cost must be 0 to {Limit.MaxPermits}, not {cost}.");

        var asked = new PolicyTakes();
        var take = asked.Add(found, KeyReader.Of(found, request.Key), cost);
        if (isPeek)
            return await taker.PeekAsync(take, cancellationToken) is { } would ? Results.Ok(TakeView.Of(take, would, 0)) : Down(counter);

        await taker.TakeAsync(asked, cancellationToken);
        if (!take.IsCounted)
            return found.WhenStoreIsDown == StoreDown.Refuse ? Down(counter) : Results.Ok(TakeView.Uncounted);
        return Results.Ok(TakeView.Of(take, take.Result == TakeResult.Allowed, asked.Held is [var held, ..] ? held.Holder : 0));
    }

    private static ProblemResult? WrongKey(string key) => key.Length <= MaxKeyLength
        ? null
        : Invalid("key", $"key has {key.Length} characters; {MaxKeyLength} are allowed. Use a hash of it.");

    private static ProblemResult Invalid(string member, string detail) => Problem.InvalidRequest.Result(detail) with { Member = member };

    private static ProblemResult Down(LimitCounter counter) =>
        Problem.Unavailable.Result($"Limits cannot be counted just now. {counter.Failure}") with { RetryAfter = TimeSpan.FromSeconds(1) };
}

/// <summary>A take.</summary>
internal sealed record TakeRequest
{
    /// <summary>Who is limited.</summary>
    public required string Key { get; init; }

    /// <summary>How much it costs; what the policy says where nothing is said.</summary>
    public long? Cost { get; init; }
}

/// <summary>What is given back.</summary>
internal sealed record ReleaseRequest
{
    /// <summary>Who is limited.</summary>
    public required string Key { get; init; }

    /// <summary>What the take gave.</summary>
    public required string Holder { get; init; }
}

/// <summary>Whose takes are forgotten.</summary>
internal sealed record ResetRequest
{
    /// <summary>Who is limited.</summary>
    public required string Key { get; init; }
}

/// <summary>What became of a take.</summary>
/// <param name="Allowed">Whether it may go.</param>
/// <param name="Remaining">How many permits could be taken right after it, of the limit that has the least.</param>
/// <param name="RetryAfter">In how many seconds the same take is allowed if nobody else takes: 0 where it is; nothing where it never is.</param>
/// <param name="ResetAfter">In how many seconds all is back.</param>
/// <param name="Delay">How many seconds who was allowed waits before it goes on.</param>
/// <param name="Holder">What gives it back, where a concurrency limit is among them.</param>
/// <param name="Limits">What each limit says.</param>
/// <param name="Counted">Whether it was counted: not while the store is down, under a policy that lets requests pass then.</param>
internal sealed record TakeView(
    bool Allowed, long Remaining, double? RetryAfter, double ResetAfter, double Delay, string? Holder, IReadOnlyList<LimitTakeView> Limits, bool Counted)
{
    public static TakeView Uncounted { get; } = new(true, 0, 0, 0, 0, null, [], false);

    public static TakeView Of(PolicyTake take, bool allowed, ulong holder)
    {
        var decisions = take.Decisions.ToArray();
        return new(
            allowed || take.Policy.IsShadow,
            decisions.Min(d => d.Remaining),
            decisions.Any(d => d.RetryAfter == LimitDecision.Never) ? null : Seconds(decisions.Max(d => d.RetryAfter)),
            Seconds(decisions.Max(d => d.ResetAfter)),
            allowed ? Seconds(decisions.Max(d => d.Delay)) : 0,
            holder == 0 ? null : holder.ToString(CultureInfo.InvariantCulture),
            [.. decisions.Select((d, i) => new LimitTakeView(
                take.Policy.LimitNames[i], d.IsAllowed, d.Remaining, d.RetryAfter == LimitDecision.Never ? null : Seconds(d.RetryAfter), Seconds(d.ResetAfter)))],
            true);
    }

    private static double Seconds(long microseconds) => microseconds / 1_000_000.0;
}

/// <summary>What one limit says.</summary>
/// <param name="Name">Its name: the policy's, the others' with their number.</param>
/// <param name="Allowed">Whether it allows it.</param>
/// <param name="Remaining">How many permits could be taken.</param>
/// <param name="RetryAfter">In how many seconds it allows the same take.</param>
/// <param name="ResetAfter">In how many seconds all is back.</param>
internal sealed record LimitTakeView(string Name, bool Allowed, long Remaining, double? RetryAfter, double ResetAfter);
