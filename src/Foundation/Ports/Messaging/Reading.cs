namespace Groundwork.Ports.Messaging;

/// <summary>Where a reader begins.</summary>
public readonly record struct ReadStart
{
    private ReadStart(ReadStartKind kind, long value) => (Kind, Value) = (kind, value);

    /// <summary>At the first record that is there.</summary>
    public static ReadStart Earliest => default;

    /// <summary>Behind the last record that is there when reading begins.</summary>
    public static ReadStart Latest => new(ReadStartKind.Latest, 0);

    /// <summary>What it is.</summary>
    public ReadStartKind Kind { get; }

    /// <summary>The offset, or the time in milliseconds since 1970.</summary>
    public long Value { get; }

    /// <summary>At an offset. One that the partition does not have is a gap.</summary>
    public static ReadStart At(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return new(ReadStartKind.Offset, offset);
    }

    /// <summary>At the first record of a time or later; behind the last one where all are older.</summary>
    public static ReadStart Since(DateTimeOffset time) => new(ReadStartKind.Time, Math.Max(0, time.ToUnixTimeMilliseconds()));
}

/// <summary>How a <see cref="ReadStart"/> is meant.</summary>
public enum ReadStartKind
{
    /// <summary>At the first record.</summary>
    Earliest,

    /// <summary>Behind the last one.</summary>
    Latest,

    /// <summary>At an offset.</summary>
    Offset,

    /// <summary>At a time.</summary>
    Time,
}

/// <summary>What a reader does that comes to a place that is not there (any more): retention was faster, or records were deleted.</summary>
public enum GapAction
{
    /// <summary>It ends with a <see cref="ReadGapException"/>, which says what is missing: nothing is lost without a word.</summary>
    Stop,

    /// <summary>It goes on at the first record that is there.</summary>
    Earliest,

    /// <summary>It goes on behind the last one.</summary>
    Latest,
}

/// <summary>How a partition is read.</summary>
public sealed record ReadOptions
{
    /// <summary>The defaults.</summary>
    public static ReadOptions Default { get; } = new();

    /// <summary>What it does at a gap.</summary>
    public GapAction OnGap { get; init; }

    /// <summary>How many bytes are read ahead of the caller, beside one batch of records, which is read whole; 1 MiB, from 64 KiB to 64 MiB.</summary>
    public int MaxBufferedBytes { get; init; } = 1 << 20;

    /// <summary>Throws where a number is out of range.</summary>
    public void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBufferedBytes, BrokerLimits.MinBufferedBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxBufferedBytes, BrokerLimits.MaxBufferedBytes);
    }
}

/// <summary>How a member of a group reads.</summary>
public sealed record MemberOptions
{
    /// <summary>The defaults.</summary>
    public static MemberOptions Default { get; } = new();

    /// <summary>Where partitions begin of which the group has committed nothing: <see cref="ReadStartKind.Earliest"/> or <see cref="ReadStartKind.Latest"/>.</summary>
    public ReadStartKind Start { get; init; }

    /// <summary>How long the group does without word of the member before it gives its partitions to others; 45 s, from 6 s to 30 min.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long the caller may take with a record while the group agrees anew; 5 min, from the session's time to 30 min.</summary>
    public TimeSpan RebalanceTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How it reads: of all its partitions together.</summary>
    public ReadOptions Read { get; init; } = ReadOptions.Default;

    /// <summary>Throws where something is out of range.</summary>
    public void Check()
    {
        if (Start is not (ReadStartKind.Earliest or ReadStartKind.Latest))
            throw new ArgumentOutOfRangeException(nameof(Start), Start, "A group starts at the earliest record or the latest.");
        ArgumentOutOfRangeException.ThrowIfLessThan(SessionTimeout, BrokerLimits.MinSession);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SessionTimeout, BrokerLimits.MaxSession);
        ArgumentOutOfRangeException.ThrowIfLessThan(RebalanceTimeout, SessionTimeout);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RebalanceTimeout, BrokerLimits.MaxSession);
        Read.Check();
    }
}

/// <summary>The bounds of the port.</summary>
public static class BrokerLimits
{
    /// <summary>How many records are appended by one call.</summary>
    public const int MaxAppendRecords = 100_000;

    /// <summary>The least that a reader holds.</summary>
    public const int MinBufferedBytes = 64 << 10;

    /// <summary>The most that a reader may be asked to hold.</summary>
    public const int MaxBufferedBytes = 64 << 20;

    /// <summary>The shortest session.</summary>
    public static readonly TimeSpan MinSession = TimeSpan.FromSeconds(6);

    /// <summary>The longest session.</summary>
    public static readonly TimeSpan MaxSession = TimeSpan.FromMinutes(30);
}
