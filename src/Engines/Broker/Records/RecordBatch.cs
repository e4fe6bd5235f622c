using System.Buffers.Binary;
using Groundwork.Primitives.Hashing;

namespace Groundwork.Broker.Records;

/// <summary>
/// A view of one record batch in Kafka's format of magic 2, as it travels and as it lies in a segment: <c>docs/formats/log.md</c>
/// draws it. Nothing is checked by reading a field; <see cref="BatchCheck"/> does that.
/// </summary>
/// <remarks>The checksum covers what follows it: so the offset and the leader's epoch, which stand before it, can be set in place.</remarks>
internal readonly ref struct RecordBatch(ReadOnlySpan<byte> bytes)
{
    /// <summary>The length of everything before the records.</summary>
    public const int HeaderBytes = 61;

    /// <summary>How much must be there to know how long a batch is.</summary>
    public const int PrefixBytes = 12;

    /// <summary>The only format that is served.</summary>
    public const byte CurrentMagic = 2;

    /// <summary>Where the bytes begin that the checksum covers.</summary>
    public const int CheckedFrom = 21;

    /// <summary>A producer that gives no id, and a batch without a sequence.</summary>
    public const int None = -1;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>All of it, header and records.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The offset of the first record.</summary>
    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(_bytes);

    /// <summary>How long it says that it is, header included.</summary>
    public int Length => LengthOf(_bytes);

    public int LeaderEpoch => BinaryPrimitives.ReadInt32BigEndian(_bytes[12..]);

    public byte Magic => _bytes[16];

    public uint Checksum => BinaryPrimitives.ReadUInt32BigEndian(_bytes[17..]);

    public BatchAttributes Attributes => (BatchAttributes)BinaryPrimitives.ReadInt16BigEndian(_bytes[CheckedFrom..]);

    /// <summary>How its records are packed.</summary>
    public Codec Codec => (Codec)(Attributes & BatchAttributes.CodecMask);

    /// <summary>The last record's offset, counted from the first one's.</summary>
    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(_bytes[23..]);

    /// <summary>The offset of the last record.</summary>
    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>The offset behind the last record.</summary>
    public long NextOffset => LastOffset + 1;

    /// <summary>Milliseconds since 1970, from which the records' times are counted.</summary>
    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[27..]);

    /// <summary>The latest time of its records, in milliseconds since 1970.</summary>
    public long MaxTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[35..]);

    /// <summary>Who made it; -1 where the producer is not idempotent.</summary>
    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(_bytes[43..]);

    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(_bytes[51..]);

    /// <summary>The producer's number of its first record in this partition.</summary>
    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(_bytes[53..]);

    public int RecordCount => BinaryPrimitives.ReadInt32BigEndian(_bytes[57..]);

    /// <summary>The records, packed by <see cref="Codec"/>.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderBytes..];

    public bool IsTransactional => (Attributes & BatchAttributes.Transactional) != 0;

    public bool IsControl => (Attributes & BatchAttributes.Control) != 0;

    /// <summary>Whether the checksum is that of what follows it.</summary>
    public bool IsIntact => Crc32C.Hash(_bytes[CheckedFrom..]) == Checksum;

    /// <summary>How long the batch says it is that begins here; of a hostile one that may be anything, also less than nothing.</summary>
    /// <param name="bytes"><see cref="PrefixBytes"/> at least.</param>
    public static int LengthOf(ReadOnlySpan<byte> bytes) => unchecked(BinaryPrimitives.ReadInt32BigEndian(bytes[8..]) + PrefixBytes);

    /// <summary>Gives a batch its place in the log.</summary>
    public static void Place(Span<byte> batch, long baseOffset, int leaderEpoch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[12..], leaderEpoch);
    }

    /// <summary>Gives all its records the time at which they were appended.</summary>
    public static void Stamp(Span<byte> batch, long timestamp)
    {
        var attributes = new RecordBatch(batch).Attributes | BatchAttributes.LogAppendTime;
        BinaryPrimitives.WriteInt16BigEndian(batch[CheckedFrom..], (short)attributes);
        Date(batch, timestamp);
    }

    /// <summary>Says which time is the latest of its records.</summary>
    public static void Date(Span<byte> batch, long maxTimestamp)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch[35..], maxTimestamp);
        Seal(batch);
    }

    /// <summary>Sets the checksum.</summary>
    public static void Seal(Span<byte> batch) =>
        BinaryPrimitives.WriteUInt32BigEndian(batch[17..], Crc32C.Hash(batch[CheckedFrom..]));
}

/// <summary>What a batch says of its records.</summary>
[Flags]
internal enum BatchAttributes : short
{
    /// <summary>Times as the producer gave them, not part of a transaction, not packed.</summary>
    None = 0,

    /// <summary>The bits of the <see cref="Codec"/>.</summary>
    CodecMask = 0x07,

    /// <summary>All records have the batch's latest time, which the broker gave.</summary>
    LogAppendTime = 0x08,

    /// <summary>Part of a transaction.</summary>
    Transactional = 0x10,

    /// <summary>The broker's own: the end of a transaction.</summary>
    Control = 0x20,
}

/// <summary>How a batch's records are packed, by Kafka's numbers.</summary>
internal enum Codec
{
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstd = 4,
}
