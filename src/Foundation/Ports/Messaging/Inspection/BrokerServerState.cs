namespace Groundwork.Ports.Messaging.Inspection;

/// <summary>How the server of the embedded broker is.</summary>
/// <param name="Address">Where Kafka's protocol is served, as <c>ip:port</c>; null where it is not.</param>
/// <param name="ClusterId">The cluster's id, drawn when it was first started.</param>
/// <param name="Clients">How many clients are connected.</param>
/// <param name="Topics">How many topics there are.</param>
/// <param name="Partitions">How many partitions all of them have.</param>
/// <param name="MaxPartitions">How many that may be.</param>
/// <param name="DefaultPartitions">How many partitions a topic has where nobody says how many.</param>
/// <param name="Groups">How many groups there are.</param>
public sealed record BrokerServerState(string? Address, string ClusterId, int Clients, int Topics, int Partitions, int MaxPartitions, int DefaultPartitions, int Groups);
