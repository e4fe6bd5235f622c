using System.Diagnostics.Metrics;
using Groundwork.RateLimits.Near;
using Groundwork.RateLimits.Policies;
using Groundwork.RateLimits.Requests;

namespace Groundwork.RateLimits;

/// <summary>What RateLimits reports of itself; read when somebody asks.</summary>
internal sealed class RateLimitsTelemetry : IDisposable
{
    private readonly Meter _meter = new("Groundwork.RateLimits");

    public RateLimitsTelemetry(PolicyBook book, LimitCounter counter)
    {
        _meter.CreateObservableCounter(
            "groundwork.limits.requests",
            () => book.Set.All.SelectMany(Of),
            "{request}", "Requests under a policy: allowed, refused, would be refused (shadow), or not counted because the store was down.");
        if (counter.Near is { } near)
        {
            _meter.CreateObservableCounter(
                "groundwork.limits.near", () => Of(near.Counts), "{take}", "Takes that were answered without the shared store: refused, or allowed from what had been taken ahead.");
        }

        _meter.CreateObservableGauge("groundwork.limits.down", () => counter.Failure is null ? 0 : 1, null, "1 while limits cannot be counted.");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Of(Policy policy) =>
    [
        Of(policy, "allowed", policy.Counts.Allowed), Of(policy, "refused", policy.Counts.Refused),
        Of(policy, "shadowed", policy.Counts.Shadowed), Of(policy, "uncounted", policy.Counts.Uncounted),
    ];

    private static IEnumerable<Measurement<long>> Of(NearCounts near) =>
    [
        new(near.Refused, new KeyValuePair<string, object?>("result", "refused")), new(near.Lent, new KeyValuePair<string, object?>("result", "allowed")),
    ];

    private static Measurement<long> Of(Policy policy, string result, long count) =>
        new(count, new KeyValuePair<string, object?>("policy", policy.Name), new KeyValuePair<string, object?>("result", result));
}
