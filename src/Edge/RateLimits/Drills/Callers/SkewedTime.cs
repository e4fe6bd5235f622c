namespace Groundwork.RateLimits.Drills.Callers;

/// <summary>A machine's clock that is wrong by so much, and steps to as much on the other side again and again. Its timers are the system's.</summary>
/// <param name="offset">By how much, at first.</param>
/// <param name="step">How long it stays there.</param>
internal sealed class SkewedTime(TimeSpan offset, TimeSpan step) : TimeProvider
{
    /// <summary>By how much the clocks of copies are wrong.</summary>
    public static readonly TimeSpan[] Offsets =
        [TimeSpan.FromMinutes(-5), TimeSpan.FromSeconds(-10), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5)];

    /// <summary>How long they stay there.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(150);

    private readonly long _began = System.GetTimestamp();

    /// <summary>That of the copy with a number.</summary>
    public static SkewedTime Of(int copy) => new(Offsets[copy % Offsets.Length], Step);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        var isStepped = (System.GetElapsedTime(_began).Ticks / step.Ticks) % 2 == 1;
        return System.GetUtcNow() + (isStepped ? -offset : offset);
    }
}
