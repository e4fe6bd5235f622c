namespace Groundwork.Ports.Messaging.Inspection;

/// <summary>Where a group is to go on reading.</summary>
/// <param name="Group">Its name. One that is not there is made by it, where a topic is named.</param>
/// <param name="Topic">Of which topic; null for all of which it has committed something.</param>
/// <param name="Partitions">Of which of its partitions; null for all. Only where a topic is named.</param>
/// <param name="Target">To where.</param>
public sealed record OffsetReset(string Group, string? Topic, IReadOnlyList<int>? Partitions, OffsetTarget Target);

/// <summary>A place in each of some partitions.</summary>
public readonly record struct OffsetTarget
{
    private OffsetTarget(ReadStart? start, long shift) => (Start, Shift) = (start, shift);

    /// <summary>The place itself; null where it is counted from what is committed.</summary>
    public ReadStart? Start { get; }

    /// <summary>How many records further than what is committed; back where it is below zero.</summary>
    public long Shift { get; }

    /// <summary>At a place.</summary>
    public static OffsetTarget At(ReadStart start) => new(start, 0);

    /// <summary>So many records further than what is committed, or back.</summary>
    public static OffsetTarget By(long shift) => new(null, shift);
}

/// <summary>What a reset does.</summary>
/// <param name="Group">Of which group.</param>
/// <param name="Members">How many members it has: while there are any, it cannot be done.</param>
/// <param name="Moves">Each partition, in their order.</param>
public sealed record OffsetPlan(string Group, int Members, IReadOnlyList<OffsetMove> Moves);

/// <summary>Where a group goes on in a partition.</summary>
/// <param name="Partition">Which.</param>
/// <param name="From">What is committed; null where nothing is.</param>
/// <param name="To">What will be: within what the partition has.</param>
/// <param name="Offsets">The offsets that the partition has.</param>
public sealed record OffsetMove(TopicPartition Partition, long? From, long To, OffsetRange Offsets)
{
    /// <summary>How many records come again where it is below zero, or are passed over; null where nothing was committed.</summary>
    public long? Records => To - From;
}
