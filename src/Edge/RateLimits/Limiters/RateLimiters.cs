using System.Threading.RateLimiting;
using Groundwork.Primitives.Limiting;

namespace Groundwork.RateLimits.Limiters;

/// <summary>
/// Limits in this process as .NET's own interface has them, for whatever takes a <see cref="RateLimiter"/>: ASP.NET's middleware,
/// partitioned and chained limiters, Polly.
/// </summary>
/// <remarks>
/// <para>Permits come back as time passes, not at the ticks of a timer, and a refusal's <see cref="MetadataName.RetryAfter"/> is the
/// shortest wait if nobody else comes, those in the queue counted. Windows begin when the limiter is made. With a leaky bucket nobody
/// has its lease before its turn: the limiter's queue is the bucket's, and the length of the limit's own bounds only what one may
/// take.</para>
/// <para>Unlike .NET's, who waits for no permits has a place in the queue, so that it is bounded.</para>
/// </remarks>
public static class RateLimiters
{
    /// <summary>A limiter, nothing taken yet.</summary>
    /// <param name="limit">What is let through; with concurrency, until the lease is disposed, without a life.</param>
    /// <param name="queueLimit">How many permits may be waited for, together; 0, nobody waits.</param>
    /// <param name="order">Who goes first of those who wait.</param>
    /// <param name="time">The clock, by its timestamps, and the timers; the system's unless it is given.</param>
    /// <exception cref="ArgumentException">It is no limit, or the queue's is below zero.</exception>
    public static RateLimiter Create(
        Limit limit, int queueLimit = 0, QueueProcessingOrder order = QueueProcessingOrder.OldestFirst, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(queueLimit);
        time ??= TimeProvider.System;
        return limit.Algorithm switch
        {
            LimitAlgorithm.TokenBucket => Queued(new StateGate<TokenBucket>(limit, 0)),
            LimitAlgorithm.Gcra => Queued(new StateGate<Gcra>(limit, 0)),
            LimitAlgorithm.FixedWindow => Queued(new StateGate<FixedWindow>(limit, 0)),
            LimitAlgorithm.SlidingWindow => Queued(new StateGate<SlidingWindow>(limit, 0)),
            LimitAlgorithm.SlidingLog => Queued(new LogGate(limit)),
            LimitAlgorithm.LeakyBucket => Queued(new PacedGate(limit, 0)),
            LimitAlgorithm.Concurrency => Queued(new HeldGate(limit.Permits)),
            _ => throw new ArgumentException("This is no limit: nobody made it.", nameof(limit)),
        };

        GateLimiter<TGate> Queued<TGate>(TGate gate)
            where TGate : struct, IGate =>
            new(gate, limit, queueLimit, order, time);
    }
}
