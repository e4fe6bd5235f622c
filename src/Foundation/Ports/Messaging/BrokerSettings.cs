using Groundwork.Ports.Settings;

namespace Groundwork.Ports.Messaging;

/// <summary>The settings of the port itself, whichever broker serves it.</summary>
public static class BrokerSettings
{
    /// <summary>The key under which the broker of this process is a service: what stands behind the port where no other is named.</summary>
    public const string Embedded = "embedded";

    /// <summary>Which broker, and where.</summary>
    public static readonly Setting<string> Connection = Setting.Text(
        "Broker:Connection", "", "empty, or host:port,…;name=value;…",
        "Where modules append and read: empty for this program's own log, or the address of a Kafka or another Groundwork, such as "
        + "kafka-1:9092,kafka-2:9092;security=sasl_ssl;mechanism=scram-sha-256;user=…;password=….",
        secret: true);

    /// <summary>How long a call may take.</summary>
    public static readonly Setting<TimeSpan> Timeout = Setting.Duration(
        "Broker:Timeout", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5),
        "How long an append or a question to the broker of Broker:Connection may take before it counts as not available.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Connection, Timeout];
}
