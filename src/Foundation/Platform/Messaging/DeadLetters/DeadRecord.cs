using Groundwork.Ports.Messaging;

namespace Groundwork.Platform.Messaging;

/// <summary>A record that a group has given up.</summary>
/// <param name="Position">Its offset in the topic of dead letters: by which it is replayed or dropped.</param>
/// <param name="Topic">The topic that it came from.</param>
/// <param name="Partition">Its partition there.</param>
/// <param name="Offset">Its offset there.</param>
/// <param name="Group">Which group.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Reason">What the last try said, up to 1024 characters.</param>
/// <param name="Died">When it was given up.</param>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value.</param>
/// <param name="Headers">What went with it.</param>
public sealed record DeadRecord(
    long Position,
    string Topic,
    int Partition,
    long Offset,
    string Group,
    int Attempts,
    string Reason,
    DateTimeOffset Died,
    ReadOnlyMemory<byte>? Key,
    ReadOnlyMemory<byte>? Value,
    IReadOnlyList<RecordHeader> Headers);

/// <summary>A page of dead letters.</summary>
/// <param name="Letters">Those that are neither replayed nor dropped, the longest dead first; may be fewer than was asked for.</param>
/// <param name="Next">From where the next page goes on; null where this was the last.</param>
public sealed record DeadRecordPage(IReadOnlyList<DeadRecord> Letters, long? Next);
