namespace Groundwork.Broker.Logs;

/// <summary>Protections that a drill takes away from a broker of its own, to see what they are for. Nobody else does: no setting leads here.</summary>
[Flags]
internal enum Omissions
{
    /// <summary>Everything is looked at.</summary>
    None = 0,

    /// <summary>At start, a batch behind the checkpoint is taken for whole if its length is right.</summary>
    TailChecksums = 1,

    /// <summary>What is read is served as it is.</summary>
    ReadChecksums = 2,

    /// <summary>Checkpoints do not keep idempotent producers.</summary>
    CheckpointedProducers = 4,
}
