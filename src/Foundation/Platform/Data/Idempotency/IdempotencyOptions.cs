namespace Groundwork.Platform.Data;

/// <summary>How long requests are remembered, and how long a claim stands.</summary>
public sealed record IdempotencyOptions
{
    /// <summary>How long a request is remembered, from its first call on: 1 minute to 30 days, by default 24 hours. A retry after
    /// that is a new request.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a claim stands until another call may take the work over: 1 second to half of
    /// <see cref="TimeToLive"/>, by default 30 seconds. Longer than the work takes, with all of its own time-outs.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    internal void Check()
    {
        if (TimeToLive < TimeSpan.FromMinutes(1) || TimeToLive > TimeSpan.FromDays(30))
            throw new ArgumentOutOfRangeException(nameof(TimeToLive), TimeToLive, "A request is remembered for 1 minute to 30 days.");
        if (Lease < TimeSpan.FromSeconds(1) || Lease > TimeToLive / 2)
            throw new ArgumentOutOfRangeException(nameof(Lease), Lease, "A claim stands for 1 second to half the time to live.");
    }
}
