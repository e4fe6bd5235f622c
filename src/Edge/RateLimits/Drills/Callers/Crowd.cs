using System.Diagnostics;
using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Drills.Callers;

/// <summary>Many callers who take from one key, each again as soon as it has its answer.</summary>
internal static class Crowd
{
    /// <summary>Lets them take for a while, and waits for their last answers.</summary>
    /// <param name="callers">How many at once.</param>
    /// <param name="taker">By which they take.</param>
    /// <param name="key">Whose permits.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="duration">How long takes are sent.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<CrowdSeen> RunAsync(
        int callers, ITaker taker, ReadOnlyMemory<byte> key, Limit limit, TimeSpan duration, CancellationToken cancellationToken)
    {
        var ends = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var seen = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(CallAsync, cancellationToken)));
        return new CrowdSeen([.. seen.SelectMany(s => s.Admitted)], seen.Sum(s => s.Asked), seen.Max(s => s.LongestWait));

        async Task<CrowdSeen> CallAsync()
        {
            var admitted = new List<Admission>();
            var (asked, longest) = (0L, 0L);
            for (var sent = Stopwatch.GetTimestamp(); sent < ends; sent = Stopwatch.GetTimestamp())
            {
                var decision = await taker.TakeAsync(key, limit, cancellationToken);
                asked++;
                longest = Math.Max(longest, Math.Max(decision.RetryAfter, decision.ResetAfter));
                var delay = decision.Delay * Stopwatch.Frequency / 1_000_000;
                if (decision.IsAllowed)
                    admitted.Add(new Admission(sent + delay, Stopwatch.GetTimestamp() + delay));
            }

            return new CrowdSeen(admitted, asked, longest);
        }
    }
}

/// <summary>What a crowd saw.</summary>
/// <param name="Admitted">The takes that were admitted.</param>
/// <param name="Asked">How many takes there were.</param>
/// <param name="LongestWait">The longest that anybody was told to wait, or that it takes until all is back, in microseconds.</param>
internal sealed record CrowdSeen(IReadOnlyList<Admission> Admitted, long Asked, long LongestWait);
