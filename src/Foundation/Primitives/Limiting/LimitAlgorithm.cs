namespace Groundwork.Primitives.Limiting;

/// <summary>How a limit counts. Zero is none of them, so that a <see cref="Limit"/> that nobody made is refused.</summary>
public enum LimitAlgorithm
{
    /// <summary>A bucket of tokens that fills at a steady rate: bursts up to its size, and the rate in the long run.</summary>
    TokenBucket = 1,

    /// <summary>A queue that lets one go at a time, evenly spaced: who comes early is told how long to wait.</summary>
    LeakyBucket = 2,

    /// <summary>A count that starts again at every full period: cheapest, but twice as much may pass around a boundary.</summary>
    FixedWindow = 3,

    /// <summary>Every take of the last period by its time: exact, at 8 bytes a take.</summary>
    SlidingLog = 4,

    /// <summary>Two counts, of which the older fades: nearly a sliding log at the price of a fixed window.</summary>
    SlidingWindow = 5,

    /// <summary>The generic cell rate algorithm: the decisions of a token bucket from a single time.</summary>
    Gcra = 6,

    /// <summary>How many may be at work at once: what was taken is given back.</summary>
    Concurrency = 7,
}
