using Groundwork.Platform.Http;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Policies;
using Microsoft.AspNetCore.Http;

namespace Groundwork.RateLimits.Api;

/// <summary><c>GET /v1/limits</c> and <c>GET /v1/limits/{policy}</c>.</summary>
internal static class PolicyEndpoints
{
    // There are fewer than a page has, so that all are on the first.
    public static Page<PolicyView> List(PolicyBook book) => new([.. book.Set.All.Select(PolicyView.Of)], null);

    public static IResult Read(string policy, PolicyBook book) =>
        book.Set.Find(policy) is { } found ? Results.Ok(PolicyView.Of(found)) : NotThere(policy);

    public static ProblemResult NotThere(string policy) =>
        Problem.NotFound.Result($"There is no policy '{policy}'. The file that {RateLimitsOptions.PoliciesName} names has them.");
}

/// <summary>A policy as callers see it.</summary>
/// <param name="Name">How it is called.</param>
/// <param name="Routes">The routes it is for; nothing for all.</param>
/// <param name="Methods">The methods; nothing for all.</param>
/// <param name="Descriptor">The descriptors of Envoy's that it is for.</param>
/// <param name="By">What tells callers apart; empty where all share.</param>
/// <param name="Limits">The limits.</param>
/// <param name="Cost">What a request costs.</param>
/// <param name="Shadow">Whether it only counts.</param>
/// <param name="StoreDown">What happens where nobody can count.</param>
/// <param name="Batch">How many permits a copy takes at once for a key that is asked for often; 0 for no more than it needs.</param>
/// <param name="Allowed">Requests that went on, since this copy began.</param>
/// <param name="Refused">Requests that were refused.</param>
/// <param name="Shadowed">Requests that would have been refused.</param>
/// <param name="Uncounted">Requests that came while nobody could count.</param>
/// <param name="PerSecond">How many there are a second of each, in the last seconds.</param>
internal sealed record PolicyView(
    string Name,
    IReadOnlyList<string>? Routes,
    IReadOnlyList<string>? Methods,
    DescriptorText? Descriptor,
    IReadOnlyList<string> By,
    IReadOnlyList<LimitView> Limits,
    long Cost,
    bool Shadow,
    StoreDown StoreDown,
    int Batch,
    long Allowed,
    long Refused,
    long Shadowed,
    long Uncounted,
    RatesView PerSecond)
{
    public static PolicyView Of(Policy policy) => new(
        policy.Name,
        policy.Routes.Routes,
        policy.Routes.Methods,
        policy.Descriptor is { } descriptor ? new DescriptorText { Domain = descriptor.Domain, Entries = [.. descriptor.Entries.Select(e => e.Text)] } : null,
        [.. policy.By.Select(b => b.Text)],
        [.. policy.Limits.Select(LimitView.Of)],
        policy.Cost,
        policy.IsShadow,
        policy.WhenStoreIsDown,
        policy.Batch,
        policy.Counts.Allowed,
        policy.Counts.Refused,
        policy.Counts.Shadowed,
        policy.Counts.Uncounted,
        RatesView.Of(policy));
}

/// <summary>A limit as callers see it.</summary>
/// <param name="Algorithm">By which it is counted.</param>
/// <param name="Permits">How many.</param>
/// <param name="Period">In which time, in seconds.</param>
/// <param name="Burst">How many at once after a rest.</param>
internal sealed record LimitView(string Algorithm, long Permits, double Period, long Burst)
{
    public static LimitView Of(Limit limit) =>
        new(LimitAlgorithmNames.Of(limit.Algorithm), limit.Permits, limit.Period / 1_000_000.0, limit.Burst);
}
