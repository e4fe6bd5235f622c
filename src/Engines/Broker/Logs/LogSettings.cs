namespace Groundwork.Broker.Logs;

/// <summary>What is set of one log, by the topic's settings of Kafka's names. -1 is for ever, or without bound.</summary>
internal sealed record LogSettings
{
    /// <summary>The defaults of Kafka.</summary>
    public static LogSettings Default { get; } = new();

    /// <summary><c>segment.bytes</c>: how long a segment becomes.</summary>
    public int SegmentBytes { get; init; } = 1 << 30;

    /// <summary><c>segment.ms</c>: how old its first record becomes before the next one begins.</summary>
    public long SegmentMs { get; init; } = 7 * 24 * 3600_000L;

    /// <summary><c>retention.ms</c>: how long a segment is kept after its latest record's time.</summary>
    public long RetentionMs { get; init; } = 7 * 24 * 3600_000L;

    /// <summary><c>retention.bytes</c>: how long the log becomes before its oldest segments go.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary><c>max.message.bytes</c>: the longest batch.</summary>
    public int MaxMessageBytes { get; init; } = 1_048_588;

    /// <summary><c>message.timestamp.type</c>: whether records get the time at which they are appended.</summary>
    public bool IsStamped { get; init; }

    /// <summary><c>message.timestamp.before.max.ms</c>: how long ago a record's time may be.</summary>
    public long TimestampBeforeMaxMs { get; init; } = long.MaxValue;

    /// <summary><c>message.timestamp.after.max.ms</c>: how far ahead a record's time may be.</summary>
    public long TimestampAfterMaxMs { get; init; } = 3600_000;

    /// <summary><c>index.interval.bytes</c>: how far apart the entries of the index are, at least.</summary>
    public int IndexIntervalBytes { get; init; } = 4096;
}
