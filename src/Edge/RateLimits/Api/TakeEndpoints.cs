using System.Globalization;
using System.Security.Cryptography;
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

    public static ValueTask<IResult> TakeAsync(string policy, TakeRequest request, PolicyBook book, LimitCounter counter, CancellationToken cancellationToken) =>
        AskAsync(policy, request, book, counter, isPeek: false, cancellationToken);

    public static ValueTask<IResult> PeekAsync(string policy, TakeRequest request, PolicyBook book, LimitCounter counter, CancellationToken cancellationToken) =>
        AskAsync(policy, request, book, counter, isPeek: true, cancellationToken);

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
        string policy, TakeRequest request, PolicyBook book, LimitCounter counter, bool isPeek, CancellationToken cancellationToken)
    {
        if (book.Set.Find(policy) is not { } found)
            return PolicyEndpoints.NotThere(policy);
        if (WrongKey(request.Key) is { } wrong)
            return wrong;
        var cost = request.Cost ?? found.Cost;
        if (cost is < 0 or > Limit.MaxPermits)
            return Invalid("cost", $"cost must be 0 to {Limit.MaxPermits}, not {cost}.");

        var holder = found.Limits.Any(l => l.Algorithm == LimitAlgorithm.Concurrency) && !isPeek
            ? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)))
            : 0;
        var key = KeyReader.Of(found, request.Key);
        var takes = found.Limits.Select(l => new LimitTake(key, l, cost, holder, found.Batch)).ToArray();
        var decisions = new LimitDecision[takes.Length];
        var allowed = isPeek
            ? await counter.PeekAsync(takes, decisions, cancellationToken)
            : await counter.TakeAsync(takes, decisions, cancellationToken);
        if (!isPeek)
            Count(found, allowed);
        if (allowed is null)
            return found.WhenStoreIsDown == StoreDown.Refuse || isPeek ? Down(counter) : Results.Ok(TakeView.Uncounted);
        return Results.Ok(TakeView.Of(found, decisions, allowed.Value, allowed.Value ? holder : 0));
    }

    private static void Count(Policy policy, bool? allowed)
    {
        if (allowed is null)
            policy.Counts.Miss();
        else if (allowed.Value)
            policy.Counts.Allow();
        else if (policy.IsShadow)
            policy.Counts.Shadow();
        else
            policy.Counts.Refuse();
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

    public static TakeView Of(Policy policy, LimitDecision[] decisions, bool allowed, ulong holder) => new(
        allowed || policy.IsShadow,
        decisions.Min(d => d.Remaining),
        decisions.Any(d => d.RetryAfter == LimitDecision.Never) ? null : Seconds(decisions.Max(d => d.RetryAfter)),
        Seconds(decisions.Max(d => d.ResetAfter)),
        allowed ? Seconds(decisions.Max(d => d.Delay)) : 0,
        holder == 0 ? null : holder.ToString(CultureInfo.InvariantCulture),
        [.. decisions.Select((d, i) => new LimitTakeView(
            policy.LimitNames[i], d.IsAllowed, d.Remaining, d.RetryAfter == LimitDecision.Never ? null : Seconds(d.RetryAfter), Seconds(d.ResetAfter)))],
        true);

    private static double Seconds(long microseconds) => microseconds / 1_000_000.0;
}

/// <summary>What one limit says.</summary>
/// <param name="Name">Its name: the policy's, the others' with their number.</param>
/// <param name="Allowed">Whether it allows it.</param>
/// <param name="Remaining">How many permits could be taken.</param>
/// <param name="RetryAfter">In how many seconds it allows the same take.</param>
/// <param name="ResetAfter">In how many seconds all is back.</param>
internal sealed record LimitTakeView(string Name, bool Allowed, long Remaining, double? RetryAfter, double ResetAfter);
