using Groundwork.Broker.Journals;
using Groundwork.Broker.Records;

namespace Groundwork.Broker.Logs;

/// <summary>What became of an append.</summary>
/// <param name="BaseOffset">Where its first record is; -1 where it was refused.</param>
/// <param name="Timestamp">The time that the broker gave its records; -1 where it gave none.</param>
/// <param name="Round">With what it becomes durable; null where it already is, as a repetition may be.</param>
/// <param name="Fault">Why it was refused; null where it was not.</param>
internal readonly record struct AppendResult(long BaseOffset, long Timestamp, Round? Round, BatchFault? Fault)
{
    /// <summary>It was refused.</summary>
    public static AppendResult Refused(BatchFault fault) => new(RecordBatch.None, RecordBatch.None, null, fault);
}
