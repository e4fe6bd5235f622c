using System.Diagnostics;
using System.Globalization;
using Groundwork.Ports.Experiments;
using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Drills.Callers;

/// <summary>
/// A take that was admitted: its store decided it between these two ticks of the machine's clock; where it has to wait for its turn, that is between them, since both are
/// later by its wait.
/// </summary>
/// <param name="Sent">Before it was sent.</param>
/// <param name="Received">After its answer had come.</param>
internal readonly record struct Admission(long Sent, long Received);

/// <summary>Checks a history of one key, as its callers saw it, against what the limit promises.</summary>
/// <remarks>
/// When the store decided nobody outside knows, only that it was between sending and receiving. That is enough: of all takes that were sent
/// after one moment and received before another, the decisions lie between the two, so that they are no more than the limit admits in
/// that time. It is checked for every such pair, so for every interval; none of it depends on how fast anything is.
/// </remarks>
internal static class Admissions
{
    // The store counts by its wall clock, in steps, and a clock that is being set runs up to a two-thousandth too fast.
    private const long StepMicroseconds = 2_000;
    private const long DriftShare = 1_000;

    /// <summary>Notes an interval in which more was admitted than may be: of those that begin with the earliest such take, the worst.</summary>
    public static void Check(IReadOnlyList<Admission> admitted, Limit limit, string what, Findings findings)
    {
        var byReceived = admitted.OrderBy(a => a.Received).ToList();
        var (worst, example) = (0L, "");
        foreach (var start in admitted.Select(a => a.Sent).Distinct().Order())
        {
            if (worst > 0)
                break;
            var count = 0L;
            foreach (var take in byReceived)
            {
                if (take.Sent < start)
                    continue;
                count++;
                var interval = (long)Stopwatch.GetElapsedTime(start, take.Received).TotalMicroseconds;
                var excess = count - LimitCases.Most(limit, interval + (interval / DriftShare) + StepMicroseconds);
                if (excess <= worst)
                    continue;
                worst = excess;
                example = string.Create(
                    CultureInfo.InvariantCulture, $"{what}: {count:N0} in {interval / 1000.0:N1} ms, {excess:N0} more than {limit.Algorithm} may");
            }
        }

        findings.Require(worst == 0, "histories have intervals in which more was admitted than the limit promises", example);
    }
}
