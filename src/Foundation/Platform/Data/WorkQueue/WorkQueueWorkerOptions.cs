namespace Groundwork.Platform.Data;

/// <summary>How a worker works.</summary>
public sealed record WorkQueueWorkerOptions
{
    /// <summary>How many items are worked on at a time, in this copy: 1 to <see cref="WorkQueue.MaxBatch"/>, by default 8.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>How often an idle worker looks for what other copies have enqueued: 10 ms to 1 hour, by default 1 second.
    /// What this copy enqueues, and what is known to become due, needs no look.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>When a handler is cancelled: 1 second to 1 day, by default 5 minutes. Its claim is extended until then.</summary>
    public TimeSpan HandlerTimeout { get; init; } = TimeSpan.FromMinutes(5);

    internal void Check()
    {
        if (Concurrency is < 1 or > WorkQueue.MaxBatch)
            throw new ArgumentOutOfRangeException(nameof(Concurrency), Concurrency, $"A worker does 1 to {WorkQueue.MaxBatch} things at a time.");
        if (PollInterval < TimeSpan.FromMilliseconds(10) || PollInterval > TimeSpan.FromHours(1))
            throw new ArgumentOutOfRangeException(nameof(PollInterval), PollInterval, "A worker looks every 10 ms to 1 hour.");
        if (HandlerTimeout < TimeSpan.FromSeconds(1) || HandlerTimeout > TimeSpan.FromDays(1))
            throw new ArgumentOutOfRangeException(nameof(HandlerTimeout), HandlerTimeout, "A handler has 1 second to 1 day.");
    }
}
