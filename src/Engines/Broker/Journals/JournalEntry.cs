namespace Groundwork.Broker.Journals;

/// <summary>One change of one log, as the journal keeps it.</summary>
/// <param name="Kind">What changed.</param>
/// <param name="LogId">Which log; a number that is given once.</param>
/// <param name="Offset">Of a batch, its first record's; of a new start, where the log begins from now on.</param>
/// <param name="LeaderEpoch">Of a batch, its leader's epoch.</param>
/// <param name="Content">Of a batch, its bytes. They may not change until the entry is durable.</param>
internal readonly record struct JournalEntry(EntryKind Kind, ulong LogId, long Offset, int LeaderEpoch, ReadOnlyMemory<byte> Content);

/// <summary>The kinds of changes.</summary>
internal enum EntryKind : byte
{
    /// <summary>A batch of records was appended.</summary>
    Batch = 1,

    /// <summary>What stands before an offset is no longer part of the log.</summary>
    Start = 2,
}

/// <summary>Who is told when what it gave to the journal is durable. Called on the thread that commits: it is brief.</summary>
internal interface IJournaled
{
    /// <summary>All that it gave up to this offset is durable.</summary>
    void Durable(long nextOffset);
}
