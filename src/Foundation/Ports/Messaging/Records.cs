namespace Groundwork.Ports.Messaging;

/// <summary>A record to append.</summary>
/// <param name="Key">By which it finds its partition, and its order there; null where any will do: such records are spread a batch at a time.</param>
/// <param name="Value">What it says; null says that its key is gone.</param>
/// <param name="Headers">What goes with it, in this order; null for nothing.</param>
/// <param name="Time">When it happened, from 1970 on, kept in milliseconds; null for now.</param>
public readonly record struct OutgoingRecord(
    ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte>? Value, IReadOnlyList<RecordHeader>? Headers = null, DateTimeOffset? Time = null)
{
    /// <summary>Its time in milliseconds since 1970; null for now.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is before 1970.</exception>
    public long? UnixMs()
    {
        if (Time is not { } time)
            return null;
        ArgumentOutOfRangeException.ThrowIfLessThan(time, DateTimeOffset.UnixEpoch, nameof(Time));
        return time.ToUnixTimeMilliseconds();
    }
}

/// <summary>A record as it is read. What it holds is the caller's to keep.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its place in the partition: later ones have larger numbers.</param>
/// <param name="Time">When it happened, or was appended where the topic says so.</param>
/// <param name="Key">By which it found its partition; null for none.</param>
/// <param name="Value">What it says; null says that its key is gone.</param>
/// <param name="Headers">What goes with it, in its order.</param>
public readonly record struct IncomingRecord(
    string Topic, int Partition, long Offset, DateTimeOffset Time, ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte>? Value, IReadOnlyList<RecordHeader> Headers)
{
    private static readonly long MaxUnixMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The time that a record says, whatever its producer wrote there: the nearest one that is from 1970 on, and can be written down.</summary>
    /// <param name="unixMs">Milliseconds since 1970.</param>
    public static DateTimeOffset TimeOf(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMs, 0, MaxUnixMs));
}

/// <summary>Something that goes with a record.</summary>
/// <param name="Name">Its name; several may have the same.</param>
/// <param name="Value">Its value; may be null.</param>
public readonly record struct RecordHeader(string Name, ReadOnlyMemory<byte>? Value);

/// <summary>Where a record is.</summary>
/// <param name="Partition">The partition's number, from 0.</param>
/// <param name="Offset">Its place there, from 0.</param>
public readonly record struct RecordPlace(int Partition, long Offset);

/// <summary>A partition of a topic.</summary>
public readonly record struct TopicPartition(string Topic, int Partition);

/// <summary>The offsets that a partition has.</summary>
/// <param name="Start">Of the first record that is there.</param>
/// <param name="End">Behind the last one; the same as the start where there is none.</param>
public readonly record struct OffsetRange(long Start, long End);

/// <summary>How far a group is behind in a partition.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Committed">The offset behind what was committed.</param>
/// <param name="End">The offset behind the last record.</param>
public readonly record struct PartitionLag(string Topic, int Partition, long Committed, long End)
{
    /// <summary>How many records have not been committed, those included that retention took.</summary>
    public long Records => Math.Max(0, End - Committed);
}
