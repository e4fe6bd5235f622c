namespace Groundwork.Broker.Records;

/// <summary>One record of a batch.</summary>
/// <param name="Offset">Its place in the partition.</param>
/// <param name="Timestamp">Milliseconds since 1970: the producer's time, or the broker's where the topic says so.</param>
/// <param name="Key">By which it found its partition; null where it has none.</param>
/// <param name="Value">What it says; null where it says that the key is gone.</param>
/// <param name="Headers">What goes with it, in their order.</param>
internal readonly record struct Record(
    long Offset, long Timestamp, ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte>? Value, IReadOnlyList<RecordHeader> Headers);

/// <summary>Something that goes with a record.</summary>
internal readonly record struct RecordHeader(string Name, ReadOnlyMemory<byte>? Value);
