namespace Groundwork.RateLimits.Drills.Callers;

/// <summary>A machine's clock that is wrong by so much, and steps to as much on the other side again and again. Its timers are the system's.</summary>
/// <param name="offset">By how much, at first.</param>
/// <param name="step">How long it stays there.</param>
internal sealed class SkewedTime(TimeSpan offset, TimeSpan step) : TimeProvider
{
    private readonly long _began = System.GetTimestamp();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        var isStepped = (System.GetElapsedTime(_began).Ticks / step.Ticks) % 2 == 1;
        return System.GetUtcNow() + (isStepped ? -offset : offset);
    }
}
