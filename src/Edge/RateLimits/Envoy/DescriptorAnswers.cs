using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Groundwork.Platform.Http;
using Groundwork.Primitives.Limiting;
using Groundwork.RateLimits.Envoy.Messages;
using Groundwork.RateLimits.Requests;
using Code = Groundwork.RateLimits.Envoy.Messages.RateLimitResponse.Types.Code;
using DescriptorStatus = Groundwork.RateLimits.Envoy.Messages.RateLimitResponse.Types.DescriptorStatus;
using RateLimit = Groundwork.RateLimits.Envoy.Messages.RateLimitResponse.Types.RateLimit;

namespace Groundwork.RateLimits.Envoy;

/// <summary>
/// The answer to Envoy: of each descriptor the limit that is nearest to its end, and the headers that a limited answer of this server has. Shadows, and
/// limits that nobody could count, say nothing.
/// </summary>
internal static class DescriptorAnswers
{
    private const long Second = 1_000_000;

    public static RateLimitResponse Of(DescriptorTakes takes, RequestVerdictKind verdict)
    {
        var isRefused = verdict == RequestVerdictKind.Refused;
        var answer = new RateLimitResponse { OverallCode = isRefused ? Code.OverLimit : Code.Ok };
        foreach (var descriptor in takes.OfDescriptors)
            answer.Statuses.Add(StatusOf(descriptor));
        foreach (var (name, value) in LimitHeaders.Of(takes.Asked))
            answer.ResponseHeadersToAdd.Add(new HeaderValue { Key = name, Value = value });
        if (isRefused && takes.Asked.RetryAfter is > 0 and var wait)
            answer.ResponseHeadersToAdd.Add(new HeaderValue { Key = "Retry-After", Value = Seconds(wait) });
        return answer;
    }

    private static DescriptorStatus StatusOf(IReadOnlyList<PolicyTake> takes)
    {
        var status = new DescriptorStatus { Code = Code.Ok };
        (PolicyTake Take, int Index, LimitDecision Said)? nearest = null;
        foreach (var take in takes)
        {
            if (take.Policy.IsShadow || !take.IsCounted)
                continue;
            if (take.Result == TakeResult.Refused)
                status.Code = Code.OverLimit;
            for (var i = 0; i < take.Decisions.Length; i++)
            {
                var said = take.Decisions.Span[i];
                if (nearest is not { } known || IsNearer(said, known.Said))
                    nearest = (take, i, said);
            }
        }

        if (nearest is { } shown)
            Show(status, shown.Take, shown.Index, shown.Said);
        return status;
    }

    private static bool IsNearer(in LimitDecision one, in LimitDecision other) =>
        one.IsAllowed == other.IsAllowed ? one.Remaining < other.Remaining : !one.IsAllowed;

    private static void Show(DescriptorStatus status, PolicyTake take, int index, in LimitDecision said)
    {
        var limit = take.Limits[index];
        status.CurrentLimit = new RateLimit { Name = take.Policy.LimitNames[index], RequestsPerUnit = (uint)limit.Permits, Unit = LimitUnits.Of(limit) };
        status.LimitRemaining = (uint)said.Remaining;
        status.DurationUntilReset = Duration.FromTimeSpan(TimeSpan.FromMicroseconds(said.ResetAfter));
    }

    private static string Seconds(long microseconds) => ((microseconds + Second - 1) / Second).ToString(CultureInfo.InvariantCulture);
}
