using System.Globalization;
using System.Net;
using System.Text;
using Groundwork.Ports.Messaging.Inspection;
using Microsoft.Extensions.Logging;

namespace Groundwork.Broker;

/// <summary>What the broker says.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The broker serves Kafka's protocol on {Address}.")]
    public static partial void Listens(ILogger log, EndPoint? address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker does not listen: {Reason} Set Broker:Listen to another address.")]
    public static partial void DoesNotListen(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The log {Name}: {Reason}")]
    public static partial void LogReported(ILogger log, string name, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The connection of {Client} was closed: {Reason}")]
    public static partial void ClosedConnection(ILogger log, EndPoint? client, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed in a way that nobody foresaw.")]
    public static partial void RequestFailed(ILogger log, Exception failure);

    /// <summary>A partition has become hot: said once, until it has been otherwise.</summary>
    public static void PartitionIsHot(ILogger log, string topic, int partition, PartitionHeat heat) =>
        PartitionIsHot(log, partition, topic, heat.Share.ToString("P0", CultureInfo.InvariantCulture), Cause(heat));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} of {Topic} is hot: it gets {Share} of what comes to the topic. {Cause}")]
    private static partial void PartitionIsHot(ILogger log, int partition, string topic, string share, string cause);

    private static string Cause(PartitionHeat heat) => heat.Keys is [var first, ..] && first.Share >= heat.KeylessShare
        ? string.Create(CultureInfo.InvariantCulture, $"{first.Share:P0} of its records have the key '{Shown(first.Key.Span)}': spread them by a finer key, or give it a topic of its own.")
        : heat.KeylessShare > 0.5
            ? "Most of its records have no key: their producer chooses the partition."
            : "No key stands out: see which producer sends there.";

    private static string Shown(ReadOnlySpan<byte> key)
    {
        var text = Encoding.UTF8.GetString(key);
        return string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
    }
}
