using Groundwork.Primitives;

namespace Groundwork.Platform.Messaging;

/// <summary>How an outbox treats its events; the same in every copy.</summary>
public sealed record OutboxOptions
{
    /// <summary>How often an event that the broker refuses is tried before it is given up: 1 to 1000, by default 10. That the broker is away counts for none.</summary>
    public int MaxAttempts { get; init; } = 10;

    /// <summary>How long a refused event, and with it its key, waits: by default up to 1 second after the first time, up to 5 minutes at last.</summary>
    public Backoff Backoff { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    /// <summary>How often is looked for what other copies have committed: 10 ms to 1 minute, by default 250 ms. What this copy commits needs no look (<see cref="Outbox.Wake"/>).</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the relaying copy is taken to live after its last word: 5 seconds to 5 minutes, by default 15 seconds. So long do events wait after it was killed.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long letters are kept: 1 hour to 10 years, by default 30 days.</summary>
    public TimeSpan LetterLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>From which age of the oldest waiting event on the outbox is said to be degraded: 1 second to 1 day, by default 1 minute.</summary>
    public TimeSpan DegradedAfter { get; init; } = TimeSpan.FromMinutes(1);

    internal void Check()
    {
        if (MaxAttempts is < 1 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(MaxAttempts), MaxAttempts, "An event has 1 to 1000 attempts.");
        Check(PollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), nameof(PollInterval));
        Check(Lease, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), nameof(Lease));
        Check(LetterLifetime, TimeSpan.FromHours(1), TimeSpan.FromDays(3660), nameof(LetterLifetime));
        Check(DegradedAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), nameof(DegradedAfter));
    }

    private static void Check(TimeSpan value, TimeSpan min, TimeSpan max, string name)
    {
        if (value < min || value > max)
            throw new ArgumentOutOfRangeException(name, value, $"It is from {min} to {max}.");
    }
}
