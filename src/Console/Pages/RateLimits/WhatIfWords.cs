using Groundwork.Console.Design;

namespace Groundwork.Console.Pages.RateLimits;

/// <summary>What a what-if means, in sentences. Pure.</summary>
internal static class WhatIfWords
{
    /// <summary>What these limits would have done, beside those in force.</summary>
    public static string Of(ShownWhatIf whatIf)
    {
        var (all, proposed, inForce) = (whatIf.Recorded.Requests, whatIf.Proposed, whatIf.InForce);
        var time = Format.Duration(TimeSpan.FromSeconds(Math.Max(1, Math.Round((whatIf.Recorded.Until - whatIf.Recorded.Since).TotalSeconds))));
        var others = inForce.Refused == proposed.Refused ? "as many as those in force" : $"those in force {(inForce.Refused == 0 ? "none" : Share(inForce))}";
        var wait = proposed.Delayed > 0 ? $" {Format.Count(proposed.Delayed)} would have waited for their turn." : "";
        return $"Of {Requests(all)} of {Keys(whatIf.Keys)} in the last {time}, these limits would have refused "
            + (proposed.Refused == 0 ? $"none; {(inForce.Refused == 0 ? "nor would those in force" : others)}." : $"{Share(proposed)}, of {Keys(proposed.RefusedKeys)}; {others}.") + wait;
    }

    /// <summary>What keeps it from saying all, a sentence each.</summary>
    public static IEnumerable<string> Cautions(ShownWhatIf whatIf)
    {
        var recorded = whatIf.Recorded;
        if (recorded.KeyShare < 1)
            yield return $"One key in {Format.Count((long)Math.Round(1 / recorded.KeyShare))} is recorded, with all that it asked: {Format.Percent(recorded.OfRequests == 0 ? 0 : (double)recorded.Requests / recorded.OfRequests)} of all requests. Shares are about so for all, counts are of these keys.";
        var seconds = (recorded.Until - recorded.Since).TotalSeconds;
        if (whatIf.InForce.Limits.Concat(whatIf.Proposed.Limits).Where(l => l.Period > seconds).MaxBy(l => l.Period) is { } longest)
            yield return $"Each key begins with nothing taken, {Format.Duration(TimeSpan.FromSeconds(Math.Max(1, Math.Round(seconds))))} ago: a limit of a longer period, such as {LimitWords.Of(longest)}, refuses less here than it would.";
    }

    private static string Requests(long count) => count == 1 ? "1 request" : $"{Format.Count(count)} requests";

    private static string Keys(int count) => count == 1 ? "1 key" : $"{Format.Count(count)} keys";

    private static string Share(ShownReplay side) => $"{Format.Count(side.Refused)} ({Format.Percent(side.RefusedShare)})";
}
