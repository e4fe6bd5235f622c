using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Groundwork.Kafka;

/// <summary>What the driver has to say, where the program's log is.</summary>
internal static partial class KafkaLog
{
    /// <summary>A line of the driver's.</summary>
    public static void Write(ILogger log, LogMessage message) => Said(
        log,
        message.Level <= SyslogLevel.Error ? LogLevel.Error : message.Level <= SyslogLevel.Warning ? LogLevel.Warning : LogLevel.Debug,
        message.Message);

    [LoggerMessage(EventId = 1, Message = "Kafka's driver: {Message}")]
    private static partial void Said(ILogger log, LogLevel level, string message);
}
