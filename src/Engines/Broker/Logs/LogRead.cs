using Groundwork.Broker.Protocol;
using Groundwork.Broker.Records;

namespace Groundwork.Broker.Logs;

/// <summary>What reading a log gave.</summary>
/// <param name="Data">Batches, the first of which holds the offset that was asked for or is the next one behind it; null where there is nothing yet.</param>
/// <param name="Fault">Why there is nothing; null where all is well.</param>
/// <param name="IsBehind">Whether there is nothing because the offset is behind all that the segment holds.</param>
/// <param name="NextOffset">The offset behind the last of the batches.</param>
internal readonly record struct LogRead(ReadBuffer? Data, BatchFault? Fault, bool IsBehind = false, long NextOffset = RecordBatch.None)
{
    /// <summary>The segment has nothing at that offset or behind it.</summary>
    public static LogRead Behind => new(null, null, true);

    /// <summary>Nothing yet.</summary>
    public static LogRead Empty => default;

    /// <summary>The offset is before the log's start, or behind its end.</summary>
    public static LogRead OutOfRange(long offset, long start, long end) => new(
        null, new BatchFault(ErrorCode.OffsetOutOfRange, $"The log holds offsets {start} to {end - 1}, and not {offset}."));
}
