using Groundwork.Primitives;

namespace Groundwork.Platform.Data;

/// <summary>How a queue treats its items.</summary>
public sealed record WorkQueueOptions
{
    /// <summary>How long a claim stands until others may claim the item: 1 second to 12 hours, by default 30 seconds.
    /// <see cref="WorkQueueWorker"/> extends it while the handler runs; so this is how long an item waits after a crash.</summary>
    public TimeSpan Visibility { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often an item is delivered before it is given up: 1 to 1000, by default 10. A delivery counts even when the
    /// process dies of it.</summary>
    public int MaxAttempts { get; init; } = 10;

    /// <summary>How long a failed item waits: by default up to 1 second after the first failure, up to 5 minutes at last.</summary>
    public Backoff Backoff { get; init; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));

    /// <summary>How long dead letters are kept: 1 hour to 10 years, by default 30 days.</summary>
    public TimeSpan DeadLetterLifetime { get; init; } = TimeSpan.FromDays(30);

    internal void Check()
    {
        if (Visibility < TimeSpan.FromSeconds(1) || Visibility > TimeSpan.FromHours(12))
            throw new ArgumentOutOfRangeException(nameof(Visibility), Visibility, "A claim stands for 1 second to 12 hours.");
        if (MaxAttempts is < 1 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(MaxAttempts), MaxAttempts, "An item has 1 to 1000 attempts.");
        if (DeadLetterLifetime < TimeSpan.FromHours(1) || DeadLetterLifetime > TimeSpan.FromDays(3660))
            throw new ArgumentOutOfRangeException(nameof(DeadLetterLifetime), DeadLetterLifetime, "Dead letters live 1 hour to 10 years.");
    }
}
