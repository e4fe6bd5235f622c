using Groundwork.Broker.Groups.Membership;

namespace Groundwork.Broker.Groups;

/// <summary>The time as groups take it. Thread-safe.</summary>
internal sealed class GroupClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>Now.</summary>
    public Moment Now => new((long)time.GetElapsedTime(_start).TotalMilliseconds, time.GetUtcNow().ToUnixTimeMilliseconds());
}
