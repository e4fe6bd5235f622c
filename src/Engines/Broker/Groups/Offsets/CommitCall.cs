using Groundwork.Broker.Groups.Membership;

namespace Groundwork.Broker.Groups.Offsets;

/// <summary>Somebody says how far a group has read.</summary>
internal sealed record CommitCall
{
    /// <summary>The group's name.</summary>
    public required string Group { get; init; }

    /// <summary>Which member says so; without an id where none does.</summary>
    public MemberIdentity Identity { get; init; } = new("");

    /// <summary>The member's generation; -1 where none says so.</summary>
    public int Generation { get; init; } = -1;

    /// <summary>How long to keep them at least; -1: as long as the broker does (all clients since Kafka 2.1).</summary>
    public long RetentionMs { get; init; } = -1;

    /// <summary>Whether it may be told that there is no such group (version 9 on); else its generation is said to be another.</summary>
    public bool KnowsMissingGroup { get; init; }

    /// <summary>The offsets.</summary>
    public required IReadOnlyList<OffsetToCommit> Offsets { get; init; }
}

/// <summary>An offset to commit.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The next record to read.</param>
/// <param name="LeaderEpoch">The leader epoch of the last record that was read; -1 where it is not told.</param>
/// <param name="Metadata">Text of the client's own.</param>
internal readonly record struct OffsetToCommit(TopicPartition Partition, long Offset, int LeaderEpoch = -1, string? Metadata = null);
