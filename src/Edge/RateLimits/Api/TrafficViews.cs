using System.Text;
using Groundwork.Primitives.Sketches;
using Groundwork.RateLimits.Policies;
using Groundwork.RateLimits.Traffic;

namespace Groundwork.RateLimits.Api;

/// <summary>What this copy has seen of a policy in the last minutes.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Since">Since when: the last ten minutes, or since the policy is counted as it is.</param>
/// <param name="Step">How many seconds a point of the series is about.</param>
/// <param name="Series">What was counted, the oldest first; nothing yet of what has not ended.</param>
/// <param name="PerSecond">How many there are a second of each, in the last seconds.</param>
/// <param name="Asked">Who asks most.</param>
/// <param name="Refused">Who is refused most; under a shadow, who would be.</param>
/// <param name="Recorded">What a what-if would replay.</param>
internal sealed record TrafficView(
    string Policy, DateTimeOffset Since, int Step, IReadOnlyList<TrafficPoint> Series, RatesView PerSecond, TopKeysView Asked, TopKeysView Refused, RecordedView Recorded)
{
    private const int Shown = 20;

    public static TrafficView Of(Policy policy, PolicyTraffic traffic, int step)
    {
        var (_, seconds) = traffic.Series.Last(OutcomeSeries.Seconds);
        return new(
            policy.Name,
            DateTimeOffset.FromUnixTimeSeconds(traffic.Series.Until - seconds),
            step,
            [.. traffic.Series.Read(step).Select(s => TrafficPoint.Of(s, step))],
            RatesView.Of(policy),
            TopKeysView.Of(traffic.Asked.Report(Shown)),
            TopKeysView.Of(traffic.Refused.Report(Shown)),
            RecordedView.Of(traffic, traffic.Arrivals.Read()));
    }
}

/// <summary>What was counted in a stretch of time.</summary>
/// <param name="From">When it begins.</param>
/// <param name="Allowed">Requests that went on.</param>
/// <param name="Refused">Requests that were refused.</param>
/// <param name="Shadowed">Requests that would have been refused.</param>
/// <param name="Uncounted">Requests that nobody could count.</param>
internal sealed record TrafficPoint(DateTimeOffset From, long Allowed, long Refused, long Shadowed, long Uncounted)
{
    public static TrafficPoint Of(OutcomeStep step, int length) => new(
        DateTimeOffset.FromUnixTimeSeconds(step.End - length), step.Counts.Allowed, step.Counts.Refused, step.Counts.Shadowed, step.Counts.Uncounted);
}

/// <summary>How many requests there are a second, in the last five seconds.</summary>
/// <param name="Allowed">Of those that go on.</param>
/// <param name="Refused">Of those that are refused.</param>
/// <param name="Shadowed">Of those that would be refused.</param>
/// <param name="Uncounted">Of those that nobody can count.</param>
internal sealed record RatesView(double Allowed, double Refused, double Shadowed, double Uncounted)
{
    private const int Seconds = 5;

    public static RatesView Of(Policy policy)
    {
        var (sum, seconds) = policy.Traffic?.Series.Last(Seconds) ?? default;
        return seconds == 0
            ? new(0, 0, 0, 0)
            : new((double)sum.Allowed / seconds, (double)sum.Refused / seconds, (double)sum.Shadowed / seconds, (double)sum.Uncounted / seconds);
    }
}

/// <summary>Keys that come most, of late.</summary>
/// <param name="PerSecond">How many come a second in all, about.</param>
/// <param name="Keys">The first first; who has less than about one in a hundred is not among them.</param>
internal sealed record TopKeysView(double PerSecond, IReadOnlyList<TopKeyView> Keys)
{
    public static TopKeysView Of(HeavyHitterReport report) => new(
        report.PerSecond, [.. report.Keys.Select(k => new TopKeyView(KeyName.Of(k), k.PerSecond, k.Share, k.Error))]);
}

/// <summary>A key that comes often.</summary>
/// <param name="Key">As <c>:take</c> and <c>:reset</c> have it.</param>
/// <param name="PerSecond">How often, about.</param>
/// <param name="Share">Its share of all, 0 to 1.</param>
/// <param name="ErrorShare">By how much that may be too high.</param>
internal sealed record TopKeyView(string Key, double PerSecond, double Share, double ErrorShare);

