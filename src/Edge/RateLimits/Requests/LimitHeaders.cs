using System.Globalization;
using System.Text;
using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Requests;

/// <summary>
/// The headers <c>RateLimit-Policy</c> and <c>RateLimit</c> (IETF draft-ietf-httpapi-ratelimit-headers-10): of each limit its name, its quota in
/// so many seconds, what remains, and in how many seconds all is back.
/// </summary>
internal static class LimitHeaders
{
    private const long Second = 1_000_000;

    /// <summary>Both, of all that was counted and can refuse, in the order in which it was asked; none where nothing was.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(PolicyTakes asked)
    {
        var (policies, states) = (new StringBuilder(), new StringBuilder());
        foreach (var take in asked.Enforced)
        {
            for (var i = 0; take.IsCounted && i < take.Decisions.Length; i++)
            {
                var (name, limit, decision) = (take.Policy.LimitNames[i], take.Limits[i], take.Decisions.Span[i]);
                var separator = policies.Length == 0 ? "" : ", ";
                policies.Append(CultureInfo.InvariantCulture, $"{separator}\"{name}\";q={limit.Permits}");
                if (limit.Algorithm != LimitAlgorithm.Concurrency)
                    policies.Append(CultureInfo.InvariantCulture, $";w={Seconds(limit.Period)}");
                states.Append(CultureInfo.InvariantCulture, $"{separator}\"{name}\";r={decision.Remaining};t={Seconds(decision.ResetAfter)}");
            }
        }

        return policies.Length == 0 ? [] : [new("RateLimit-Policy", policies.ToString()), new("RateLimit", states.ToString())];
    }

    private static long Seconds(long microseconds) => (microseconds + Second - 1) / Second;
}
