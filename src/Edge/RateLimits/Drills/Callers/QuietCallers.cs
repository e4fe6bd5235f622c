using System.Diagnostics;
using Groundwork.Primitives;
using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Drills.Callers;

/// <summary>Callers who ask for less than they may, each under a key of his own, unless somebody says otherwise.</summary>
internal static class QuietCallers
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Lets them ask for a while.</summary>
    /// <param name="keys">One for each.</param>
    /// <param name="taker">By which they take.</param>
    /// <param name="limit">The limit; it must allow more than one take in <see cref="Pause"/>.</param>
    /// <param name="duration">How long takes are sent.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<QuietSeen> RunAsync(
        IReadOnlyList<byte[]> keys, ITaker taker, Limit limit, TimeSpan duration, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var seen = await Task.WhenAll(keys.Select(key => Task.Run(() => AskAsync(key), cancellationToken)));
        var latency = new LatencyHistogram();
        foreach (var one in seen)
            latency.Add(one.Latency);
        return new QuietSeen(latency, seen.Sum(s => s.Refused));

        async Task<QuietSeen> AskAsync(byte[] key)
        {
            var (latency, refused) = (new LatencyHistogram(), 0L);
            while (Stopwatch.GetElapsedTime(began) < duration)
            {
                var sent = Stopwatch.GetTimestamp();
                var decision = await taker.TakeAsync(key, limit, cancellationToken);
                latency.Record(Stopwatch.GetTimestamp() - sent);
                refused += decision.IsAllowed ? 0 : 1;
                await Task.Delay(Pause, cancellationToken);
            }

            return new QuietSeen(latency, refused);
        }
    }
}

/// <summary>What they saw.</summary>
/// <param name="Latency">How long takes took, in ticks of <see cref="Stopwatch"/>.</param>
/// <param name="Refused">How many were refused.</param>
internal sealed record QuietSeen(LatencyHistogram Latency, long Refused)
{
    /// <summary>What half of them took at most.</summary>
    public TimeSpan Median => Stopwatch.GetElapsedTime(0, Latency.Percentile(0.5));
}
