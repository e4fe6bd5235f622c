namespace Groundwork.Primitives.Limiting;

/// <summary>What a limit says to a take. Times are in microseconds from now.</summary>
/// <param name="IsAllowed">Whether it may go, and was taken.</param>
/// <param name="Remaining">How many permits could be taken right after this.</param>
/// <param name="RetryAfter">The shortest wait after which the same take is allowed if nobody else takes: 0 where it is allowed,
/// <see cref="Never"/> where it costs more than the limit ever admits.</param>
/// <param name="ResetAfter">How long until the limit is as if it had never been used; its state may be forgotten then.</param>
/// <param name="Delay">How long who was allowed waits before it goes on: leaky buckets only, 0 elsewhere.</param>
public readonly record struct LimitDecision(bool IsAllowed, long Remaining, long RetryAfter, long ResetAfter, long Delay)
{
    /// <summary>No wait is long enough.</summary>
    public const long Never = -1;
}
