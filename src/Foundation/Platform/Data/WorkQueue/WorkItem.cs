namespace Groundwork.Platform.Data;

/// <summary>Which of the items that are due goes first. A flow of higher ones that never ends starves the lower.</summary>
public enum WorkPriority
{
    /// <summary>Before all others: somebody waits for it.</summary>
    High = 0,

    /// <summary>Where nothing is said.</summary>
    Normal = 1,

    /// <summary>When nothing else is due: bulk work.</summary>
    Low = 2,
}

/// <summary>Work to be done later.</summary>
/// <param name="Payload">What it is about: up to <see cref="WorkQueue.MaxPayloadLength"/> bytes.</param>
public sealed record NewWork(byte[] Payload)
{
    /// <summary>A name that makes it unique in its queue and distribution key while it is there; by default a new one.</summary>
    public string? Id { get; init; }

    /// <summary>When it may be done at the earliest; by default now.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Which of the items that are due goes first.</summary>
    public WorkPriority Priority { get; init; } = WorkPriority.Normal;
}

/// <summary>Work that was claimed, to be settled (acknowledged, retried, buried, released) before its claim ends.</summary>
/// <param name="DistributionKey">The key of the transaction that enqueued it.</param>
/// <param name="Id">Unique in the queue and distribution key; the same at every delivery.</param>
/// <param name="Payload">As it was enqueued.</param>
/// <param name="Priority">As it was enqueued.</param>
/// <param name="Attempt">Which delivery this is, from 1.</param>
/// <param name="Epoch">Higher than that of every earlier claim of the item. Settling with an old one is refused.</param>
/// <param name="Enqueued">When it came.</param>
/// <param name="Until">From when on others may claim it.</param>
public sealed record WorkItem(
    string DistributionKey,
    string Id,
    byte[] Payload,
    WorkPriority Priority,
    int Attempt,
    long Epoch,
    DateTimeOffset Enqueued,
    DateTimeOffset Until);

/// <summary>How a queue stands.</summary>
/// <param name="Ready">Due and unclaimed, or claimed by somebody who did not settle it in time.</param>
/// <param name="Delayed">Not yet due; retries that wait are among them.</param>
/// <param name="Claimed">Being worked on.</param>
/// <param name="Dead">Given up.</param>
/// <param name="OldestReadyAge">Since when the longest-waiting of the ready ones has been due: the queue's lag. Zero when none is.</param>
public sealed record WorkQueueCounts(long Ready, long Delayed, long Claimed, long Dead, TimeSpan OldestReadyAge);