/// <summary>What is recorded of the takes themselves.</summary>
/// <param name="Since">From when on.</param>
/// <param name="Until">Until when.</param>
/// <param name="KeyShare">Which part of all keys, about: 1 for all.</param>
/// <param name="Requests">How many requests of theirs there are.</param>
/// <param name="OfRequests">How many there were of all keys in that time, about.</param>
internal sealed record RecordedView(DateTimeOffset Since, DateTimeOffset Until, double KeyShare, long Requests, long OfRequests)
{
    public static RecordedView Of(PolicyTraffic traffic, RecordedArrivals recorded)
    {
        // Seconds are told when they are over: what came in the one that is not over yet is known by the arrivals only.
        var seconds = (recorded.Until - recorded.Since) / 1_000_000;
        return new(
            TrafficClock.TimeOf(recorded.Since), TrafficClock.TimeOf(recorded.Until), recorded.KeyShare, recorded.Arrivals.Count,
            Math.Max(recorded.Arrivals.Count, traffic.Series.Last(seconds).Sum.Total));
    }
}

/// <summary>What other limits would have done.</summary>
/// <param name="Recorded">The traffic that was replayed.</param>
/// <param name="Keys">How many keys it is of.</param>
/// <param name="InForce">What the limits in force would have done to it, each key from nothing.</param>
/// <param name="Proposed">What the others would have done, likewise.</param>
/// <param name="Hardest">The keys that the others would have refused most, the first first.</param>
internal sealed record WhatIfView(RecordedView Recorded, int Keys, ReplayedView InForce, ReplayedView Proposed, IReadOnlyList<ReplayedKeyView> Hardest)
{
    public static WhatIfView Of(PolicyTraffic traffic, WhatIf whatIf)
    {
        var names = traffic.Asked.Report(HeavyHitters.MaxShown).Keys.Concat(traffic.Refused.Report(HeavyHitters.MaxShown).Keys)
            .DistinctBy(k => k.Hash).ToDictionary(k => k.Hash, k => KeyName.Of(k));
        return new(
            RecordedView.Of(traffic, whatIf.Recorded), whatIf.Keys, ReplayedView.Of(whatIf.InForce), ReplayedView.Of(whatIf.Proposed),
            [.. whatIf.Hardest.Select(k => new ReplayedKeyView(names.GetValueOrDefault(k.Key), k.Requests, k.RefusedInForce, k.RefusedProposed))]);
    }
}

/// <summary>What limits would have done to recorded traffic.</summary>
/// <param name="Limits">The limits.</param>
/// <param name="Allowed">How many requests they would have allowed.</param>
/// <param name="Refused">How many they would have refused.</param>
/// <param name="RefusedShare">The refused ones' share of all, 0 to 1.</param>
/// <param name="Delayed">How many of those allowed would have waited for their turn, as a leaky bucket has it.</param>
/// <param name="RefusedKeys">How many keys would have been refused something.</param>
internal sealed record ReplayedView(IReadOnlyList<LimitView> Limits, long Allowed, long Refused, double RefusedShare, long Delayed, int RefusedKeys)
{
    public static ReplayedView Of(ReplayedTraffic side) => new(
        [.. side.Limits.Select(LimitView.Of)], side.Allowed, side.Refused, side.Refused == 0 ? 0 : (double)side.Refused / (side.Allowed + side.Refused),
        side.Delayed, side.RefusedKeys);
}

/// <summary>What would have become of a key.</summary>
/// <param name="Key">Its name; nothing where it is not among those that come most, since only their names are kept.</param>
/// <param name="Requests">How many requests of it are recorded.</param>
/// <param name="RefusedInForce">How many the limits in force would have refused.</param>
/// <param name="RefusedProposed">How many the others would have refused.</param>
internal sealed record ReplayedKeyView(string? Key, long Requests, long RefusedInForce, long RefusedProposed);

/// <summary>Keys as callers know them: without what a store has before them, the policy's name and whether limits of the caller's own are counted.</summary>
internal static class KeyName
{
    public static string Of(HeavyHitter key)
    {
        var text = Encoding.UTF8.GetString(key.Name.Span);
        return text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
