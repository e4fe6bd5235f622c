namespace Groundwork.Ports.Messaging.Inspection;

/// <summary>A topic as it is.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id, which another topic of the same name would not have.</param>
/// <param name="IsInternal">Whether it is the broker's own: it is read, and not written to.</param>
/// <param name="Settings">What is set of it otherwise than by default, by Kafka's names.</param>
/// <param name="Partitions">Its partitions, by their numbers.</param>
public sealed record TopicState(
    string Name, Guid Id, bool IsInternal, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<PartitionState> Partitions);

/// <summary>A partition as it is.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Offsets">The offsets that it has: what is durable.</param>
/// <param name="Bytes">What its segments take on the disk.</param>
/// <param name="LatestTime">The latest time of its records; null where none has one.</param>
/// <param name="Load">What comes and goes, over the last seconds.</param>
/// <param name="Heat">What is known of it where much more comes to it than to the others; null where it is not hot.</param>
/// <param name="Trouble">Why nothing is appended to it any more; null where all is well.</param>
public sealed record PartitionState(
    int Number, OffsetRange Offsets, long Bytes, DateTimeOffset? LatestTime, PartitionLoad Load, PartitionHeat? Heat, string? Trouble);

/// <summary>What comes and goes a second.</summary>
/// <param name="RecordsIn">Records appended.</param>
/// <param name="BytesIn">Bytes of their batches.</param>
/// <param name="RecordsOut">Records read: by all who read, so that one that three groups read counts three times.</param>
/// <param name="BytesOut">Bytes of their batches.</param>
public readonly record struct PartitionLoad(double RecordsIn, double BytesIn, double RecordsOut, double BytesOut)
{
    /// <summary>Both together.</summary>
    public static PartitionLoad operator +(PartitionLoad one, PartitionLoad other) => new(
        one.RecordsIn + other.RecordsIn, one.BytesIn + other.BytesIn, one.RecordsOut + other.RecordsOut, one.BytesOut + other.BytesOut);

    /// <summary>Both together.</summary>
    public static PartitionLoad Add(PartitionLoad left, PartitionLoad right) => left + right;
}

/// <summary>A partition to which much more comes than to the others of its topic.</summary>
/// <param name="Share">Its share of what comes to the topic, by records or by bytes, whichever is more: 0 to 1.</param>
/// <param name="Since">Since when.</param>
/// <param name="Keys">The keys of the records that come, the most frequent first, by a sample of them; none yet in the first second.</param>
/// <param name="KeylessShare">The share of records without a key, 0 to 1.</param>
public sealed record PartitionHeat(double Share, DateTimeOffset Since, IReadOnlyList<HotRecordKey> Keys, double KeylessShare);

/// <summary>A key that many records of a partition have.</summary>
/// <param name="Key">Its bytes; of a long one the beginning.</param>
/// <param name="Share">Its share of the partition's records, 0 to 1.</param>
public sealed record HotRecordKey(ReadOnlyMemory<byte> Key, double Share);
