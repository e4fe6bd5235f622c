namespace Groundwork.Ports.Messaging;

/// <summary>A broker could not do what was asked; the message says what to do.</summary>
public class BrokerException(BrokerFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of failure it is: what a program decides by.</summary>
    public BrokerFault Fault => fault;
}

/// <summary>What kind of failure it is.</summary>
public enum BrokerFault
{
    /// <summary>The broker cannot be reached, is too busy or its disk fails. Whether an append was done is unknown; trying again, later, may help.</summary>
    Unavailable,

    /// <summary>What was asked is not allowed: asking again is of no use.</summary>
    Refused,

    /// <summary>There is no such topic or partition.</summary>
    NoSuchTopic,

    /// <summary>A partition is another member's by now.</summary>
    Revoked,

    /// <summary>Records that should have been read are gone: a <see cref="ReadGapException"/>.</summary>
    Gap,

    /// <summary>Records are there and cannot be read: their batch is damaged.</summary>
    Damaged,
}

/// <summary>A reader has come to a place that its partition does not have (any more).</summary>
public sealed class ReadGapException(string topic, int partition, long wanted, OffsetRange available) : BrokerException(
    BrokerFault.Gap,
    $"Partition {partition} of {topic} has offsets {available.Start} to {available.End - 1}, and not {wanted}, which was to be read next. "
    + "Start at an offset that is there, or read with another OnGap.")
{
    /// <summary>The topic.</summary>
    public string Topic => topic;

    /// <summary>The partition.</summary>
    public int Partition => partition;

    /// <summary>The offset that was to be read next.</summary>
    public long Wanted => wanted;

    /// <summary>The offsets that are there.</summary>
    public OffsetRange Available => available;

    /// <summary>How many records are missing; 0 where the place is behind the end.</summary>
    public long Missing => Math.Max(0, available.Start - wanted);
}
