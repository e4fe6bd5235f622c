namespace Groundwork.Broker.Logs;

/// <summary>What a checkpoint keeps of a log: all that cannot be found in its segments, and up to where they may be trusted.</summary>
/// <param name="Id">Which log.</param>
/// <param name="Start">Its first offset.</param>
/// <param name="End">The offset behind its last.</param>
/// <param name="Active">Its last segment, as far as it was synced; null where it has none.</param>
/// <param name="Epochs">Which leader's epoch begins where, from the oldest.</param>
/// <param name="Producers">Its idempotent producers.</param>
internal sealed record LogState(
    ulong Id, long Start, long End, ActiveSegment? Active, IReadOnlyList<EpochStart> Epochs, IReadOnlyCollection<ProducerState> Producers);

/// <summary>How far a log's last segment may be trusted.</summary>
/// <param name="BaseOffset">Its first offset.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="IndexLines">The length of its index.</param>
/// <param name="LatestTimestamp">The latest time in it.</param>
/// <param name="Since">When its first batch was appended.</param>
internal sealed record ActiveSegment(long BaseOffset, long Size, int IndexLines, long LatestTimestamp, long Since);

/// <summary>The offset with which a leader's epoch began.</summary>
internal readonly record struct EpochStart(int Epoch, long Offset);
