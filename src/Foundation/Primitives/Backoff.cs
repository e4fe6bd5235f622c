namespace Groundwork.Primitives;

/// <summary>
/// How long to wait before trying again: doubling from <paramref name="First"/> up to <paramref name="Cap"/>, of which a random
/// share is taken, so that those who failed together do not come back together.
/// </summary>
/// <remarks>The "full jitter" of M. Brooker, "Exponential Backoff and Jitter" (2015). Immutable; pure.</remarks>
/// <param name="First">The longest wait after the first failure; above zero.</param>
/// <param name="Cap">The longest wait of all; at least <paramref name="First"/>.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Cap)
{
    /// <summary>The longest wait after the first failure.</summary>
    public TimeSpan First { get; } = First > TimeSpan.Zero
        ? First
        : throw new ArgumentOutOfRangeException(nameof(First), First, "The first wait is above zero.");

    /// <summary>The longest wait of all.</summary>
    public TimeSpan Cap { get; } = Cap >= First
        ? Cap
        : throw new ArgumentOutOfRangeException(nameof(Cap), Cap, "The cap is at least the first wait.");

    /// <summary>The wait after <paramref name="failures"/> failures in a row.</summary>
    /// <param name="failures">From 1.</param>
    /// <param name="random">In [0, 1), from the caller's source of randomness.</param>
    public TimeSpan Delay(int failures, double random)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(random);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(random, 1.0);
        return Ceiling(failures) * random;
    }

    /// <summary>What the wait stays below after <paramref name="failures"/> failures in a row.</summary>
    public TimeSpan Ceiling(int failures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var ceiling = First.Ticks * Math.Pow(2, failures - 1);
        return ceiling >= Cap.Ticks ? Cap : TimeSpan.FromTicks((long)ceiling);
    }
}
