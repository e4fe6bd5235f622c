using Groundwork.Broker.Logs;
using Groundwork.Broker.Protocol;

namespace Groundwork.Broker.Operations;

/// <summary>Whether a client that names the leader's epoch speaks of the leader that there is.</summary>
internal static class LeaderEpochs
{
    /// <summary>None where it does, or names none.</summary>
    public static ErrorCode Check(PartitionLog log, int named) =>
        named < 0 || named == log.LeaderEpoch ? ErrorCode.None
        : named < log.LeaderEpoch ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;
}
