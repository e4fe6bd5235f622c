using System.Globalization;
using System.Text;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Policies;

namespace Groundwork.RateLimits.Requests;

/// <summary>
/// The headers <c>RateLimit-Policy</c> and <c>RateLimit</c> (IETF draft-ietf-httpapi-ratelimit-headers-10): of each limit its name, its quota in
/// so many seconds, what remains, and in how many seconds all is back.
/// </summary>
internal static class LimitHeaders
{
    private const long Second = 1_000_000;

    /// <summary>Both, for limits in the order in which they were asked.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(IReadOnlyList<(Policy Policy, int Index)> asked, ReadOnlySpan<LimitDecision> decisions)
    {
        var (policies, states) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < asked.Count; i++)
        {
            var (policy, index) = asked[i];
            var (name, limit) = (policy.LimitNames[index], policy.Limits[index]);
            var separator = i == 0 ? "" : ", ";
            policies.Append(CultureInfo.InvariantCulture, $"{separator}\"{name}\";q={limit.Permits}");
            if (limit.Algorithm != LimitAlgorithm.Concurrency)
                policies.Append(CultureInfo.InvariantCulture, $";w={Seconds(limit.Period)}");
            states.Append(CultureInfo.InvariantCulture, $"{separator}\"{name}\";r={decisions[i].Remaining};t={Seconds(decisions[i].ResetAfter)}");
        }

        return [new("RateLimit-Policy", policies.ToString()), new("RateLimit", states.ToString())];
    }

    private static long Seconds(long microseconds) => (microseconds + Second - 1) / Second;
}
