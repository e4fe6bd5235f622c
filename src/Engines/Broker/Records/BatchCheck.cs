using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Records;

/// <summary>Why a batch is refused: the code for the protocol, and a sentence for people.</summary>
internal sealed record BatchFault(ErrorCode Code, string Message);

/// <summary>
/// Whether a batch that a producer sent may become part of a log. What is packed is not unpacked for it: that is the readers'
/// work, and a bomb hurts only who opens it; so of packed records only the number is known, which the header must agree with.
/// A latest time that is not that of the records is set right, as Kafka does: librdkafka says 0 of records that have no time.
/// Allocates nothing where all is well.
/// </summary>
internal static class BatchCheck
{
    /// <summary>Checks one batch, whose length has been found to be that of <paramref name="bytes"/>.</summary>
    /// <returns>What is wrong; null where nothing is.</returns>
    public static BatchFault? Check(Span<byte> bytes)
    {
        if (bytes.Length < RecordBatch.HeaderBytes)
            return Damaged($"A batch of {bytes.Length} bytes is shorter than its header of {RecordBatch.HeaderBytes}.");
        var batch = new RecordBatch(bytes);
        if (batch.Magic != RecordBatch.CurrentMagic)
            return new(ErrorCode.UnsupportedForMessageFormat, $"Batches are in format {RecordBatch.CurrentMagic}, not {batch.Magic}: use a client of Kafka 0.11 or later.");
        if (!batch.IsIntact)
            return Damaged("A batch's checksum is not that of its contents.");
        if (batch.RecordCount <= 0 || batch.LastOffsetDelta != batch.RecordCount - 1)
            return new(ErrorCode.InvalidRecord, $"A batch of {batch.RecordCount} records has offsets up to {batch.LastOffsetDelta}.");
        if (batch.IsControl)
            return new(ErrorCode.InvalidRecord, "Control batches are the broker's to write.");
        if (batch.Codec > Codec.Zstd)
            return new(ErrorCode.UnsupportedCompressionType, $"There is no codec {(int)batch.Codec}.");
        if (batch.ProducerId >= 0 && (batch.ProducerEpoch < 0 || batch.BaseSequence < 0))
            return new(ErrorCode.InvalidRecord, "A batch names its producer, and not its epoch and sequence.");
        if (batch.MaxTimestamp < RecordBatch.None)
            return new(ErrorCode.InvalidTimestamp, $"A batch's latest time is {batch.MaxTimestamp} ms.");
        return batch.Codec == Codec.None ? CheckRecords(bytes) : null;
    }

    private static BatchFault? CheckRecords(Span<byte> bytes)
    {
        var batch = new RecordBatch(bytes);
        var walk = new RecordWalk(batch.Payload);
        var latest = long.MinValue;
        for (var i = 0; i < batch.RecordCount; i++)
        {
            if (!walk.TryNext() || walk.OffsetDelta != i)
                return new(ErrorCode.InvalidRecord, $"Record {i} of a batch is not formed as records are.");
            latest = Math.Max(latest, walk.TimestampDelta);
        }

        if (!walk.IsAtEnd)
            return new(ErrorCode.InvalidRecord, $"Behind a batch's {batch.RecordCount} records is something else.");

        // Time indexes are built from it. A batch that the broker stamps has another, and is checked before it does.
        latest = unchecked(batch.BaseTimestamp + latest);
        if ((batch.Attributes & BatchAttributes.LogAppendTime) != 0 || batch.MaxTimestamp == latest)
            return null;
        if (latest < RecordBatch.None)
            return new(ErrorCode.InvalidTimestamp, $"The latest time of a batch's records is {latest} ms.");
        RecordBatch.Date(bytes, latest);
        return null;
    }

    private static BatchFault Damaged(string message) => new(ErrorCode.CorruptMessage, message);
}
