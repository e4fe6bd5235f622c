using Groundwork.Primitives.Hashing;

namespace Groundwork.Ports.Messaging;

/// <summary>A topic that somebody wants.</summary>
/// <param name="Name">1 to 249 of letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</param>
/// <param name="Partitions">How many partitions it has, at least 1: how many members of a group can share it.</param>
/// <param name="RetentionTime">How long records are kept, in milliseconds at least; <see cref="Timeout.InfiniteTimeSpan"/> for ever; null as the broker has it (7 days).</param>
/// <param name="RetentionBytes">How long a partition becomes before its oldest records go, at least 1; null as the broker has it (without bound).</param>
/// <remarks>Records go in pieces: what has outlived its retention may be there for a while.</remarks>
public sealed record TopicSpec(string Name, int Partitions = 1, TimeSpan? RetentionTime = null, long? RetentionBytes = null)
{
    /// <summary>Throws where a number is out of range; what names are allowed is the broker's to say.</summary>
    public void Check()
    {
        ArgumentNullException.ThrowIfNull(Name);
        ArgumentOutOfRangeException.ThrowIfLessThan(Partitions, 1);
        if (RetentionTime is { } time && time != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.FromMilliseconds(1));
        if (RetentionBytes is { } bytes)
            ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
    }

    /// <summary>Its settings by Kafka's names.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings()
    {
        if (RetentionTime is { } time)
            yield return new("retention.ms", time == Timeout.InfiniteTimeSpan ? "-1" : FormattableString.Invariant($"{(long)time.TotalMilliseconds}"));
        if (RetentionBytes is { } bytes)
            yield return new("retention.bytes", FormattableString.Invariant($"{bytes}"));
    }
}

/// <summary>A topic that is there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">How many partitions it has.</param>
public sealed record BrokerTopic(string Name, int Partitions);

/// <summary>What more partitions do to a topic.</summary>
/// <remarks>
/// Keys go by their hash modulo the number of partitions. Of the remainders by the least common multiple L of both numbers, those below
/// <see cref="From"/> leave the same by either: <c>From / L</c> of the keys stay. So doubling moves half, and one more moves nearly all.
/// </remarks>
public sealed record PartitionChange
{
    /// <param name="topic">The topic's name.</param>
    /// <param name="from">How many partitions it has, at least 1.</param>
    /// <param name="to">How many it would have: more.</param>
    public PartitionChange(string topic, int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(to, from);
        (Topic, From, To) = (topic, from, to);
    }

    /// <summary>The topic's name.</summary>
    public string Topic { get; }

    /// <summary>How many partitions it has.</summary>
    public int From { get; }

    /// <summary>How many it would have.</summary>
    public int To { get; }

    /// <summary>The share of keys whose next records go to another partition than those before, from 0 to 1: order is lost for those between old records and new ones.</summary>
    public double MovedShare => 1 - ((double)Divisor(From, To) / To);

    /// <summary>Whether a key moves.</summary>
    public bool Moves(ReadOnlySpan<byte> key) => KeyPartition.Of(key, From) != KeyPartition.Of(key, To);

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}
